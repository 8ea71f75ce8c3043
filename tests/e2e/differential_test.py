#!/usr/bin/env python3
"""The same data in the real Prometheus and in ours: every query is answered alike.

Runs where there is one: $NARTHEX_PEER_PROMETHEUS, or `prometheus` in the PATH. $NARTHEX_DIFFERENTIAL_QUERIES says how
many random queries there are, $NARTHEX_DIFFERENTIAL_SEED which; with $NARTHEX_DIFFERENTIAL_HISTOGRAMS=0 there are no
native histograms among the data.
"""

import collections
import http.client
import json
import os
import pathlib
import re
import shutil
import tempfile
import unittest
import urllib.parse

from demo import BINARY, ROOT, Client, Process, await_true, free_port
from differential_compare import difference, difference_of_order
from differential_data import END, START, requests
from differential_queries import Generator
from differential_steps import by_steps
from differential_table import queries
from differential_ties import Ties, same_values
from write_request import V1

PROMETHEUS = os.environ.get("NARTHEX_PEER_PROMETHEUS") or shutil.which("prometheus")
CORPUS = pathlib.Path(os.environ.get("NARTHEX_CONFORMANCE") or ROOT.parent / "shared/conformance")
COUNT = int(os.environ.get("NARTHEX_DIFFERENTIAL_QUERIES", "500"))
SEED = int(os.environ.get("NARTHEX_DIFFERENTIAL_SEED", "1"))
WITH_HISTOGRAMS = os.environ.get("NARTHEX_DIFFERENTIAL_HISTOGRAMS") != "0"
KNOWN = pathlib.Path(__file__).with_name("differential_known.txt")
# What is compared in other ways than by rules.
STEPS = ("3.5.3 asked for each step alone is equal: over a range its info() looks up what joins an element by the element's "
         "place among those of the step, and takes its neighbour's where one before it is missing (FN-010)")
CHOICE = "as many elements of the same values: which of equal ones are kept hangs on the order of series in the store (AGG-001)"
SKIPPED = 77  # what CTest takes for "skipped"


class Server:
    """One of the two, with the data in it."""

    def __init__(self, name, binary, folder):
        self.port = free_port()
        configuration = folder / f"{name}.yml"
        configuration.write_text("global: {evaluation_interval: 1m}\n")
        flags = [f"--config.file={configuration}", f"--storage.tsdb.path={folder / name}",
                 f"--web.listen-address=127.0.0.1:{self.port}", "--storage.tsdb.retention.time=100y",
                 "--web.enable-remote-write-receiver", "--query.max-samples=5000000",
                 "--enable-feature=promql-experimental-functions"]
        if name == "prometheus":
            flags[-1] += ",native-histograms,promql-duration-expr"
        else:
            flags[-1] += ",promql-binop-fill-modifiers"
        self.process = Process(name, [*binary, *flags], folder)
        client = Client(f"http://127.0.0.1:{self.port}")
        await_true(f"{name} ready", lambda: client.request("/-/ready")[0] == 200, 60)
        client.headers = {"Content-Type": V1, "Content-Encoding": "snappy"}
        for body in requests(SEED, WITH_HISTOGRAMS):
            status, _, text = client.request("/api/v1/write", data=body, method="POST")
            if status != 204:
                raise AssertionError(f"{name}: {status} {text[:300]}")
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, path, parameters):
        """(status, JSON)"""
        self.connection.request("POST", f"/api/v1/{path}", urllib.parse.urlencode(parameters),
                                {"Content-Type": "application/x-www-form-urlencoded"})
        answer = self.connection.getresponse()
        # 3.5.3 passes on what labels hold; ours shows what is no UTF-8 as this does.
        return answer.status, json.loads(answer.read().decode(errors="replace"))


class Known:
    """Differences with their reasons: lines `kind /pattern of the query/ /pattern of the difference/ reason`.

    In the place of the first pattern `tied` may stand: an aggregation has to choose between equal elements.
    """

    def __init__(self):
        self.rules, self.counts = [], collections.Counter()
        for line in KNOWN.read_text().splitlines():
            if line and not line.startswith("#"):
                kind, query, text, reason = re.fullmatch(r"(\S+) (?:/(.*?)/|tied) /(.*?)/ (.+)", line).groups()
                self.rules.append((kind, None if query is None else re.compile(query), re.compile(text), reason))

    def explains(self, query, found, is_tied):
        for kind, of_query, of_text, reason in self.rules:
            if kind == found[0] and of_text.search(found[1]) and (of_query.search(query) if of_query else is_tied()):
                self.counts[reason] += 1
                return True
        return False


