#!/usr/bin/env python3
"""--web.config.file: TLS, client certificates, users and headers of all services, checked with curl and openssl."""

import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

from demo import BINARY, Process, await_true, free_port

# Of "secret", with the least cost.
HASH = "$2y$04$abcdefghijklmnopqrstuu%s"
SKIPPED = 77  # what CTest takes for "skipped"


def run(*arguments):
    return subprocess.run(list(map(str, arguments)), capture_output=True, text=True, timeout=60, check=False)


class WebConfig(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="narthex-web-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.make("ca", "-x509", "-addext", "basicConstraints=critical,CA:TRUE")
        self.issue("server", "IP:127.0.0.1")
        self.issue("client", "DNS:client.example")
        (self.folder / "prometheus.yml").write_text("global: {scrape_interval: 1m}\n")

    def make(self, name, *options):
        done = run("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                   self.folder / f"{name}.key", "-out", self.folder / f"{name}.crt", "-subj", f"/CN={name}", *options)
        self.assertEqual(done.returncode, 0, done.stderr)

    def issue(self, name, names):
        """A certificate of the authority, in one step into its place."""
        self.make(f"{name}-new", "-x509", "-CA", self.folder / "ca.crt", "-CAkey", self.folder / "ca.key",
                  "-addext", f"subjectAltName={names}", "-addext", "basicConstraints=CA:FALSE")
        for kind in ("crt", "key"):
            (self.folder / f"{name}-new.{kind}").rename(self.folder / f"{name}.{kind}")

    def write(self, text):
        (self.folder / "web.yml.new").write_text(text)
        (self.folder / "web.yml.new").rename(self.folder / "web.yml")

    def arguments(self, role, port):
        common = [BINARY, role, f"--web.listen-address=127.0.0.1:{port}",
                  f"--web.config.file={self.folder / 'web.yml'}"]
        if role == "server":
            return [*common, f"--config.file={self.folder / 'prometheus.yml'}",
                    f"--storage.tsdb.path={self.folder / 'data'}", "--web.enable-lifecycle"]
        if role == "dashboards":
            return [*common, f"cfg:paths.data={self.folder / 'grafana'}",
                    f"cfg:paths.provisioning={self.folder / 'provisioning'}", "cfg:security.admin_password=1234"]
        return common

    def start(self, role, text):
        self.write(text)
        port = free_port()
        process = Process(role, self.arguments(role, port), self.folder)
        self.addCleanup(process.process.wait)
        self.addCleanup(process.process.kill)
        return process, f"https://127.0.0.1:{port}"

    def curl(self, url, *options, with_client=False):
        """(status, head and body), status 0 if there was no answer."""
        if with_client:
            options = (*options, "--cert", self.folder / "client.crt", "--key", self.folder / "client.key")
        done = run("curl", "-sS", "-i", "--noproxy", "*", "--cacert", self.folder / "ca.crt", *options, url)
        found = re.match(r"HTTP/1.1 (\d+)", done.stdout)
        return (int(found[1]) if found else 0), done.stdout + done.stderr

    TLS = "tls_server_config: {cert_file: server.crt, key_file: server.key%s}\n"

    def test_grafanas_settings_switch_tls_on(self):
        port = free_port()
        settings = ["cfg:server.protocol=https", f"cfg:server.cert_file={self.folder / 'server.crt'}",
                    f"cfg:server.cert_key={self.folder / 'server.key'}"]
        common = [BINARY, "dashboards", f"--web.listen-address=127.0.0.1:{port}",
                  f"cfg:paths.data={self.folder / 'grafana'}", f"cfg:paths.provisioning={self.folder / 'provisioning'}"]
        done = run(*common, *settings[:2])
        self.assertEqual(done.returncode, 1)
        self.assertIn("protocol = https needs cert_file and cert_key", done.stderr)
        self.write(self.TLS % "")
        done = run(*common, *settings, f"--web.config.file={self.folder / 'web.yml'}")
        self.assertIn("exclude one another", done.stderr)
        process = Process("dashboards", [*common, *settings], self.folder)
        self.addCleanup(process.process.wait)
        self.addCleanup(process.process.kill)
        url = f"https://127.0.0.1:{port}/api/health"
        await_true("it answers", lambda: self.curl(url)[0] == 200)
        self.assertIn("Client sent an HTTP request to an HTTPS server.", self.curl(url.replace("https", "http"))[1])
        # A renewed certificate is taken up without a restart.
        serial = lambda: re.search(r"serial=\w+", run("sh", "-c", f"echo | openssl s_client -connect 127.0.0.1:{port}"
                                                      " 2>/dev/null | openssl x509 -noout -serial").stdout)[0]
        before = serial()
        self.issue("server", "IP:127.0.0.1")
        await_true("the new certificate", lambda: serial() != before)

    def test_every_service_speaks_tls(self):
        for role, path in (("server", "/-/ready"), ("exposer", "/metrics"), ("dashboards", "/api/health")):
            with self.subTest(role):
                _, url = self.start(role, self.TLS % "" + "http_server_config: {headers: {X-Frame-Options: deny}}\n")
                await_true("it answers", lambda u=url + path: self.curl(u)[0] == 200)
                status, answer = self.curl(url + path)
                self.assertEqual(status, 200)
                self.assertIn("X-Frame-Options: ", answer)
                # Without the authority nobody trusts it, and without TLS nobody is answered.
                self.assertIn("SSL certificate problem",
                              run("curl", "-sS", "--noproxy", "*", url + path).stderr)
                self.assertIn("Client sent an HTTP request to an HTTPS server.",
                              self.curl(url.replace("https", "http") + path)[1])

    def test_clients_prove_who_they_are(self):
        _, url = self.start("server", self.TLS % (", client_auth_type: RequireAndVerifyClientCert, "
                                                  "client_ca_file: ca.crt, client_allowed_sans: [client.example]"))
        url += "/-/healthy"
        await_true("it answers", lambda: self.curl(url, with_client=True)[0] == 200)
        self.assertEqual(self.curl(url)[0], 0)
        self.issue("client", "DNS:other.example")
        self.assertEqual(self.curl(url, with_client=True)[0], 0)

    def test_users_and_certificates_change_while_it_runs(self):
        process, url = self.start("server", self.TLS % "")
        ready = url + "/-/ready"
        await_true("it answers", lambda: self.curl(ready)[0] == 200)
        self.write(self.TLS % "" + f"basic_auth_users: {{ada: '{HASH % self.digest('secret')}'}}\n")
        self.assertEqual(self.curl(ready)[0], 401)
        self.assertEqual(self.curl(ready, "-u", "ada:wrong")[0], 401)
        self.assertEqual(self.curl(ready, "-u", "ada:secret")[0], 200)
        self.issue("server", "IP:127.0.0.2")
        self.assertEqual(self.curl(ready, "-u", "ada:secret")[0], 0)
        self.issue("server", "IP:127.0.0.1")
        self.assertEqual(self.curl(ready, "-u", "ada:secret")[0], 200)
        # What is wrong changes nothing, and whoever asks for it is told.
        self.write("tls_server_config: {cert_file: none}\n")
        self.assertEqual(self.curl(ready)[0], 401)
        status, answer = self.curl(url + "/-/reload", "-u", "ada:secret", "-X", "POST")
        self.assertEqual(status, 500)
        self.assertIn("missing one of key or key_file", answer)
        process.send(signal.SIGHUP)
        await_true("it is logged", lambda: "missing one of key or key_file" in process.log())
        self.assertEqual(self.curl(ready, "-u", "ada:secret")[0], 200)

    def digest(self, password):
        """The part of a bcrypt hash behind its salt."""
        done = run("perl", "-e", "print crypt($ARGV[0], $ARGV[1])", password, HASH % "")
        self.assertTrue(done.stdout.startswith(HASH % ""), done.stderr)
        return done.stdout[len(HASH % ""):]

    def test_a_file_that_is_wrong_ends_the_start(self):
        cases = {
            "tls_server_config: {cert_fil: a}\n": "line 1: field cert_fil not found in type web.TLSConfig",
            "tls_server_config: {cert_file: none.crt, key_file: server.key}\n": "failed to read cert_file",
            "tls_server_config: {cert_file: server.crt, key_file: ca.key}\n":
                "key: it is not the key of the certificate",
            "basic_auth_users: {ada: secret}\n": 'the password of "ada" is no bcrypt hash',
        }
        for text, want in cases.items():
            self.write(text)
            for role in ("server", "exposer", "dashboards"):
                with self.subTest(role=role, want=want):
                    done = run(*self.arguments(role, free_port()))
                    self.assertNotEqual(done.returncode, 0)
                    self.assertIn(want, done.stdout + done.stderr)
                    self.assertNotIn("ada: secret", done.stdout + done.stderr)


if __name__ == "__main__":
    if not (shutil.which("curl") and shutil.which("openssl")):
        print("skipped: there is no curl or no openssl")
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
