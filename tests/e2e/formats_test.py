#!/usr/bin/env python3
"""Others read what the exposer shows as we do, and we read what others show as they do.

The real Prometheus: $NARTHEX_PEER_PROMETHEUS, or `prometheus` in the PATH; promtool alike. Python's client library:
the package python3-prometheus-client. node_exporter: prometheus-node-exporter; both are test packages, and CI fails without them. `formats_test.py peer` runs
what needs the real Prometheus and promtool, and says "skipped" if one is missing.
"""

import http.server
import json
import math
import os
import pathlib
import shutil
import socketserver
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.parse
import urllib.request

from demo import BINARY, Client, Process, await_true, free_port

PROMETHEUS = os.environ.get("NARTHEX_PEER_PROMETHEUS") or shutil.which("prometheus")
PROMTOOL = os.environ.get("NARTHEX_PEER_PROMTOOL") or shutil.which("promtool")
NODE_EXPORTER = shutil.which("prometheus-node-exporter")
SKIPPED = 77  # what CTest takes for "skipped"

PROTOCOLS = ("PrometheusProto", "OpenMetricsText1.0.0", "OpenMetricsText0.0.1", "PrometheusText1.0.0",
             "PrometheusText0.0.4")
ACCEPT = {"text": "text/plain;version=0.0.4", "openmetrics": "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1"}

# Reads a body as Python's client library does: [[name, labels, value], ...].
PYTHON_PARSER = """
import json, sys
form = sys.argv[1]
if form == "text":
    from prometheus_client.parser import text_string_to_metric_families as parse
else:
    from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse
json.dump([[sample.name, sample.labels, float(sample.value)]
           for family in parse(sys.stdin.read()) for sample in family.samples], sys.stdout)
"""

# A program with every type that the library has, as its documentation shows them; the package has no demo of its own.
PYTHON_DEMO = """
import sys, threading
from prometheus_client import Counter, Enum, Gauge, Histogram, Info, Summary, start_http_server
counter = Counter("jobs", "Jobs done.\\nA second line, and a \\\\.", ["kind", "path"])
counter.labels("a", 'C:\\\\x "y"').inc(1.5, {"trace_id": "abc"})
counter.labels("b", "line\\nend").inc(1e300)
Gauge("depth", "Depth.", unit="meters").set(float("-inf"))
Gauge("nothing", "Not a number.").set(float("nan"))
summary = Summary("wait_seconds", "Wait.")
histogram = Histogram("size_bytes", "Sizes.", buckets=[0.1, 1, 1e6])
for value in (0.01, 0.5, 123456789):
    summary.observe(value)
    histogram.observe(value, {"trace_id": "def"})
Info("build", "The build.").info({"version": "1.2", "note": ""})
Enum("mode", "The mode.", states=["on", "off"]).state("off")
start_http_server(int(sys.argv[1]), addr="127.0.0.1")
threading.Event().wait()
"""


def find_python_with_client():
    for python in ("/usr/bin/python3", sys.executable):
        done = subprocess.run([python, "-c", "import prometheus_client.openmetrics.parser"],
                              capture_output=True, check=False)
        if done.returncode == 0:
            return python
    return None


PYTHON = find_python_with_client()


def fetch(url, accept):
    request = urllib.request.Request(url, headers={"Accept": accept})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as answer:
        return answer.headers["Content-Type"], answer.read()


def key_of(name, labels):
    """A series, with the numbers in its labels as numbers; a label without a value is none."""
    labels = {label: float(value) if label in ("le", "quantile") else value
              for label, value in labels.items() if value}
    return name, tuple(sorted((label, repr(value)) for label, value in labels.items()))


def shown(value):
    return "NaN" if math.isnan(value) else value


