#!/usr/bin/env python3
"""narthex tool query and promql, as a user runs them: what they print, to the byte, and their exit status."""

import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from demo import BINARY, Client, Demo
from write_request import V1, series_v1, snappy

START = 1_700_000_000


def tool(*arguments):
    """(status, output, errors)"""
    done = subprocess.run([BINARY, "tool", *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


class Query(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.demo = Demo(with_node_exporter=False, configuration="global: {}\n")
        cls.addClassCleanup(cls.demo.close)
        cls.demo.start("prometheus", flags=("--web.enable-remote-write-receiver", "--storage.tsdb.retention.time=100y"))
        cls.demo.await_healthy("prometheus")
        cls.url = cls.demo.url("prometheus")
        client = Client(cls.url)
        client.headers = {"Content-Type": V1, "Content-Encoding": "snappy"}
        body = b"".join(series_v1({"__name__": "up", "job": job}, [((START + 15 * i) * 1000, value + i) for i in range(4)])
                        for job, value in (("a", 1), ("b\n", 2.5)))
        assert client.request("/api/v1/write", data=snappy(body), method="POST")[0] == 204

    def check(self, arguments, want, status=0, errors=""):
        self.assertEqual(tool("query", *arguments), (status, want, errors), arguments)

    def test_instant(self):
        at = f"--time={START + 45.5}"
        self.check(["instant", self.url, "up", at],
                   'up{job="a"} => 4 @[1700000045.5]\nup{job="b\\n"} => 5.5 @[1700000045.5]\n')
        self.check(["instant", self.url, "sum(up)", at], "{} => 9.5 @[1700000045.5]\n")
        self.check(["instant", self.url, "count_values('v', up > 5)", at], '{v="5.5"} => 1 @[1700000045.5]\n')
        self.check(["instant", self.url, "1 + 1", at], "scalar: 2 @[1700000045.5]\n")
        self.check(["instant", self.url, "'text'", at], "text\n")
        self.check(["instant", self.url, "none", at], "\n")
        self.check(["instant", self.url, 'up{job="a"}[30s]', at],
                   'up{job="a"} =>\n3 @[1700000030]\n4 @[1700000045]\n')
        self.check(["-o", "json", "instant", self.url, 'up{job="a"}', "--time=2023-11-14T22:14:05Z"],
                   '[{"metric":{"__name__":"up","job":"a"},"value":[1700000045,"4"]}]\n')
        # Without a scheme, and with a slash too many.
        self.check(["instant", self.url.removeprefix("http://") + "/", "sum(up)", at], "{} => 9.5 @[1700000045.5]\n")

    def test_range(self):
        window = [f"--start={START}", f"--end={START + 30}", "--step=15s"]
        self.check(["range", self.url, "sum(up)", *window], "{} =>\n3.5 @[1700000000]\n5.5 @[1700000015]\n7.5 @[1700000030]\n")
        self.check(["range", self.url, "none", *window], "\n")
        # 250 steps by default, of a second at least.
        status, output, _ = tool("query", "-o", "json", "range", self.url, "vector(1)", f"--start={START}", f"--end={START + 1000}")
        self.assertEqual(status, 0)
        self.assertEqual(len(json.loads(output)[0]["values"]), 251)
        self.check(["range", self.url, "up", f"--start={START}", f"--end={START}"], "", 1, "start time is not before end time\n")

    def test_series_and_labels(self):
        window = [f"--start={START}", f"--end={START + 60}"]
        self.check(["series", self.url, "--match=up", *window], '{__name__="up", job="a"}\n{__name__="up", job="b\\n"}\n')
        self.check(["series", self.url, '--match=up{job="a"}', '--match={job="a"}', *window], '{__name__="up", job="a"}\n')
        self.check(["-o", "json", "series", self.url, '--match={job="a"}', *window], '[{"__name__":"up","job":"a"}]\n')
        # Without times: what is at most 9999 hours away, as promtool has it.
        self.check(["series", self.url, "--match=up"], "")
        self.check(["labels", self.url, "job", *window], "a\nb\n\n")
        self.check(["labels", self.url, "job", '--match=up{job="a"}', *window], "a\n")
        self.check(["-o", "json", "labels", self.url, "__name__", *window], '["up"]\n')
        self.check(["labels", self.url, "none", *window], "")

    def test_refusals(self):
        self.check(["instant", self.url, "up{"], "", 1,
                   'query error: bad_data: invalid parameter "query": 1:4: parse error: unexpected end of input inside braces\n')
        self.check(["instant", self.url, "label_replace(vector(1), 'a', '', 'b', '(')"], "", 1,
                   "query error: execution: invalid regular expression in label_replace(): (\n")
        self.check(["instant", self.url, "up", "--time=x"], "", 1,
                   'error parsing evaluation time: cannot parse "x" to a valid timestamp\n')
        self.check(["series", self.url, "--match=up", "--start=x"], "", 1,
                   'error parsing start time: cannot parse "x" to a valid timestamp\n')
        status, output, errors = tool("query", "instant", "http://127.0.0.1:1", "up")
        self.assertEqual((status, output), (1, ""))
        self.assertTrue(errors.startswith("query error: "), errors)
        status, output, errors = tool("query", "instant", self.url + "/nowhere", "up")
        self.assertEqual((status, output), (1, ""))
        self.assertIn("/nowhere/api/v1/query answers 404 and no JSON", errors)
        for arguments in ([], ["instant"], ["instant", self.url], ["series", self.url], ["-o", "xml", "labels", self.url, "job"],
                          ["instant", self.url, "up", "--header=x"]):
            self.assertEqual(tool("query", *arguments)[0], 2, arguments)

    def test_headers_are_sent(self):
        self.check(["instant", self.url, "sum(up)", f"--time={START + 45}", "--header=X-Scope-OrgID=one", "--header=A=b=c"],
                   "{} => 9.5 @[1700000045]\n")


class Promql(unittest.TestCase):
    def test_format(self):
        self.assertEqual(tool("promql", "format", "sum(rate(x[5m]))by(job)/on(job)y"),
                         (0, "sum by (job) (rate(x[5m])) / on (job) y\n", ""))
        long = "http_requests_of_a_service_with_a_long_name_total"
        self.assertEqual(tool("promql", "format", f"sum(rate({long}[5m]))by(job)/on(job){long}"),
                         (0, f"  sum by (job) (rate({long}[5m]))\n/ on (job)\n  {long}\n", ""))
        self.assertEqual(tool("promql", "format", "sum(foo{a='b'})"), (0, 'sum(foo{a="b"})\n', ""))
        self.assertEqual(tool("promql", "format", "sum("), (1, "", "1:5: parse error: unclosed left parenthesis\n"))
        self.assertEqual(tool("promql", "format")[0], 2)

    def test_parse(self):
        status, output, _ = tool("promql", "parse", "a offset 1m")
        self.assertEqual(status, 0)
        self.assertEqual(json.loads(output), {
            "type": "vectorSelector", "name": "a", "offset": 60000, "offsetExpr": None, "startOrEnd": None, "timestamp": None,
            "anchored": False, "smoothed": False, "matchers": [{"name": "__name__", "type": "=", "value": "a"}]})
        self.assertTrue(output.startswith('{\n  "anchored": false,\n'), output)
        self.assertEqual(tool("promql", "parse", "1 +"), (1, "", "1:4: parse error: unexpected end of input\n"))


SCRIPT = """# Of which one eval fails.
load 1m
  a 1 2 3
  b{l="x"} 10x2

eval instant at 2m a + on() b
  {} 13

eval instant at 2m a
  a 4

eval range from 0 to 2m step 1m sum(a)
  {} 1 2 3

eval instant at 0 label_replace(a, 'x', '', 'y', '(')
  expect fail
"""


class Scripts(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="narthex-tool-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def test_failures_are_told_with_their_place(self):
        path = self.write("one.test", SCRIPT)
        status, output, errors = tool("promql", "test", path)
        self.assertEqual((status, errors), (1, ""))
        lines = output.splitlines()
        self.assertEqual(lines[0], f"FAILED: {path}:9: a")
        self.assertIn("3", lines[1])
        self.assertIn("4", lines[1])
        self.assertEqual(lines[-1], "3 passed, 1 failed")

    def test_several_files_count_together(self):
        good = self.write("good.test", "load 1m\n  a 1\n\neval instant at 0 a\n  a 1\n")
        self.assertEqual(tool("promql", "test", good, good), (0, "2 passed, 0 failed\n", ""))
        bad = self.write("bad.test", "nonsense\n")
        status, output, _ = tool("promql", "test", good, bad, self.folder / "none.test")
        self.assertEqual(status, 1)
        self.assertIn(f"FAILED: {bad}: ", output)
        self.assertIn("none.test", output)
        self.assertTrue(output.endswith("1 passed, 2 failed\n"), output)
        self.assertEqual(tool("promql", "test")[0], 2)


if __name__ == "__main__":
    unittest.main()
