"""Starts the programs of the demo on free ports of 127.0.0.1, as build.sh does, for end-to-end tests."""

import base64
import http.cookiejar
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = pathlib.Path(os.environ.get("NARTHEX_BIN", ROOT / "build/release/bin/narthex"))
USER, PASSWORD = "admin", "1234"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def await_true(what, check, seconds=20.0):
    """Polls `check` until it gives something true, which is returned; errors count as not yet."""
    until, last = time.monotonic() + seconds, None
    while time.monotonic() < until:
        try:
            value = check()
            if value:
                return value
            last = value
        except (OSError, ValueError, KeyError, IndexError, AssertionError) as error:
            last = error
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {what} (last: {last!r})")


class Process:
    """One program, its log in a file, ended by its id."""

    def __init__(self, name, arguments, folder, environment=None):
        self.name = name
        self.log_path = folder / f"{name}.log"
        self.arguments = [str(argument) for argument in arguments]
        self.environment = {**os.environ, **(environment or {})}
        self.process = None
        self.start()

    def start(self):
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                self.arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment)

    def log(self):
        return self.log_path.read_text(errors="replace")

    def send(self, number):
        self.process.send_signal(number)

    def stop(self, seconds=10.0):
        """SIGTERM; the exit status."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"{self.name} did not stop within {seconds} s:\n{self.log()[-2000:]}")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


class Client:
    """HTTP with cookies; answers are (status, headers, body)."""

    def __init__(self, base, basic=None):
        self.base = base
        self.headers = {}
        if basic:
            self.headers["Authorization"] = "Basic " + base64.b64encode(":".join(basic).encode()).decode()
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies))

    def request(self, path, data=None, method=None, timeout=10.0):
        headers = dict(self.headers)
        if data is not None and not isinstance(data, bytes):
            data = json.dumps(data).encode()
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(self.base + path, data=data, headers=headers, method=method)
        try:
            with self.opener.open(request, timeout=timeout) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    def json(self, path, data=None, method=None):
        status, _, body = self.request(path, data, method)
        if status != 200:
            raise AssertionError(f"{path}: {status} {body[:300]!r}")
        return json.loads(body)

    def query(self, expression, at=None):
        """The result of an instant query, [(labels, value)]."""
        parameters = {"query": expression, **({"time": at} if at is not None else {})}
        answer = self.json("/api/v1/query?" + urllib.parse.urlencode(parameters))
        return [(series["metric"], float(series["value"][1])) for series in answer["data"]["result"]]


class Demo:
    """Exposer, server, dashboards and, where the machine has it, a node exporter."""

    def __init__(self, scrape_interval="1s", with_node_exporter=True, configuration=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="narthex-e2e-"))
        self.ports = {name: free_port() for name in ("exposer", "prometheus", "grafana", "node")}
        self.aliases = []
        for name in ("exposer", "prometheus", "grafana", "node"):
            self.aliases += ["--host-alias", f"{name}=127.0.0.1:{self.ports[name]}"]
        self.scrape_interval = scrape_interval
        text = configuration or (ROOT / "prometheus/prometheus.yml").read_text()
        if with_node_exporter and configuration is None:
            text += "\n  - job_name: node\n    static_configs:\n      - targets: ['node:9100']\n"
        self.configuration = self.folder / "prometheus.yml"
        self.configuration.write_text(text)
        self.provisioning = self.folder / "provisioning"
        shutil.copytree(ROOT / "grafana/provisioning", self.provisioning)
        self.processes = {}
        self.with_node_exporter = with_node_exporter

    def url(self, name):
        return f"http://127.0.0.1:{self.ports[name]}"

    def start(self, name, storage=None, flags=()):
        address = f"127.0.0.1:{self.ports[name]}"
        if name == "exposer":
            arguments, environment = [BINARY, "exposer", f"--web.listen-address={address}"], {}
        elif name == "prometheus":
            arguments = [BINARY, "server", f"--config.file={self.configuration}",
                         f"--storage.tsdb.path={storage or self.folder / 'prometheus'}",
                         f"--web.listen-address={address}", f"--scrape.interval={self.scrape_interval}",
                         "--web.enable-lifecycle", *self.aliases, *flags]
            environment = {}
        elif name == "grafana":
            arguments = [BINARY, "dashboards", f"--web.listen-address={address}", *self.aliases]
            environment = {"GF_SECURITY_ADMIN_USER": USER, "GF_SECURITY_ADMIN_PASSWORD": PASSWORD,
                           "GF_PATHS_DATA": str(self.folder / "grafana"),
                           "GF_PATHS_PROVISIONING": str(self.provisioning),
                           "GF_DASHBOARDS_MIN_REFRESH_INTERVAL": "1s",
                           "SCRAPE_INTERVAL": self.scrape_interval}
        else:
            arguments = [shutil.which("prometheus-node-exporter") or "prometheus-node-exporter",
                         f"--web.listen-address={address}"]
            environment = {}
        self.processes[name] = Process(name, arguments, self.folder, environment)

    def await_healthy(self, name, seconds=20.0):
        path = {"prometheus": "/-/ready", "grafana": "/api/health", "node": "/metrics"}.get(name, "/-/healthy")
        client = Client(self.url(name))

        def check():
            process = self.processes[name]
            if process.process.poll() is not None:
                raise AssertionError(f"{name} ended:\n{process.log()[-2000:]}")
            return client.request(path)[0] == 200

        await_true(f"{name} healthy", check, seconds)

    def start_all(self):
        names = ["exposer", "prometheus", "grafana"] + (["node"] if self.with_node_exporter else [])
        for name in names:
            self.start(name)
        for name in names:
            self.await_healthy(name)
        return names

    def close(self):
        for process in self.processes.values():
            if process.process.poll() is None:
                process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
