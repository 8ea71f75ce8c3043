#!/usr/bin/env python3
"""What the client library pushes arrives at a real Pushgateway and at a real Prometheus.

The Pushgateway is the package prometheus-pushgateway, a test package. The real Prometheus: $NARTHEX_PEER_PROMETHEUS, or
`prometheus` in the PATH; `push_test.py peer` runs what needs it, and says "skipped" without it.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from demo import Client, Process, await_true, free_port

PROMETHEUS = os.environ.get("NARTHEX_PEER_PROMETHEUS") or shutil.which("prometheus")
PUSHGATEWAY = shutil.which("prometheus-pushgateway")
DRIVER = os.environ["NARTHEX_PUSH_DRIVER"]
SKIPPED = 77  # what CTest takes for "skipped"

TABLE = 'a "b" \\c\n\u00e9'


def push(what, url):
    done = subprocess.run([DRIVER, what, url], capture_output=True, timeout=60, check=False)
    return done.returncode, done.stderr.decode()


class Receiver(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="narthex-push-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def start(self, name, arguments, port):
        process = Process(name, arguments, self.folder)
        self.addCleanup(process.process.wait)
        self.addCleanup(process.process.kill)
        client = Client(f"http://127.0.0.1:{port}")
        await_true(f"{name} is ready", lambda: client.request("/-/ready")[0] == 200, 60)
        return process, client


class Gateway(Receiver):
    def setUp(self):
        super().setUp()
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        _, self.gateway = self.start(
            "gateway", [PUSHGATEWAY, f"--web.listen-address=127.0.0.1:{port}",
                        f"--persistence.file={self.folder / 'groups'}"], port)

    def groups(self):
        return self.gateway.json("/api/v1/metrics")["data"]

    def test_the_group_and_its_metrics_arrive(self):
        self.assertEqual(push("push", self.url), (0, ""))
        [group] = self.groups()
        self.assertEqual(group["labels"], {"job": "night/batch", "shard": "", "host": "\u00e9/1"})
        self.assertTrue(group["last_push_successful"])
        [rows] = group["batch_rows_total"]["metrics"]
        self.assertEqual(rows["labels"]["table"], TABLE)
        self.assertEqual(float(rows["value"]), 1234567)
        self.assertEqual(group["batch_rows_total"]["type"], "COUNTER")
        self.assertEqual(group["batch_rows_total"]["help"], "Rows read.")
        [steps] = group["batch_step_seconds"]["metrics"]
        self.assertEqual(steps["count"], "4")
        self.assertEqual({float(bound): int(count) for bound, count in steps["buckets"].items()},
                         {0.1: 1, 1.0: 3, float("inf"): 4})

    def test_push_replaces_the_group_and_push_add_does_not(self):
        other = b"other 1\n"
        path = "/metrics/job@base64/bmlnaHQvYmF0Y2g/host@base64/w6kvMQ/shard@base64/="
        self.assertEqual(self.gateway.request(path, other, "PUT")[0], 200)
        self.assertEqual(push("add", self.url), (0, ""))
        [group] = self.groups()
        self.assertIn("other", group)
        self.assertIn("batch_rows_total", group)
        self.assertEqual(push("push", self.url), (0, ""))
        [group] = self.groups()
        self.assertNotIn("other", group)
        self.assertEqual(push("delete", self.url), (0, ""))
        self.assertEqual(self.groups(), [])

    def test_a_refused_push_says_what_the_gateway_said(self):
        code, text = push("push", self.url + "/nowhere")
        self.assertEqual(code, 1)
        self.assertRegex(text, r"404")


class RemoteWrite(Receiver):
    def test_a_real_prometheus_stores_what_is_pushed(self):
        port = free_port()
        configuration = self.folder / "prometheus.yml"
        configuration.write_text("{}")
        process, server = self.start(
            "prometheus",
            [PROMETHEUS, f"--config.file={configuration}", f"--storage.tsdb.path={self.folder / 'data'}",
             f"--web.listen-address=127.0.0.1:{port}", "--web.enable-remote-write-receiver",
             "--enable-feature=native-histograms,exemplar-storage"], port)
        for what in ("write1", "write2"):
            with self.subTest(what):
                self.assertEqual(push(what, f"http://127.0.0.1:{port}/api/v1/write"), (0, ""))
                [(labels, value)] = server.query(f'batch_rows_total{{job="{what}"}}')
                self.assertEqual(labels["table"], TABLE)
                self.assertEqual(value, 1234567)
                self.assertEqual(server.query(f'histogram_count(batch_step_seconds{{job="{what}"}})')[0][1], 4)
                self.assertEqual(server.query(f'histogram_sum(batch_step_seconds{{job="{what}"}})')[0][1], 6.05)
        complaints = re.findall(r"level=(?:warn|error).*", process.log(), re.I)
        self.assertEqual(complaints, [])


if __name__ == "__main__":
    if sys.argv[1:] == ["peer"]:
        if not PROMETHEUS:
            print("there is no real Prometheus: set NARTHEX_PEER_PROMETHEUS")
            sys.exit(SKIPPED)
        unittest.main(argv=sys.argv[:1], defaultTest="RemoteWrite")
    if not PUSHGATEWAY:
        print("there is no prometheus-pushgateway")
        sys.exit(1 if os.environ.get("CI") else SKIPPED)
    unittest.main(defaultTest="Gateway")
