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


def tool(*arguments, text=""):
    """(status, output, errors), `text` being what standard input says"""
    done = subprocess.run([BINARY, "tool", *map(str, arguments)], input=text, capture_output=True, text=True, timeout=60, check=False)
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

    def test_queries_may_begin_with_a_minus(self):
        self.assertEqual(tool("promql", "format", "--", "-up"), (0, "-up\n", ""))
        self.assertEqual(tool("promql", "format", "-", text="-up\n  + 1\n"), (0, "-up + 1\n", ""))
        self.assertEqual(json.loads(tool("promql", "parse", "--", "-up")[1])["type"], "unaryExpr")
        self.assertEqual(tool("promql", "format", "-", text=" " * (2**20 + 1)), (1, "", "the query is longer than 1 MiB\n"))
        self.assertIn("-- it may begin with a minus", " ".join(tool("promql", "format", "--help")[1].split()))

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

    def test_each_failure_says_what_was_expected_and_what_came(self):
        load = "load 1m\n  a{i=\"1\"} 1 {{count:2 buckets:[2]}}\n  a{i=\"2\"} 2 2\n\n"
        cases = (
            ("eval instant at 0 sum(a)", "  {} 4", "{}: got 3, expected 4"),
            ("eval instant at 0 sum(a)", "  {j=\"1\"} 3", "got {} 3, expected no such series"),
            ("eval instant at 0 nothing", "  {j=\"1\"} 3", 'got nothing for {j="1"}, expected 3'),
            ("eval instant at 0 sum(a)", "  3", "got a vector of 1 series, expected the scalar 3"),
            ("eval instant at 0 3", "  4", "got 3, expected 4"),
            ("eval instant at 0 3", "", "got the scalar 3, expected series"),
            ("eval instant at 0 'x'", "  expect string \"y\"", 'got the string "x", expected the string "y"'),
            ("eval instant at 0 sum(a)", "  expect fail", "got a vector of 1 series, expected an error"),
            ("eval range from 0 to 1m step 1m a", "  expect fail msg: x", 'got a matrix of 2 series, expected an error "x"'),
            ("eval_fail instant at 0 label_replace(a, 'i', '', '', '')", "  expected_fail_message x",
             'got the error "vector cannot contain metrics with the same labelset", expected one "x"'),
            ("eval instant at 1m sum(a)", "  expect warn msg: x", 'got "PromQL warning: encountered a mix of histograms and '
             'floats for aggregation (1:5)", expected warning "x"'),
            ("eval instant at 1m sum(a)", "  expect no_warn", 'got "PromQL warning: encountered a mix of histograms and '
             'floats for aggregation (1:5)", expected no warning'),
            ("eval instant at 0 sum(a)", "  expect info\n  {} 3", "got no info, expected info"),
            ("eval instant at 0 sort(a)", "  expect ordered\n  a{i=\"2\"} 2\n  a{i=\"1\"} 1",
             'got a{i="1"} at place 1, expected it at place 2'),
            ("eval instant at 1m a{i='1'}", "  a{i=\"1\"} 7", 'a{i="1"}: got {count:2, sum:0, (0.5,1]:2}, expected 7'),
            ("eval range from 0 to 1m step 1m a{i='2'}", "  a{i=\"2\"} 2 3", 'a{i="2"} at 60000 ms: got 2, expected 3'),
            ("eval range from 0 to 1m step 1m a{i='2'}", "  a{i=\"2\"} 2", 'a{i="2"} at 60000 ms: got 2, expected nothing'),
            ("eval range from 0 to 2m step 2m a", "  a{i=\"2\"} 2 2", 'got a{i="1"} at 2 times, expected no such series'),
            ("eval range from 0 to 1m step 1m nothing", "  x 2 _", "got nothing for x, expected 2 _"),
            ("eval range from 0 to 1m step 1m a{i='2'}", "  a{i=\"2\"} 2 2 2",
             'a{i="2"}: 3 values expected, more than there are steps'),
        )
        for number, (command, body, want) in enumerate(cases):
            with self.subTest(command=command, body=body):
                path = self.write(f"{number}.test", f"{load}{command}\n{body}\n")
                _, query = command.split(" at ", 1) if " at " in command else command.split(" step ", 1)
                query = query.split(" ", 1)[1]
                self.assertEqual(tool("promql", "test", path),
                                 (1, f"FAILED: {path}:5: {query}\n  {want}\n0 passed, 1 failed\n", ""))

    def test_what_is_no_script_is_told_with_its_line(self):
        cases = (
            ("evaluate instant at 0 1", 'line 1: unknown command "evaluate"'),
            ("eval instant at 0 sum(", "line 1: 1:5: parse error: unclosed left parenthesis"),
            ("eval sometimes at 0 1", 'line 1: expected "instant at" or "range from"'),
            ("eval range from 0 until 1 step 1 1", 'line 1: expected "to"'),
            ("eval instant at soon 1", 'line 1: not a valid duration string: "soon"'),
            ("eval instant at 0 1\n  expect fail\n  expect fail", "line 3: more than one `expect fail`"),
            ("eval instant at 0 1\n  expect warn\n  expect no_warn", "line 1: warn and no_warn cannot be used together"),
            ("eval_info instant at 0 1\n  expect no_info", "line 1: info and no_info cannot be used together"),
            ("eval instant at 0 1\n  expect everything", 'line 2: unknown expectation "everything"'),
            ("eval instant at 0 1\n  expect warn nothing", 'line 2: expected "msg:" or "regex:"'),
            ("eval instant at 0 1\n  expect warn regex: (", "line 2: malformed regex ("),
            ("eval instant at 0 'x'\n  expect string x", "line 2: x is no quoted string"),
            ("eval instant at 0 a[1m]\n  expect range vector from 0 until 1m step 1m",
             "line 2: must be `expect range vector from T to T step D`"),
            ("eval_ordered range from 0 to 1m step 1m a", "line 1: the result of a range query is ordered by labels"),
        )
        for number, (script, want) in enumerate(cases):
            with self.subTest(script):
                path = self.write(f"{number}.test", script + "\n")
                self.assertEqual(tool("promql", "test", path), (1, f"FAILED: {path}: {want}\n0 passed, 1 failed\n", ""))
        for series in ("a 1+1", "a 3+3x4-4", "a _-2", "a{ 1", "a 1\n  a@st 0s", "b@st _\n  a 1", "a@st _ _\n  a 1", "a {{count:1 count:2}}"):
            with self.subTest(series):
                path = self.write("series.test", f"load 1m\n  {series}\n")
                status, output, _ = tool("promql", "test", path)
                self.assertEqual(status, 1)
                self.assertRegex(output, r"^FAILED: [^\n]*: line [23]: [^\n]+\n0 passed, 1 failed\n$")

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