class Pages:
    """Serves bodies that do not change."""

    def __init__(self, pages):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                content_type, body = pages[self.path.strip("/")]
                self.send_response(200)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class Formats(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="narthex-formats-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def start(self, name, arguments, port, path):
        process = Process(name, arguments, self.folder)
        self.addCleanup(process.process.wait)
        self.addCleanup(process.process.kill)
        url = f"http://127.0.0.1:{port}"
        await_true(f"{name} answers", lambda: Client(url).request(path)[0] == 200, 60)
        return process, url

    def start_exposer(self):
        """With every kind of metric that it has."""
        port = free_port()
        _, url = self.start("exposer", [BINARY, "exposer", f"--web.listen-address=127.0.0.1:{port}"], port,
                            "/-/healthy")
        knobs = {"histogram": "both", "session_count": 20, "error_ratio": 0.2, "wave_amplitude": 3}
        Client(url).json("/control/knobs", knobs)
        # Observations of the next second, so that histograms have buckets of both kinds.
        await_true("requests are counted",
                   lambda: b"demo_http_request_duration_seconds_bucket" in fetch(url, ACCEPT["text"])[1])
        return url

    def start_node_exporter(self):
        if not NODE_EXPORTER:
            self.skipTest("there is no prometheus-node-exporter")
        port = free_port()
        _, url = self.start("node", [NODE_EXPORTER, f"--web.listen-address=127.0.0.1:{port}"], port, "/metrics")
        return url + "/metrics"

    def start_python_demo(self):
        port = free_port()
        _, url = self.start("python", [PYTHON, "-c", PYTHON_DEMO, str(port)], port, "/metrics")
        return url + "/metrics"

    def start_server(self, name, configuration):
        port = free_port()
        path = self.folder / f"{name}.yml"
        path.write_text(json.dumps(configuration))
        flags = [f"--config.file={path}", f"--storage.tsdb.path={self.folder / name}",
                 f"--web.listen-address=127.0.0.1:{port}"]
        if name == "narthex":
            arguments = [BINARY, "server", *flags]
        else:
            arguments = [PROMETHEUS, *flags, "--enable-feature=native-histograms,exemplar-storage"]
        process, url = self.start(name, arguments, port, "/-/ready")
        return process, Client(url)

    def python_samples(self, form, body):
        done = subprocess.run([PYTHON, "-c", PYTHON_PARSER, form], input=body, capture_output=True, timeout=60,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode()[-1000:])
        return {key_of(name, labels): shown(value) for name, labels, value in json.loads(done.stdout)}

    def server_samples(self, client, job):
        answer = client.json("/api/v1/query?" + urllib.parse.urlencode({"query": f'{{job="{job}"}}'}))
        found = {}
        for series in answer["data"]["result"]:
            labels = {name: value for name, value in series["metric"].items()
                      if name not in ("__name__", "job", "instance")}
            name = series["metric"]["__name__"]
            if name != "up" and not name.startswith("scrape_"):
                found[key_of(name, labels)] = shown(float(series["value"][1]))
        return found

    @unittest.skipUnless(PYTHON, "there is no python3-prometheus-client")
    def test_python_client_library_and_we_read_the_same_samples(self):
        sources = {"exposer": self.start_exposer(), "python": self.start_python_demo()}
        pages = {f"{name}-{form}": fetch(url, accept)
                 for name, url in sources.items() for form, accept in ACCEPT.items()}
        if NODE_EXPORTER:
            # The one of Debian 12 has no OpenMetrics.
            pages["node-text"] = fetch(self.start_node_exporter(), ACCEPT["text"])
        served = Pages(pages)
        self.addCleanup(served.close)
        jobs = [{"job_name": page, "metrics_path": f"/{page}", "scrape_interval": "200ms",
                 "scrape_timeout": "200ms", "honor_timestamps": False,
                 "static_configs": [{"targets": [f"127.0.0.1:{served.port}"]}]} for page in pages]
        _, server = self.start_server("narthex", {"scrape_configs": jobs})
        for page, (content_type, body) in pages.items():
            with self.subTest(page):
                form = page.rsplit("-", 1)[1]
                self.assertEqual("openmetrics" in content_type, form == "openmetrics")
                theirs = self.python_samples(form, body)
                self.assertGreater(len(theirs), 20)
                await_true(f"{page} is scraped", lambda p=page: server.query(f'up{{job="{p}"}} == 1'))
                self.assertEqual(self.server_samples(server, page), theirs)

    def test_labels_of_a_target_say_which_histograms_are_kept(self):
        """CFG-039: what relabelling sets holds for one target, in the place of the job's options."""
        address = urllib.parse.urlsplit(self.start_exposer()).netloc
        wanted = {"native": {"native": "true"}, "classic": {"native": "f"},
                  "both": {"native": "1", "classic": "T"}, "converted": {"native": "0", "convert": "TRUE"},
                  "job": {}, "wrong": {"native": "maybe"}}
        names = {"native": "__scrape_native_histograms__", "classic": "__always_scrape_classic_histograms__",
                 "convert": "__convert_classic_histograms_to_nhcb__"}
        job = {"job_name": "labels", "scrape_interval": "500ms", "scrape_timeout": "400ms",
               "scrape_protocols": ["PrometheusProto"], "scrape_native_histograms": True,
               "static_configs": [{"targets": [address], "labels": {"instance": instance, **{
                   f"__meta_{key}": value for key, value in labels.items()}}} for instance, labels in wanted.items()],
               "relabel_configs": [{"source_labels": [f"__meta_{key}"], "regex": "(.+)", "target_label": name}
                                   for key, name in names.items()]}
        process, server = self.start_server("narthex", {"scrape_configs": [job]})
        family = "demo_http_request_duration_seconds"

        def upper_bounds(series):
            return [float(bucket[2]) for bucket in series["histogram"][1].get("buckets", [])]

        def kept(instance):
            """Whether there are (classic, native) series."""
            classic = server.query(f'count({family}_bucket{{instance="{instance}"}})')
            native = server.query(f'histogram_count({family}{{instance="{instance}"}})')
            return bool(classic), bool(native)

        for instance, want in {"native": (False, True), "classic": (True, False), "both": (True, True),
                               "converted": (False, True), "job": (False, True)}.items():
            with self.subTest(instance):
                await_true(f"{instance} keeps {want}", lambda i=instance, w=want: kept(i) == w, 20)
        # Custom buckets have the bounds of the classic ones.
        await_true("something is observed", lambda: server.query(f'histogram_count({family}{{instance="converted"}}) > 0'), 20)
        bounds = {float(labels["le"]) for labels, _ in server.query(f'{family}_bucket{{instance="both"}}')}
        answer = server.json("/api/v1/query?" + urllib.parse.urlencode({"query": f'{family}{{instance="converted"}}'}))
        found = {bound for series in answer["data"]["result"] for bound in upper_bounds(series)}
        self.assertTrue(found and found <= bounds, (found, bounds))
        target = {t["labels"]["instance"]: t for t in server.json("/api/v1/targets")["data"]["activeTargets"]}
        self.assertEqual(set(target), set(wanted) - {"wrong"})
        for name in names.values():
            self.assertEqual(target["converted"]["discoveredLabels"][name],
                             "true" if name == names["native"] else "false")
        self.assertEqual((target["job"]["scrapeInterval"], target["job"]["scrapeTimeout"]), ("500ms", "400ms"))
        self.assertIn('error parsing scrape native histograms: strconv.ParseBool: parsing \\"maybe\\": invalid syntax',
                      process.log())

    def test_a_target_behind_a_unix_socket_is_scraped(self):
        path = str(self.folder / "target.sock")

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = f'asked{{host="{self.headers["Host"]}",path="{self.path}"}} 1\n'.encode()
                self.send_response(200)
                self.send_header("Content-Type", ACCEPT["text"])
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        listener = socketserver.ThreadingUnixStreamServer(path, Handler)
        thread = threading.Thread(target=listener.serve_forever)
        thread.start()
        self.addCleanup(listener.server_close)
        self.addCleanup(thread.join)
        self.addCleanup(listener.shutdown)
        job = {"job_name": "socket", "scrape_interval": "500ms", "scrape_timeout": "400ms", "static_configs": [
            {"targets": ["host.invalid:1"], "labels": {"__unix_socket__": path, "__metrics_path__": "/x"}}]}
        _, server = self.start_server("narthex", {"scrape_configs": [job]})
        asked = await_true("the socket is scraped", lambda: server.query("asked"), 20)
        self.assertEqual(asked, [({"__name__": "asked", "host": "host.invalid:1", "path": "/x",
                                   "instance": "host.invalid:1", "job": "socket"}, 1)])

    @unittest.skipUnless(NODE_EXPORTER, "there is no prometheus-node-exporter")
    def test_node_exporters_text_and_protobuf_are_the_same_series(self):
        url = urllib.parse.urlsplit(self.start_node_exporter())
        jobs = [{"job_name": protocol, "scrape_interval": "500ms", "scrape_timeout": "500ms",
                 "scrape_protocols": [protocol], "static_configs": [{"targets": [url.netloc]}]}
                for protocol in ("PrometheusText0.0.4", "PrometheusProto")]
        _, server = self.start_server("narthex", {"scrape_configs": jobs})
        text, protobuf = (await_true(f"{job['job_name']} is scraped",
                                     lambda j=job: self.server_samples(server, j["job_name"])) for job in jobs)
        self.assertGreater(len(text), 100)
        self.assertEqual(text.keys(), protobuf.keys())

    @unittest.skipUnless(PROMETHEUS, "there is no Prometheus: set NARTHEX_PEER_PROMETHEUS to its path")
    def test_prometheus_scrapes_every_format_without_a_warning(self):
        targets = {"exposer": urllib.parse.urlsplit(self.start_exposer()).netloc}
        _, own = self.start_server("narthex", {"scrape_configs": []})
        targets["server"] = urllib.parse.urlsplit(own.base).netloc
        jobs = [{"job_name": f"{name}-{protocol}", "scrape_protocols": [protocol],
                 "always_scrape_classic_histograms": True,
                 "static_configs": [{"targets": [target]}]}
                for name, target in targets.items() for protocol in PROTOCOLS]
        process, peer = self.start_server("prometheus", {
            "global": {"scrape_interval": "300ms", "scrape_timeout": "300ms"}, "scrape_configs": jobs})
        for job in jobs:
            name = job["job_name"]
            with self.subTest(name):
                await_true(f"{name} is scraped five times",
                           lambda n=name: peer.query(f'count_over_time(up{{job="{n}"}}[1m]) >= 5'))
                self.assertEqual([value for _, value in peer.query(f'min_over_time(up{{job="{name}"}}[1m])')], [1])
        # Every format has the series of text 0.0.4; protobuf has native histograms besides.
        for protocol in PROTOCOLS:
            with self.subTest(protocol):
                missing = peer.query(
                    'count by (__name__) ({job="exposer-PrometheusText0.0.4",__name__=~"demo_.+"}) unless '
                    f'count by (__name__) ({{job="exposer-{protocol}",__name__=~"demo_.+"}})')
                self.assertEqual(missing, [])
        native = peer.query('histogram_count(demo_http_request_duration_seconds{job="exposer-PrometheusProto"}) > 0')
        self.assertGreater(len(native), 0)
        complaints = [line for line in process.log().splitlines()
                      if ("level=WARN" in line or "level=ERROR" in line) and "scrape" in line.lower()]
        self.assertEqual(complaints, [])

    @unittest.skipUnless(PROMTOOL, "there is no promtool: set NARTHEX_PEER_PROMTOOL to its path")
    def test_promtool_finds_nothing_to_say(self):
        _, body = fetch(self.start_exposer(), ACCEPT["text"])
        done = subprocess.run([PROMTOOL, "check", "metrics"], input=body, capture_output=True, timeout=60,
                              check=False)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, b""))


PEER_TESTS = ("prometheus", "promtool")  # in the names of the tests that need them


def load(is_peer):
    loader = unittest.TestLoader()
    names = loader.getTestCaseNames(Formats)
    return unittest.TestSuite(Formats(name) for name in names
                              if is_peer == any(peer in name for peer in PEER_TESTS))


if __name__ == "__main__":
    IS_PEER = sys.argv[1:] == ["peer"]
    if not IS_PEER and os.environ.get("CI") == "true" and not (PYTHON and NODE_EXPORTER):
        sys.exit("failed: CI needs the packages python3-prometheus-client and prometheus-node-exporter")
    RESULT = unittest.TextTestRunner(verbosity=2).run(load(IS_PEER))
    if not RESULT.wasSuccessful():
        sys.exit(1)
    sys.exit(SKIPPED if RESULT.skipped else 0)
