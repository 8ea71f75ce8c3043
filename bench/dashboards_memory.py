#!/usr/bin/env python3
"""Memory of the dashboards service while it passes answers of 50 MB on, by the proxy and as data frames.

    bench/dashboards_memory.py [BINARY] [--megabytes 50]

Prints one line a way: the highest resident memory before and with the answer, from a fresh process each time. The first is
that of the hash of a password, which basic authentication costs.
"""

import argparse
import http.client
import http.server
import json
import pathlib
import shutil
import tempfile
import threading
import time

import dashboards_load as load

SAMPLES = 10_000


def series(number):
    values = ",".join(f'[{1_700_000_000 + 15 * i},"{(i * 7919 + number) % 100_000 / 8}"]' for i in range(SAMPLES))
    return f'{{"metric":{{"__name__":"m","instance":"host{number}"}},"values":[{values}]}}'.encode()


class Prometheus(http.server.BaseHTTPRequestHandler):
    """One large matrix, chunked as Prometheus sends it."""

    protocol_version = "HTTP/1.1"
    pieces = []

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.do_GET()

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in self.pieces:
            self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_):
        pass


def pass_on(service, method, path, body, pause):
    """How many bytes came; `pause` seconds between megabytes."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=120)
    connection.request(method, path, body, {**load.AUTHORIZATION, "Content-Type": "application/json"})
    answer, size = connection.getresponse(), 0
    assert answer.status == 200, answer.read()
    while piece := answer.read(1 << 20):
        size += len(piece)
        time.sleep(pause)
    return size


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary", nargs="?", default="build/release/bin/narthex")
    parser.add_argument("--megabytes", type=int, default=50)
    options = parser.parse_args()
    one = series(1)
    count = options.megabytes * 1_000_000 // len(one)
    Prometheus.pieces = [b'{"status":"success","data":{"resultType":"matrix","result":[',
                         *(series(n) + (b"," if n < count else b"]}}") for n in range(1, count + 1))]
    sent = sum(map(len, Prometheus.pieces))
    peer = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Prometheus)
    threading.Thread(target=peer.serve_forever, daemon=True).start()
    query = json.dumps({"from": "1700000000000", "to": "1700150000000", "queries": [{
        "refId": "A", "expr": "m", "range": True, "datasource": {"uid": "prom"}, "intervalMs": 15000, "maxDataPoints": 10001}]})
    for name, method, path, body, pause in (
            ("proxy", "GET", "/api/datasources/proxy/uid/prom/api/v1/query_range?query=m", None, 0),
            ("proxy, slow reader", "GET", "/api/datasources/proxy/uid/prom/api/v1/query_range?query=m", None, 0.05),
            ("data frames", "POST", "/api/ds/query", query, 0)):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="narthex-memory-"))
        service = load.Service(options.binary, folder)
        try:
            service.await_ready()
            status, answer = service.connect().request_once("POST", "/api/datasources", {
                "name": "prom", "uid": "prom", "type": "prometheus", "url": f"http://127.0.0.1:{peer.server_port}"})
            assert status == 200, answer
            before, cpu = service.status("VmHWM"), service.cpu_seconds()
            size = pass_on(service, method, path, body, pause)
            print(f"{name}: {sent / 1e6:.1f} MB in, {size / 1e6:.1f} MB out, highest resident {before / 1024:.1f} -> "
                  f"{service.status('VmHWM') / 1024:.1f} MiB, {service.cpu_seconds() - cpu:.2f} s CPU")
        finally:
            service.stop()
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
