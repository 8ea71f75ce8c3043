#!/usr/bin/env python3
"""Load of the dashboards' live channel: many viewers of one dashboard, told of new samples every 5 s.

    bench/dashboards_live_load.py [BINARY] [--viewers 200] [--panels 20] [--seconds 60]

Prints one line a figure. CPU time is the service's own. A delay is from the moment at which the service may ask the data
source (docs/formats/live.md: half a second after the step) to the arrival of the samples at one viewer.
"""

import argparse
import http.server
import json
import pathlib
import selectors
import shutil
import socket
import tempfile
import threading
import time
import urllib.parse

import dashboards_load as load

STEP_MS = 5000
ASKED_AFTER_MS = 500
SERIES = 3


class Prometheus(http.server.BaseHTTPRequestHandler):
    """Answers range queries with three series that have a sample at each step of the span."""

    protocol_version = "HTTP/1.1"
    asked = 0

    def do_POST(self):
        asked = urllib.parse.parse_qs(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
        Prometheus.asked += 1
        start, end, step = (float(asked[key][0]) for key in ("start", "end", "step"))
        values = [[start + i * step, str(i % 7 + 0.25)] for i in range(int((end - start) / step) + 1)]
        body = json.dumps({"status": "success", "data": {"resultType": "matrix", "result": [
            {"metric": {"__name__": "m", "job": f"j{i}"}, "values": values} for i in range(SERIES)]}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Viewer:
    """One open stream."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        head = "".join(f"{name}: {value}\r\n" for name, value in load.AUTHORIZATION.items())
        self.socket.sendall(f"GET /api/live/dashboards/d/events HTTP/1.1\r\nHost: x\r\n{head}\r\n".encode())
        self.text = b""
        while b"event: hello" not in self.text or not self.text.endswith(b"\n\n\r\n"):
            received = self.socket.recv(65536)
            assert received, self.text
            self.text += received
        self.client = self.text.split(b'"client":"')[1].split(b'"')[0].decode()
        self.text = b""

    def subscribe(self, service, panels):
        status, answer = service.connect().request_once("POST", "/api/live/dashboards/d/subscriptions", {
            "client": self.client, "from": "now-1h", "to": "now", "panels": [{"panelId": n, "queries": [{
                "refId": "A", "expr": f"m{n}", "range": True, "datasource": {"uid": "prom"},
                "intervalMs": STEP_MS, "maxDataPoints": 800}]} for n in range(panels)]})
        assert status == 200 and len(json.loads(answer)["channels"]) == panels, answer

    def read(self):
        """The delays of the events that have come, in ms."""
        received = self.socket.recv(1 << 20)
        assert received, "the service has ended a stream"
        now = time.time() * 1000
        *whole, self.text = (self.text + received).split(b"\n\n")
        delays = []
        for event in whole:
            assert b"event: end" not in event and b"event: error" not in event, event
            if b"event: points" in event:
                to = float(event.split(b'"to":')[1].split(b",")[0])
                delays.append(now - to - ASKED_AFTER_MS)
        return delays


def watch(viewers, seconds):
    delays, end = [], time.monotonic() + seconds
    with selectors.DefaultSelector() as selector:
        for viewer in viewers:
            selector.register(viewer.socket, selectors.EVENT_READ, viewer)
        while (left := end - time.monotonic()) > 0:
            for key, _ in selector.select(left):
                delays += key.data.read()
    return delays


def prepare(service, port):
    connection = service.connect()
    for path, body in (("/api/datasources", {"name": "prom", "uid": "prom", "type": "prometheus",
                                             "url": f"http://127.0.0.1:{port}"}),
                       ("/api/dashboards/db", {"dashboard": {"uid": "d", "title": "D"}})):
        status, answer = connection.request_once("POST", path, body)
        assert status == 200, answer


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary", nargs="?", default="build/release/bin/narthex")
    parser.add_argument("--viewers", type=int, default=200)
    parser.add_argument("--panels", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="narthex-live-"))
    peer = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Prometheus)
    threading.Thread(target=peer.serve_forever, daemon=True).start()
    service = load.Service(options.binary, folder, GF_LIVE_MAX_CONNECTIONS="-1")
    try:
        service.await_ready()
        prepare(service, peer.server_port)
        before = service.status("RssAnon")
        viewers = [Viewer(service.port) for _ in range(options.viewers)]
        for viewer in viewers:
            viewer.subscribe(service, options.panels)
        watch(viewers, 2 * STEP_MS / 1000)  # what subscribing has left behind
        cpu, Prometheus.asked = service.cpu_seconds(), 0
        delays = watch(viewers, options.seconds)
        cpu, asked = service.cpu_seconds() - cpu, Prometheus.asked
        print(f"{options.viewers} viewers, {options.panels} panels, every {STEP_MS // 1000} s, {options.seconds} s: "
              f"{len(delays)} events, {asked} asked of the data source")
        print(f"CPU: {cpu * 60 / options.seconds:.2f} s a minute, {cpu * 1e6 / len(delays):.0f} us an event")
        print(f"delay: p50 {load.percentile(delays, 0.5):.0f} ms, p99 {load.percentile(delays, 0.99):.0f} ms")
        print(f"memory: {before / 1024:.1f} MiB anonymous before, {service.status('RssAnon') / 1024:.1f} MiB with all, "
              f"highest resident {service.status('VmHWM') / 1024:.1f} MiB")
    finally:
        service.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
