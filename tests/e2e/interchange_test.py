#!/usr/bin/env python3
"""Blocks to and from the real Prometheus: both answer every query alike.

Runs where there is one: $NARTHEX_PEER_PROMETHEUS, or `prometheus` in the PATH.
"""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest
import urllib.parse

from demo import BINARY, Client, Process, await_true, free_port

PROMETHEUS = os.environ.get("NARTHEX_PEER_PROMETHEUS") or shutil.which("prometheus")
SKIPPED = 77  # what CTest takes for "skipped"

CONFIGURATION = """
global: {scrape_interval: 100ms, scrape_timeout: 100ms}
scrape_configs:
  - job_name: exposer
    static_configs: [{targets: ['127.0.0.1:%d']}]
  - job_name: self
    scrape_interval: 200ms
    static_configs: [{targets: ['127.0.0.1:%d']}]
"""

SELECTORS = ("up", "{__name__=~\"demo_.+\"}", "{job=\"self\",__name__=~\"prometheus_tsdb.+\"}",
             "scrape_duration_seconds")
RANGE_QUERIES = SELECTORS + ("rate({__name__=~\"demo_.+_total\"}[5s])",
                             "sum by (job) (scrape_samples_scraped)",
                             "max_over_time(scrape_duration_seconds[3s])")


class Server:
    """A Prometheus or a Narthex on a data folder."""

    def __init__(self, name, folder, storage, configuration=""):
        self.port = free_port()
        path = folder / f"{name}.yml"
        path.write_text(configuration.replace("%SELF%", str(self.port)))
        flags = [f"--config.file={path}", f"--storage.tsdb.path={storage}",
                 f"--web.listen-address=127.0.0.1:{self.port}"]
        if name.startswith("narthex"):
            arguments = [BINARY, "server", *flags, "--web.enable-lifecycle"]
        else:
            arguments = [PROMETHEUS, *flags, "--web.enable-admin-api", "--no-storage.tsdb.no-lockfile",
                         "--enable-feature=native-histograms"]
        self.process = Process(name, arguments, folder)
        self.client = Client(f"http://127.0.0.1:{self.port}")
        await_true(f"{name} ready", lambda: self.client.request("/-/ready")[0] == 200, 60)

    def series(self, path, **parameters):
        """The result of a query, as a dictionary from labels to samples."""
        answer = self.client.json(f"/api/v1/{path}?" + urllib.parse.urlencode(parameters))
        found = {}
        for one in answer["data"]["result"]:
            samples = {kind: one[kind] for kind in ("values", "histograms") if kind in one}
            found[tuple(sorted(one["metric"].items()))] = samples
        return found


def tool(*arguments):
    done = subprocess.run([BINARY, "tool", "tsdb", *map(str, arguments)], capture_output=True, text=True,
                          timeout=120, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


class Interchange(unittest.TestCase):
    """One server scrapes, its samples go to another kind of server, and from there back."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="narthex-interchange-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.processes = []
        self.addCleanup(lambda: [one.kill() for one in self.processes if one.process.poll() is None])
        port = free_port()
        self.exposer_port = port
        self.keep(Process("exposer", [BINARY, "exposer", f"--web.listen-address=127.0.0.1:{port}"], self.folder))

    def keep(self, process):
        self.processes.append(process)
        return process

    def start(self, name, storage, scrapes=False):
        text = CONFIGURATION.replace("%d", str(self.exposer_port), 1).replace("%d", "%SELF%") if scrapes else ""
        server = Server(name, self.folder, storage, text)
        self.keep(server.process)
        return server

    def scrape(self, server, seconds):
        """Lets the server scrape; the range that it has samples of, for good."""
        begin = time.time()
        await_true("targets are up", lambda: all(
            samples["values"][-1][1] == "1" for samples in server.series("query", query="up[2s]").values()
        ) and len(server.series("query", query="up[2s]")) == 2, 30)
        await_true("samples of some time", lambda: time.time() - begin > seconds, seconds + 5)
        return int(begin) + 1, int(time.time()) - 1

    def assert_same(self, one, other, span, with_histograms=True):
        """Every sample, and the answers at steps."""
        begin, end = span
        queries = [("query", {"query": f"{selector}[{end - begin}s]", "time": end}) for selector in SELECTORS]
        queries += [("query_range", {"query": expression, "start": begin + 5, "end": end, "step": "1"})
                    for expression in RANGE_QUERIES]
        for path, query in queries:
            want, got = one.series(path, **query), other.series(path, **query)
            self.assertTrue(want, query)
            if not with_histograms:
                want = {labels: samples for labels, samples in want.items() if "histograms" not in samples}
                got = {labels: samples for labels, samples in got.items() if labels in want}
            self.assertEqual(set(got), set(want), query)
            for labels, samples in want.items():
                self.assertEqual(got[labels], samples, (query, labels))

    def test_blocks_of_prometheus_come_here_and_go_back(self):
        source = self.start("prometheus", self.folder / "prometheus", scrapes=True)
        span = self.scrape(source, 20)
        snapshot = self.client_snapshot(source)
        data = self.folder / "narthex"
        self.assertIn("SUCCESS", tool("import", snapshot, "--storage.tsdb.path", data))
        self.assertIn(" 0 blocks written", tool("import", snapshot, "--storage.tsdb.path", data))
        here = self.start("narthex", data)
        self.assert_same(source, here, span, with_histograms=False)
        self.assertEqual(here.process.stop(), 0)

        back = self.folder / "back"
        self.assertIn("SUCCESS", tool("export", back, "--storage.tsdb.path", data))
        again = self.start("prometheus_again", back, scrapes=True)
        self.assert_same(source, again, span)
        whole = again.series("query", query=f"{{__name__=~\".+\"}}[{span[1] - span[0]}s]", time=span[1])
        self.assertTrue(any("histograms" in samples for samples in whole.values()), "native histograms are among them")
        # It goes on behind the last block at once.
        await_true("new samples", lambda: again.series("query", query="up"), 20)

    def client_snapshot(self, server):
        answer = server.client.json("/api/v1/admin/tsdb/snapshot", method="POST")
        return self.folder / "prometheus" / "snapshots" / answer["data"]["name"]

    def test_blocks_of_ours_go_to_prometheus(self):
        data = self.folder / "narthex"
        here = self.start("narthex", data, scrapes=True)
        span = self.scrape(here, 15)
        self.assertEqual(here.process.stop(), 0)
        out = self.folder / "out"
        self.assertIn("SUCCESS", tool("export", out, "--storage.tsdb.path", data))
        here = self.start("narthex_again", data)
        there = self.start("prometheus", out)
        self.assert_same(here, there, span)
        self.assertNotIn("level=ERROR", there.process.log())

    def test_a_folder_in_use_is_left_alone(self):
        data = self.folder / "narthex"
        self.start("narthex", data, scrapes=True)
        done = subprocess.run([BINARY, "tool", "tsdb", "export", self.folder / "out", "--storage.tsdb.path", data],
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("FAILED", done.stderr)


if __name__ == "__main__":
    if PROMETHEUS is None:
        print("skipped: no prometheus in the PATH and none named by NARTHEX_PEER_PROMETHEUS")
        raise SystemExit(SKIPPED)
    unittest.main()
