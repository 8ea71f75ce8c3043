#!/usr/bin/env python3
"""Samples pushed by remote write 1.0 and 2.0 can be queried, survive kill -9, and are refused as upstream does."""

import time
import unittest

from demo import Client, Demo
from write_request import V1, V2, field, native_histogram, request_v2, series_v1, snappy


class RemoteWrite(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.demo = Demo(with_node_exporter=False, configuration="global: {scrape_interval: 1s}\n")
        cls.addClassCleanup(cls.demo.close)
        cls.start("--web.enable-remote-write-receiver")

    @classmethod
    def start(cls, *flags):
        cls.demo.start("prometheus", flags=flags)
        cls.demo.await_healthy("prometheus")
        cls.server = Client(cls.demo.url("prometheus"))

    def push(self, message, content_type=V1):
        self.server.headers = {"Content-Type": content_type, "Content-Encoding": "snappy"}
        try:
            return self.server.request("/api/v1/write", data=snappy(message), method="POST")
        finally:
            self.server.headers = {}

    def values(self, expression, now):
        return {labels["__name__"]: value for labels, value in self.server.query(expression, now / 1000)}

    def test_pushed_samples_are_there_after_a_kill(self):
        now = int(time.time() * 1000)
        for step in range(8):
            at = now - (8 - step) * 1000
            message = b"".join(series_v1({"__name__": f"pushed_{i}", "job": "agent"},
                                         [(at, step * 10 + i), (at + 500, step)]) for i in range(5))
            self.assertEqual(self.push(message)[0], 204)
            status, headers, _ = self.push(
                request_v2([({"__name__": f"pushed2_{i}", "job": "agent"}, [(at, step * 10 + i)])
                            for i in range(5)]), V2)
            self.assertEqual((status, headers["X-Prometheus-Remote-Write-Samples-Written"]), (204, "5"))
        for _ in range(2):
            self.assertEqual(self.values("{job='agent',__name__=~'pushed_.*'}", now),
                             {f"pushed_{i}": 7 for i in range(5)})
            self.assertEqual(self.values("{job='agent',__name__=~'pushed2_.*'}", now),
                             {f"pushed2_{i}": 70 + i for i in range(5)})
            for i in range(5):
                for name, count in ((f"pushed_{i}", 16), (f"pushed2_{i}", 8)):
                    self.assertEqual(self.server.query(f"count_over_time({name}[1m])", now / 1000),
                                     [({"job": "agent"}, count)])
            self.demo.processes["prometheus"].kill()
            self.start("--web.enable-remote-write-receiver")
        # What is known of series before the kill is found again.
        self.assertEqual(self.push(series_v1({"__name__": "pushed_0", "job": "agent"}, [(now, 99)]))[0], 204)
        self.assertEqual(self.values("pushed_0", now), {"pushed_0": 99})

    def test_pushed_native_histograms_are_computed_with(self):
        now = int(time.time() * 1000)
        labels = b"".join(field(1, field(1, name) + field(2, value))
                          for name, value in {"__name__": "latency", "job": "native"}.items())
        message = field(1, labels + field(4, native_histogram(now - 60_000, 30, [4, 2]))
                        + field(4, native_histogram(now, 70, [10, 2])))
        self.assertEqual(self.push(message)[0], 204)
        for expression, value in (
                ("histogram_count(latency)", 22),
                ("histogram_avg(latency)", 70 / 22),
                ("histogram_quantile(0.5, latency)", 2 * 2 ** (1 / 12)),
                ("histogram_fraction(2, 4, latency)", 12 / 22),
                ("histogram_sum(increase(latency[61s]))", 40 * 61 / 60),
                ("histogram_count(sum_over_time(latency[2m]))", 32)):
            (labels, got), = self.server.query(expression, now / 1000)
            self.assertEqual(labels, {"job": "native"}, expression)
            self.assertAlmostEqual(got, value, msg=expression)

    def test_refusals(self):
        now = int(time.time() * 1000)
        labels = {"__name__": "refused", "instance": "i"}
        self.assertEqual(self.push(series_v1(labels, [(now, 1)]))[0], 204)
        status, _, body = self.push(series_v1(labels, [(now - 1, 1)]))
        self.assertEqual((status, body), (400, b"out of order sample\n"))
        status, headers, body = self.push(
            request_v2([(labels, [(now - 1, 1)]), ({"__name__": "taken", "instance": "i"}, [(now, 5)])]), V2)
        self.assertEqual((status, headers["X-Prometheus-Remote-Write-Samples-Written"]), (400, "1"), body)
        self.assertIn(b"out of order sample", body)
        self.assertEqual(self.values("{instance='i'}", now), {"refused": 1, "taken": 5})
        self.assertEqual(self.push(series_v1(labels, [(now + 11 * 60_000, 1)]))[0], 400)
        self.assertEqual(self.push(series_v1(labels, [(now, 2)]), "application/json")[0], 415)
        self.assertEqual(self.push(b"\xff" * 70)[0], 400)

    def test_switched_off(self):
        off = Demo(with_node_exporter=False, configuration="global: {}\n")
        self.addCleanup(off.close)
        off.start("prometheus")
        off.await_healthy("prometheus")
        status, _, body = Client(off.url("prometheus")).request("/api/v1/write", data=b"", method="POST")
        self.assertEqual((status, body), (404, b"remote write receiver needs to be enabled with "
                                               b"--web.enable-remote-write-receiver\n"))


if __name__ == "__main__":
    unittest.main()
