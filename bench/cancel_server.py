#!/usr/bin/env python3
"""How long a query keeps its place in a real server once its client has gone.

  cancel_server.py NARTHEX [SERIES]

The server scrapes SERIES series (300,000) once and has one place for queries. A client asks, leaves
at one of several moments, and another one asks for `1`: the time until that is answered is shown, at
worst, beside what `1` takes with nobody before it.
"""
import http.client
import http.server
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

MOMENTS = 12
QUERIES = [
    "sort(a)", "sort_desc(a)", 'label_replace(a, "x", "$1", "pod", "(.*)-.*")', "sum by (pod) (a)",
    'sum(label_replace(a, "x", "$1", "pod", "(.*)-.*"))', "a + on (pod) b", "a and on (pod) b",
    "a or on (pod) b", "topk(100000, a)", "quantile by (pod) (0.5, a)",
    "count(sum by (pod) (a) + sum by (pod) (b))", "histogram_quantile(0.9, h)", "a", "a + a",
]


def exposition(count):
    lines = []
    for name in "ab":
        for n in range(count // 3):
            lines.append(f'{name}{{namespace="namespace-{n % 100}",pod="pod-{n:06}-7c9d8b"}} {n % 1000}')
    for n in range(count // 30):
        for le in ("0.1", "0.2", "0.3", "0.5", "1", "2", "3", "5", "10", "+Inf"):
            lines.append(f'h{{le="{le}",pod="pod-{n:06}-7c9d8b"}} 3')
    return ("\n".join(lines) + "\n").encode()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Target(http.server.BaseHTTPRequestHandler):
    body = b""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_):
        pass


def path_of(query, at):
    return "/api/v1/query?" + urllib.parse.urlencode({"query": query, "time": at})


def ask(port, query, at):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    start = time.perf_counter()
    connection.request("GET", path_of(query, at))
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return (time.perf_counter() - start) * 1e3, answer.status


def keep_time(port, query, at, leave_after_ms):
    """Asks, leaves and asks for `1`; how long that took."""
    client = socket.create_connection(("127.0.0.1", port))
    client.sendall(f"GET {path_of(query, at)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    time.sleep(leave_after_ms / 1e3)
    client.close()
    return ask(port, "1", at)[0]


def measure(port, at):
    alone = max(ask(port, "1", at)[0] for _ in range(MOMENTS))
    print(f"{'1':58} {'':>10} {alone:8.1f} ms")
    for query in QUERIES:
        whole, status = ask(port, query, at)
        if status != 200:
            sys.exit(f"{query}: status {status}")
        whole = min(whole, ask(port, query, at)[0])
        kept = [(keep_time(port, query, at, whole * m / MOMENTS), m) for m in range(MOMENTS)]
        longest, moment = max(kept)
        print(f"{query:58} {whole:7.0f} ms {longest:8.1f} ms at {100 * moment // MOMENTS} %", flush=True)


def main():
    binary = os.path.abspath(sys.argv[1])
    Target.body = exposition(int(sys.argv[2]) if len(sys.argv) > 2 else 300_000)
    target = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Target)
    threading.Thread(target=target.serve_forever, daemon=True).start()
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/prometheus.yml", "w", encoding="utf-8") as config:
            config.write(
                "global: {scrape_interval: 20s, scrape_timeout: 20s}\nscrape_configs:\n"
                f"- {{job_name: j, static_configs: [{{targets: ['127.0.0.1:{target.server_port}']}}]}}\n"
            )
        server = subprocess.Popen(
            [binary, "server", f"--config.file={folder}/prometheus.yml",
             f"--storage.tsdb.path={folder}/data", f"--web.listen-address=127.0.0.1:{port}",
             "--query.max-concurrency=1", "--web.enable-lifecycle"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 120
            while time.monotonic() < deadline:
                try:
                    at = time.time()
                    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                    connection.request("GET", path_of("count(h) > 0", at))
                    if b'"value"' in connection.getresponse().read():
                        break
                except OSError:
                    pass
                time.sleep(0.2)
            # No scrape beside the queries.
            with open(f"{folder}/prometheus.yml", "w", encoding="utf-8") as config:
                config.write("global: {}\n")
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("POST", "/-/reload")
            if connection.getresponse().status != 200:
                sys.exit("the configuration is not read again")
            time.sleep(5)  # until the series that are gone are marked
            measure(port, at)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()


if __name__ == "__main__":
    main()
