#!/usr/bin/env python3
"""Knobs turned over HTTP, as the server that scrapes the exposer sees them."""

import json
import socket
import unittest

from demo import BINARY, Client, Demo, Process, await_true, free_port


def far_address():
    """An address of this machine that is not loopback; None if it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # nothing is sent
        except OSError:
            return None
        address = probe.getsockname()[0]
        return None if address.startswith("127.") else address


class Control(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.demo = Demo(with_node_exporter=False)
        cls.addClassCleanup(cls.demo.close)
        for name in ("exposer", "prometheus"):
            cls.demo.start(name)
        for name in ("exposer", "prometheus"):
            cls.demo.await_healthy(name)
        cls.exposer = Client(cls.demo.url("exposer"))
        cls.server = Client(cls.demo.url("prometheus"))

    def setUp(self):
        self.addCleanup(self.post, "reset")

    def post(self, path, body=None):
        return self.exposer.json(f"/control/{path}", {} if body is None else body)

    def await_query(self, what, expression, check, seconds=10):
        return await_true(what, lambda: check(self.server.query(expression)), seconds)

    def await_up(self, want):
        self.await_query(f"up is {want}", 'up{job="exposer"}', lambda result: result[0][1] == want, 15)

    def test_knobs_reach_the_server(self):
        self.post("knobs", {"level": 17.5, "session_count": 12})
        self.post("increment", {"amount": 40})
        self.await_query("the level", "demo_knob_level", lambda result: result[0][1] == 17.5)
        self.await_query("the sessions", "count(demo_session_age_seconds)", lambda result: result[0][1] == 12)
        self.await_query("the counter", "demo_knob_increments_total", lambda result: result[0][1] >= 40)

    def test_a_restart_is_a_reset_to_the_server(self):
        self.post("increment", {"amount": 5})
        self.await_query("the counter", "demo_knob_increments_total", lambda result: result[0][1] >= 5)
        before = self.post("restart")["restart_count"]
        self.assertGreaterEqual(before, 1)
        self.await_query("a reset", "resets(demo_knob_increments_total[5m])", lambda result: result[0][1] >= 1)

    def test_targets_that_do_not_answer_well_are_down(self):
        self.await_up(1)
        for mode in ("failing", "broken"):
            with self.subTest(mode):
                self.post("knobs", {"answer": mode})
                self.await_up(0)
                self.post("knobs", {"answer": "normal"})
                self.await_up(1)

    def test_silence_runs_into_the_timeout_and_ends_at_once(self):
        self.post("knobs", {"answer": "silent"})
        self.await_up(0)
        # The knobs answer all the same.
        self.assertEqual(self.post("knobs", {"answer": "normal"})["knobs"]["answer"], "normal")
        self.await_up(1)

    def test_a_slow_answer_shows_in_the_duration(self):
        self.post("knobs", {"answer": "slow", "answer_delay_seconds": 0.5})
        self.await_query("the duration", 'scrape_duration_seconds{job="exposer"}',
                         lambda result: 0.5 <= result[0][1] < 1)
        self.await_up(1)

    def test_a_story_plays_and_stops(self):
        state = self.post("story", {"name": "traffic"})
        self.assertEqual(state["story"]["title"], "Traffic doubles")
        await_true("time goes on", lambda: self.exposer.json("/control/state")["story"]["elapsed_seconds"] > 0.5)
        self.assertIsNone(self.post("story/stop")["story"])

    def test_bad_input_is_named(self):
        for path, body, want, text in (
                ("knobs", {"traffic": 99}, 400, "traffic takes a number from 0 to 5"),
                ("knobs", {"none": 1}, 400, "no knob"),
                ("increment", {"amount": "x"}, 400, "amount"),
                ("story", {"name": "none"}, 404, "deploy, traffic, leak")):
            with self.subTest(path=path, body=body):
                status, headers, answer = self.exposer.request(f"/control/{path}", body)
                self.assertEqual((status, headers["Content-Type"]), (want, "application/json"))
                self.assertIn(text, json.loads(answer)["error"])

    def test_other_pages_may_not_turn_knobs(self):
        client = Client(self.demo.url("exposer"))
        client.headers["Origin"] = "http://evil.example"
        self.assertEqual(client.request("/control/restart", {})[0], 403)
        client.headers["Origin"] = self.demo.url("exposer")
        self.assertEqual(client.request("/control/knobs", {})[0], 200)

    def test_other_machines_are_turned_away_unless_a_flag_says_otherwise(self):
        address = far_address()
        if address is None:
            self.skipTest("this machine has no address besides loopback")
        for access, want in (("loopback", 403), ("all", 200), ("nobody", 404)):
            with self.subTest(access):
                port = free_port()
                exposer = Process(f"exposer-{access}", [
                    BINARY, "exposer", f"--web.listen-address=0.0.0.0:{port}", f"--control.access={access}",
                ], self.demo.folder)
                try:
                    client = Client(f"http://{address}:{port}")
                    await_true("healthy", lambda: client.request("/-/healthy")[0] == 200)
                    self.assertEqual(client.request("/control/state")[0], want)
                    self.assertEqual(client.request("/control/restart", {})[0], want)
                    self.assertEqual(client.request("/metrics")[0], 200)
                finally:
                    self.assertEqual(exposer.stop(), 0)


NATIVE = """
global:
  scrape_native_histograms: true
scrape_configs:
  - job_name: exposer
    static_configs:
      - targets: ['exposer:8000']
"""


class NativeHistogram(unittest.TestCase):
    def test_it_takes_the_place_of_the_classic_one(self):
        demo = Demo(configuration=NATIVE)
        self.addCleanup(demo.close)
        for name in ("exposer", "prometheus"):
            demo.start(name)
            demo.await_healthy(name)
        exposer, server = Client(demo.url("exposer")), Client(demo.url("prometheus"))
        classic = "count(demo_http_request_duration_seconds_bucket)"
        native = "histogram_quantile(0.5, sum(rate(demo_http_request_duration_seconds[10s])))"
        # Sets of (classic, native) that a query finds: the series that end become stale.
        for kind, want in (("classic", (True, False)), ("native", (False, True))):
            with self.subTest(kind):
                exposer.json("/control/knobs", {"histogram": kind})
                await_true(f"only {kind} buckets", lambda want=want: (
                    bool(server.query(classic)), bool(server.query(native))) == want, 20)
        _, median = server.query(native)[0]
        self.assertTrue(0.01 < median < 1, median)


if __name__ == "__main__":
    unittest.main(verbosity=2)
