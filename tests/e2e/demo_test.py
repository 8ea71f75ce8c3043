#!/usr/bin/env python3
"""The whole demo with real processes: what is scraped is right, survives, and shows in the dashboards."""

import json
import shutil
import time
import unittest
import urllib.parse

from demo import PASSWORD, USER, Client, Demo, await_true


class WholeDemo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if shutil.which("prometheus-node-exporter") is None:
            raise AssertionError("prometheus-node-exporter is not installed; ./test.sh installs it")
        cls.demo = Demo()
        cls.addClassCleanup(cls.demo.close)
        cls.names = cls.demo.start_all()
        cls.server = Client(cls.demo.url("prometheus"))

    def test_1_every_target_is_up_within_20_s(self):
        jobs = {"exposer", "prometheus", "grafana", "node"}

        def all_up():
            up = {labels["job"]: value for labels, value in self.server.query("up")}
            return set(up) == jobs and all(value == 1 for value in up.values())

        await_true("up is 1 for all four jobs", all_up, 20)

    def test_2_rate_of_a_counter_is_right(self):
        """Compares rate() with the same counter read from the exposer itself."""
        exposer = Client(self.demo.url("exposer"))

        def total():
            _, _, body = exposer.request("/metrics")
            now = time.time()
            values = [float(line.rsplit(" ", 1)[1]) for line in body.decode().splitlines()
                      if line.startswith("demo_http_requests_total{")]
            return now, sum(values)

        start, first = total()
        await_true("12 s of samples", lambda: time.time() - start > 12, 15)
        end, last = total()
        window = int(end - start)

        def close_enough():
            result = self.server.query(f"sum(rate(demo_http_requests_total[{window}s]))", end)
            rate = result[0][1]
            want = (last - first) / (end - start)
            self.assertLess(abs(rate - want) / want, 0.05, f"rate {rate}, counted {want}")
            return True

        await_true("rate() within 5 %", close_enough, 5)

    def test_3_proxy_answers_as_the_server_does(self):
        grafana = Client(self.demo.url("grafana"), basic=(USER, PASSWORD))
        at = time.time() - 2
        path = "/api/v1/query?" + urllib.parse.urlencode({"query": "sort_desc(scrape_samples_scraped)", "time": at})
        direct = self.server.json(path)
        proxied = grafana.json("/api/datasources/proxy/uid/prometheus" + path)
        self.assertEqual(direct["data"], proxied["data"])
        self.assertEqual(len(direct["data"]["result"]), 4)

    def test_4_kill_9_of_the_server_loses_nothing_acknowledged(self):
        def stored(until):
            return self.server.query("count_over_time(up[5m])", until)

        # What a query has shown was acknowledged before it.
        before_kill = time.time()
        before = {labels["job"]: count for labels, count in stored(before_kill)}
        self.demo.processes["prometheus"].kill()
        self.demo.start("prometheus")
        self.demo.await_healthy("prometheus")
        after = {labels["job"]: count for labels, count in stored(before_kill)}
        self.assertEqual(set(before), set(after))
        for job, count in before.items():
            # A scrape under way at that moment may have been stored a moment later.
            self.assertIn(after[job] - count, (0, 1), job)
        await_true("scraping goes on", lambda: all(
            value == 1 for _, value in self.server.query("up")) and len(self.server.query("up")) == 4)

    def test_5_stop_and_start_keep_users_dashboards_and_samples(self):
        grafana = Client(self.demo.url("grafana"), basic=(USER, PASSWORD))
        board = {"uid": "kept", "title": "Kept", "schemaVersion": 41, "panels": []}
        saved = grafana.json("/api/dashboards/db", {"dashboard": board, "message": "first"})
        self.assertEqual(saved["status"], "success")
        at = time.time() - 2
        before = self.server.query("count_over_time(up[10m])", at)
        for name in ("prometheus", "grafana"):
            self.assertEqual(self.demo.processes[name].stop(5), 0, self.demo.processes[name].log()[-1500:])
        for name in ("prometheus", "grafana"):
            self.demo.start(name)
            self.demo.await_healthy(name)
        self.assertEqual(self.server.query("count_over_time(up[10m])", at), before)
        self.assertEqual(grafana.json("/api/dashboards/uid/kept")["dashboard"]["title"], "Kept")
        status, _, body = Client(self.demo.url("grafana")).request("/login", {"user": USER, "password": PASSWORD})
        self.assertEqual((status, json.loads(body)["message"]), (200, "Logged in"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