class Differential(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="narthex-differential-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.servers = []
        cls.addClassCleanup(lambda: [server.process.kill() for server in cls.servers])
        for name, binary in (("prometheus", [PROMETHEUS]), ("narthex", [BINARY, "server"])):
            cls.servers.append(Server(name, binary, cls.folder))

    def setUp(self):
        self.known = Known()
        self.faults = collections.defaultdict(list)
        self.equal_count = self.error_count = self.empty_count = 0

    def compare(self, path, parameters, ours=None, picks=()):
        """Both are asked the same; `ours`, where ours has other words for it: then notes and texts of errors differ, too.

        `picks` are the aggregations of the query that may have to choose.
        """
        is_same = ours is None or ours == parameters
        there, here = (server.ask(path, asked) for server, asked in zip(self.servers, (parameters, ours or parameters)))
        found = difference(there, here)
        if not is_same and found and found[0] in ("error", "warnings", "infos"):
            found = None
        if found and found[0] == "value" and self.is_unsteady(path, parameters, there):
            self.known.counts["3.5.3 gave another answer when asked again: it uses memory of histograms it has still to show"] += 1
            return
        if found is None and path == "query" and parameters["query"].startswith(("sort(", "sort_desc(")):
            text = difference_of_order(there[1], here[1]) if there[1]["status"] == "success" else ""
            found = ("order", text) if text else None
        if found is None:
            self.equal_count += 1
            self.error_count += there[1]["status"] == "error"
            self.empty_count += there[1]["status"] == "success" and not there[1]["data"]["result"]
        elif not self.is_explained((path, parameters), found, (there, here), picks):
            asked = json.dumps(parameters) + ("" if is_same else f"\n  ours {json.dumps(ours['query'])}")
            self.faults[found[0]].append(f"{path} {asked}\n    {found[1][:600]}")

    def is_explained(self, asked, found, answers, picks):
        path, parameters = asked
        ask, (there, here) = self.servers[0].ask, answers
        if path == "query_range" and "info(" in parameters["query"] and found[0] in ("value", "warnings", "infos"):
            found = difference(by_steps(ask, parameters), here)
            if found is None:
                self.known.counts[STEPS] += 1
                return True
        ties = Ties(ask)
        whole = [pick for pick in picks if pick.text == parameters["query"]]
        if whole and found[0] == "value" and same_values(whole[0], there[1], here[1]) and ties.has_choice(whole[0], *asked):
            self.known.counts[CHOICE] += 1
            return True
        nested = [pick for pick in picks if pick not in whole]
        return self.known.explains(parameters["query"], found, lambda: any(ties.has_choice(pick, *asked) for pick in nested))

    def is_unsteady(self, path, parameters, there):
        """Whether theirs, asked again after others that take the memory, answers otherwise; ours is not asked again."""
        if "native_" not in parameters["query"]:
            return False
        for index in range(8):
            between = ('{__name__=~"native_.*"}[1h]', "native_custom * 2", "native_bounds * 2", "native_seconds + native_seconds")
            self.servers[0].ask("query", {"query": between[index % len(between)], "time": END})
            if difference(there, self.servers[0].ask(path, parameters)):
                return True
        return False

    def report(self, title, count):
        explained = sum(self.known.counts.values())
        print(f"{title}: {count} queries, {self.equal_count} equal ({self.error_count} errors, {self.empty_count} "
              f"empty), {explained} differ for a known reason, {sum(map(len, self.faults.values()))} differ", flush=True)
        for reason, times in self.known.counts.most_common():
            print(f"  {times:6} {reason}")
        lines = [f"{kind}: {len(faults)}\n  " + "\n  ".join(faults[:100]) for kind, faults in self.faults.items()]
        self.assertFalse(self.faults, "\n" + "\n".join(lines))

    def test_random_queries(self):
        generator = Generator(SEED, WITH_HISTOGRAMS)
        for _ in range(COUNT):
            query = generator.query()
            self.compare(*query, generator.picks)
        self.report(f"random, seed {SEED}", COUNT)
        self.assertGreater(self.equal_count - self.error_count - self.empty_count, COUNT / 3, "most results say something")

    def test_every_function_with_every_kind_of_operand(self):
        count = 0
        for count, asked in enumerate(queries(), 1):
            self.compare(*asked)
        self.report("table", count)

    def test_queries_of_the_compliance_suite(self):
        path = CORPUS / "compliance/promql_queries.json"
        if not path.exists():
            self.skipTest(f"no {path}")
        cases = json.loads(path.read_text())["cases"]
        for case in cases:
            query = case["query"].replace("demo.promlabs.com", "demo.example.com")
            self.compare("query_range", {"query": query, "start": START + 900, "end": START + 1500, "step": 10})
            self.compare("query", {"query": query, "time": END})
        self.report("compliance", 2 * len(cases))


if __name__ == "__main__":
    if PROMETHEUS is None:
        print("skipped: no prometheus in the PATH and none named by NARTHEX_PEER_PROMETHEUS")
        raise SystemExit(SKIPPED)
    unittest.main()
