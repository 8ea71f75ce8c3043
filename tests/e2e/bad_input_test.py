#!/usr/bin/env python3
"""What is wrong outside must be said clearly, and everything else must go on."""

import http.server
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading
import unittest
import urllib.parse

from demo import BINARY, PASSWORD, USER, Client, Demo, await_true, free_port


class BadTarget(http.server.BaseHTTPRequestHandler):
    """Paths that misbehave: /garbage, /huge (100 MB), /endless, /hang."""

    protocol_version = "HTTP/1.1"
    ended = threading.Event()

    def do_GET(self):
        path = self.path.split("?")[0]
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.send_header("Connection", "close")
        self.end_headers()
        line = b"bad_metric{filler=\"" + b"x" * 1000 + b"\"} 1\n"
        try:
            if path == "/garbage":
                self.wfile.write(b"\x00\xff\x7fELF this is { not a metric\n")
            elif path == "/huge":
                for _ in range(100_000):
                    self.wfile.write(line)
            elif path == "/endless":
                while not self.ended.is_set():
                    self.wfile.write(line)
            elif path == "/hang":
                self.wfile.write(b"half_a_metric 1")
                self.wfile.flush()
                self.ended.wait(60)
        except OSError:
            pass

    def log_message(self, *_):
        pass


def bad_target_server():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), BadTarget)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


CONFIGURATION = """
global:
  scrape_interval: 1s
  scrape_timeout: 1s
scrape_configs:
  - job_name: exposer
    static_configs: [{targets: ['exposer:8000']}]
  - job_name: unreachable
    static_configs: [{targets: ['127.0.0.1:%(closed)d']}]
"""
JOB = """
  - job_name: %(name)s
    metrics_path: /%(name)s
    body_size_limit: %(limit)s
    static_configs: [{targets: ['127.0.0.1:%(port)d']}]
"""


