#!/usr/bin/env python3
"""Sign-in by JSON web tokens, set up by an ini file as Grafana's is; keys and signatures are openssl's and Python's own."""

import base64
import hashlib
import hmac
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import unittest

from demo import BINARY, Client, Process, await_true, free_port

SETTINGS = """
[auth.jwt]
enabled = true
header_name = X-JWT-Assertion
username_claim = login
email_attribute_path = contact.email
expect_claims = {"iss": "idp", "aud": "narthex"}
auto_sign_up = true
role_attribute_path = contains(groups[*], 'admin') && 'Admin' || 'Viewer'
"""
SECRET = bytes(range(32))
CLAIMS = {"sub": "42", "login": "ann", "contact": {"email": "ann@example.com"}, "iss": "idp", "aud": ["narthex", "x"],
          "groups": ["admin"]}


def encode(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def signing_input(algorithm, claims):
    claims = {**claims, "exp": int(time.time()) + 60}
    return f"{encode(json.dumps({'alg': algorithm}).encode())}.{encode(json.dumps(claims).encode())}"


def by_secret(claims, secret=SECRET):
    text = signing_input("HS256", claims)
    return f"{text}.{encode(hmac.new(secret, text.encode(), hashlib.sha256).digest())}"


class JsonWebToken(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="narthex-jwt-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def start(self, keys):
        (self.folder / "grafana.ini").write_text(SETTINGS + keys)
        port = free_port()
        process = Process("dashboards", [
            BINARY, "dashboards", "--config", self.folder / "grafana.ini", "--homepath", self.folder,
            f"--web.listen-address=127.0.0.1:{port}", f"cfg:paths.data={self.folder / 'data'}",
            f"cfg:paths.provisioning={self.folder / 'none'}", "cfg:security.admin_password=1234"], self.folder)
        self.addCleanup(process.process.wait)
        self.addCleanup(process.process.kill)
        self.client = Client(f"http://127.0.0.1:{port}")
        await_true("it answers", lambda: self.client.request("/api/health")[0] == 200)
        return process

    def ask(self, token, path="/api/user"):
        self.client.headers = {"X-JWT-Assertion": token}
        status, _, body = self.client.request(path)
        return status, json.loads(body)

    def test_a_secret_of_a_set_of_keys(self):
        (self.folder / "keys.json").write_text(json.dumps({"keys": [{"kty": "oct", "k": encode(SECRET)}]}))
        process = self.start("jwk_set_file = keys.json\n")
        status, person = self.ask(by_secret(CLAIMS))
        self.assertEqual((status, person["login"], person["email"]), (200, "ann", "ann@example.com"))
        self.assertEqual(self.ask(by_secret(CLAIMS), "/api/org/users")[0], 200)
        self.assertEqual(self.ask(by_secret({**CLAIMS, "groups": []}), "/api/org/users")[0], 403)
        for name, token in (("another secret", by_secret(CLAIMS, bytes(32))),
                            ("another issuer", by_secret({**CLAIMS, "iss": "eve"})),
                            ("another audience", by_secret({**CLAIMS, "aud": "x"}))):
            with self.subTest(name):
                self.assertEqual(self.ask(token), (401, {"message": "Failed to verify JWT"}))
        self.assertEqual(self.ask(signing_input("none", CLAIMS) + ".")[0], 401)
        # Tokens are worth what they sign in: none is in the log.
        self.assertIn("sign-in refused", process.log())
        self.assertIsNone(re.search(r"eyJ\w", process.log()))

    def test_a_public_key_in_pem(self):
        def openssl(*arguments, data=None):
            return subprocess.run(["openssl", *map(str, arguments)], input=data, capture_output=True, check=True,
                                  timeout=60).stdout
        key, public = self.folder / "key.pem", self.folder / "public.pem"
        openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", key)
        openssl("pkey", "-in", key, "-pubout", "-out", public)
        self.start("key_file = public.pem\n")
        text = signing_input("RS256", CLAIMS)
        signature = openssl("dgst", "-sha256", "-sign", key, data=text.encode())
        self.assertEqual(self.ask(f"{text}.{encode(signature)}")[1]["login"], "ann")
        # Everybody has the public key: as a secret it signs nothing.
        self.assertEqual(self.ask(by_secret(CLAIMS, public.read_bytes()))[0], 401)


if __name__ == "__main__":
    unittest.main()