class BadTargets(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        target = bad_target_server()
        cls.addClassCleanup(target.shutdown)
        cls.addClassCleanup(BadTarget.ended.set)
        port = target.server_address[1]
        text = CONFIGURATION % {"closed": free_port()}
        for name, limit in (("garbage", "0"), ("huge", "10MB"), ("endless", "10MB"), ("hang", "0")):
            text += JOB % {"name": name, "port": port, "limit": limit}
        cls.demo = Demo(with_node_exporter=False, configuration=text)
        cls.addClassCleanup(cls.demo.close)
        for name in ("exposer", "prometheus"):
            cls.demo.start(name)
            cls.demo.await_healthy(name)
        cls.server = Client(cls.demo.url("prometheus"))

    def target(self, job):
        active = self.server.json("/api/v1/targets")["data"]["activeTargets"]
        return next(target for target in active if target["labels"]["job"] == job)

    def test_each_fault_is_named_and_the_others_go_on(self):
        wanted = {
            "unreachable": ("refused", "connect"),
            "garbage": ("parse", "expected", "invalid", "unexpected"),
            "huge": ("body size limit", "10485760", "10MB", "limit"),
            "endless": ("body size limit", "limit"),
            "hang": ("deadline", "timeout", "timed out", "time"),
        }
        for job, words in wanted.items():
            with self.subTest(job):
                error = await_true(f"an error of {job}", lambda job=job: self.target(job)["lastError"], 15)
                self.assertEqual(self.target(job)["health"], "down")
                self.assertTrue(any(word in error.lower() for word in words), error)
        up = {labels["job"]: value for labels, value in self.server.query("up")}
        self.assertEqual(up, {"exposer": 1, **{job: 0 for job in wanted}})
        await_true("the good target keeps being scraped",
                   lambda: self.server.query("count_over_time(up{job='exposer'}[20s])")[0][1] > 5, 15)

    def test_stop_during_a_scrape_is_quick(self):
        await_true("the hanging target is being scraped", lambda: self.target("hang")["lastError"], 15)
        process = self.demo.processes["prometheus"]
        self.assertEqual(process.stop(5), 0, process.log()[-2000:])
        self.demo.start("prometheus")
        self.demo.await_healthy("prometheus")


class BadConfiguration(unittest.TestCase):
    def setUp(self):
        self.demo = Demo(with_node_exporter=False)
        self.addCleanup(self.demo.close)

    def test_broken_file_refuses_the_start_with_exit_2_and_the_line(self):
        for text, words in ((b"global:\n  scrape_interval: [\n", ("prometheus.yml", "line")),
                            (b"global:\n  scrape_intervall: 1s\n", ("line 2", "scrape_intervall")),
                            (b"scrape_configs:\n  - job_name: a\n    scrape_interval: 0xs\n", ("0xs",))):
            with self.subTest(text):
                self.demo.configuration.write_bytes(text)
                self.demo.start("prometheus")
                process = self.demo.processes["prometheus"]
                self.assertEqual(process.process.wait(10), 2, process.log())
                for word in words:
                    self.assertIn(word, process.log())

    def test_reload_that_fails_changes_nothing(self):
        self.demo.start("exposer")
        self.demo.start("prometheus")
        self.demo.await_healthy("prometheus")
        server = Client(self.demo.url("prometheus"))
        await_true("a first scrape", lambda: server.query("up{job='exposer'}")[0][1] == 1)
        before = server.json("/api/v1/status/config")["data"]["yaml"]
        good = self.demo.configuration.read_text()
        self.demo.configuration.write_text("scrape_configs: 7\n")
        status, _, body = server.request("/-/reload", b"", "POST")
        self.assertEqual(status, 500)
        self.assertIn(b"line 1", body)
        self.assertEqual(server.json("/api/v1/status/config")["data"]["yaml"], before)
        _, _, metrics = server.request("/metrics")
        self.assertIn(b"\nprometheus_config_last_reload_successful 0\n", metrics)
        self.demo.configuration.write_text(good.replace("job_name: exposer", "job_name: renamed"))
        status, _, body = server.request("/-/reload", b"", "POST")
        self.assertEqual((status, body), (200, b""))
        await_true("the new job", lambda: server.query("up{job='renamed'}")[0][1] == 1)

    def test_used_port_names_the_address(self):
        self.demo.start("exposer")
        self.demo.await_healthy("exposer")
        self.demo.ports["grafana"] = self.demo.ports["exposer"]
        self.demo.start("grafana")
        process = self.demo.processes["grafana"]
        self.assertNotEqual(process.process.wait(10), 0)
        self.assertIn(str(self.demo.ports["exposer"]), process.log())


class BadDashboards(unittest.TestCase):
    def test_malformed_file_is_refused_with_a_reason_and_mended_live(self):
        demo = Demo(with_node_exporter=False)
        self.addCleanup(demo.close)
        broken = demo.provisioning / "dashboards" / "broken.json"
        broken.write_text('{"title": "Broken",\n  "panels": [}\n')
        demo.start("grafana")
        demo.await_healthy("grafana")
        grafana = Client(demo.url("grafana"), basic=(USER, PASSWORD))
        titles = lambda: {row["title"] for row in grafana.json("/api/search?type=dash-db")}
        await_true("the good files", lambda: "Test Dashboard" in titles())
        self.assertNotIn("Broken", titles())
        self.assertIn("broken.json", demo.processes["grafana"].log())
        report = json.dumps(grafana.json("/api/admin/provisioning/status"))
        self.assertIn("broken.json", report)
        self.assertIn("line 2", report)
        broken.write_text('{"title": "Mended", "uid": "mended", "schemaVersion": 41, "panels": []}\n')
        await_true("the mended file, without a restart", lambda: "Mended" in titles())
        broken.unlink()
        await_true("the file gone", lambda: "Mended" not in titles())


class FullDisk(unittest.TestCase):
    def test_writes_are_refused_reads_go_on_and_it_recovers(self):
        disk = pathlib.Path(tempfile.mkdtemp(prefix="narthex-disk-"))
        self.addCleanup(shutil.rmtree, disk, ignore_errors=True)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", disk],
                                 capture_output=True, text=True)
        if mounted.returncode != 0:
            self.skipTest(f"no right to mount a tmpfs here: {mounted.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "-l", disk])
        demo = Demo(with_node_exporter=False)
        self.addCleanup(demo.close)
        demo.start("exposer")
        demo.await_healthy("exposer")
        demo.start("prometheus", storage=disk / "data")
        demo.await_healthy("prometheus")
        server = Client(demo.url("prometheus"))
        await_true("samples", lambda: server.query("count_over_time(up{job='exposer'}[1m])")[0][1] > 2)
        filler = disk / "filler"
        with open(filler, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(os.urandom(4096))
            except OSError:
                pass
        await_true("the log names the full disk",
                   lambda: "no space left" in demo.processes["prometheus"].log().lower(), 20)
        self.assertTrue(server.query("count_over_time(up{job='exposer'}[1m])"), "reads go on")
        self.assertEqual(server.request("/-/healthy")[0], 200)
        count = server.query("max_over_time(count_over_time(up{job='exposer'}[10m])[1m:1s])")[0][1]
        filler.unlink()
        await_true("writing resumes by itself", lambda: server.query(
            "count_over_time(up{job='exposer'}[10m])")[0][1] > count + 2, 20)
        demo.processes["prometheus"].kill()
        demo.start("prometheus", storage=disk / "data")
        demo.await_healthy("prometheus")
        self.assertGreater(server.query("count_over_time(up{job='exposer'}[10m])")[0][1], count)


class CommandLine(unittest.TestCase):
    def run_narthex(self, *arguments):
        return subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=10)

    def test_wrong_flags_exit_2_and_name_the_flag(self):
        for command in (["server"], ["dashboards"], ["exposer"], ["tool", "check", "healthy"]):
            result = self.run_narthex(*command, "--no-such-flag")
            self.assertEqual(result.returncode, 2, result)
            self.assertIn("--no-such-flag", result.stderr)
        self.assertEqual(self.run_narthex("nonsense").returncode, 2)
        self.assertEqual(self.run_narthex().returncode, 2)

    def test_features_turn_parts_of_promql_on_and_unknown_names_only_warn(self):
        demo = Demo(with_node_exporter=False)
        self.addCleanup(demo.close)
        path = "/api/v1/query?query=" + urllib.parse.quote('sort_by_label(vector(1), "a")')
        for flags, want in (((), 400), (("--enable-feature=promql-experimental-functions,no-such-thing",), 200)):
            demo.start("prometheus", flags=flags)
            demo.await_healthy("prometheus")
            self.assertEqual(Client(demo.url("prometheus")).request(path)[0], want)
            self.assertEqual(demo.processes["prometheus"].stop(5), 0)
        self.assertIn("no-such-thing", demo.processes["prometheus"].log())

    def test_help_and_version_work(self):
        self.assertEqual(self.run_narthex("--help").returncode, 0)
        self.assertIn("narthex, version", self.run_narthex("--version").stdout)
        self.assertIn("--storage.tsdb.path", self.run_narthex("server", "--help").stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
