#!/usr/bin/env python3
"""Load on the dashboards service: start, idle memory, search among many dashboards, many viewers of one.

    bench/dashboards_load.py [BINARY] [--dashboards 10000] [--viewers 200] [--seconds 15]

Prints one line a figure. CPU time is the service's own, so that this program beside it disturbs little.
"""

import argparse
import base64
import concurrent.futures
import http.client
import http.server
import json
import os
import pathlib
import random
import shutil
import socket
import statistics
import subprocess
import tempfile
import threading
import time

AUTHORIZATION = {"Authorization": "Basic " + base64.b64encode(b"admin:1234").decode()}


VALUES = [[1700000000 + 15 * i, str(i % 7 + 0.25)] for i in range(240)]
ANSWER = json.dumps({"status": "success", "data": {"resultType": "matrix", "result": [
    {"metric": {"__name__": "m", "job": f"j{i}"}, "values": VALUES} for i in range(3)]}}).encode()


class Prometheus(http.server.BaseHTTPRequestHandler):
    """Answers every range query with three series of 240 samples."""

    protocol_version = "HTTP/1.1"
    asked = 0
    body = ANSWER

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        Prometheus.asked += 1
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_):
        pass


class Service:
    def __init__(self, binary, folder, **settings):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.begin = time.perf_counter()
        self.process = subprocess.Popen(
            [binary, "dashboards", f"--web.listen-address=127.0.0.1:{self.port}"], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, env={
                **os.environ, "GF_SECURITY_ADMIN_PASSWORD": "1234", "GF_PATHS_DATA": str(folder / "data"),
                "GF_PATHS_PROVISIONING": str(folder / "none"), "GF_LOG_LEVEL": "error", **settings})

    def await_ready(self):
        while True:
            try:
                if self.connect().request_once("GET", "/api/health")[0] == 200:
                    return time.perf_counter() - self.begin
            except OSError:
                time.sleep(0.002)

    def connect(self):
        return Connection(self.port)

    def status(self, key):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(key):
                return int(line.split()[1])
        return 0

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Connection:
    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def request_once(self, method, path, body=None):
        self.connection.request(method, path, json.dumps(body) if body is not None else None,
                                {**AUTHORIZATION, "Content-Type": "application/json"})
        answer = self.connection.getresponse()
        return answer.status, answer.read()


def percentile(values, share):
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def save_many(service, count):
    def save(part):
        connection = service.connect()
        for i in range(part, count, 4):
            status, answer = connection.request_once("POST", "/api/dashboards/db", {"dashboard": {
                "uid": f"d{i}", "title": f"Service {i % 97} of team {i}", "tags": [f"tag{i % 50}"],
                "panels": [{"id": n, "type": "timeseries", "title": f"P{n}"} for n in range(5)]}})
            assert status == 200, answer
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(save, range(4)))


def search_times(service, count):
    connection, times = service.connect(), []
    queries = ["query=team%209", "query=service%2042", "tag=tag7", "tag=tag7&query=service", "type=dash-db&limit=50",
               "query=nothing%20like%20it", "dashboardUIDs=d17", "starred=true"]
    for _ in range(count):
        begin = time.perf_counter()
        status, _ = connection.request_once("GET", "/api/search?limit=100&" + random.choice(queries))
        times.append((time.perf_counter() - begin) * 1000)
        assert status == 200
    return times


def view(service, viewers, seconds):
    """Each viewer refreshes 20 panels every 5 s; times of single answers in ms, and how many there were."""
    end, times, lock = time.monotonic() + seconds, [], threading.Lock()

    def viewer(number):
        connection = service.connect()
        time.sleep(random.random() * 5)
        while time.monotonic() < end:
            begin = time.monotonic()
            mine = []
            now = int(time.time() * 1000)
            for panel in range(20):
                start = time.perf_counter()
                status, _ = connection.request_once("POST", "/api/ds/query", {
                    "from": str(now - 3_600_000), "to": str(now), "queries": [{
                        "refId": "A", "expr": f"m{panel}", "range": True, "datasource": {"uid": "prom"},
                        "intervalMs": 15000, "maxDataPoints": 240}]})
                mine.append((time.perf_counter() - start) * 1000)
                assert status == 200
            with lock:
                times.extend(mine)
            time.sleep(max(0.0, 5 - (time.monotonic() - begin)))

    threads = [threading.Thread(target=viewer, args=(n,)) for n in range(viewers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary", nargs="?", default="build/release/bin/narthex")
    parser.add_argument("--dashboards", type=int, default=10_000)
    parser.add_argument("--viewers", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=15)
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="narthex-load-"))
    peer = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Prometheus)
    threading.Thread(target=peer.serve_forever, daemon=True).start()
    service = Service(options.binary, folder)
    try:
        print(f"first start to ready: {service.await_ready() * 1000:.0f} ms")
        service.stop()
        starts = []
        for _ in range(5):
            service = Service(options.binary, folder)
            starts.append(service.await_ready() * 1000)
            if len(starts) < 5:
                service.stop()
        print(f"later starts to ready: median {statistics.median(starts):.0f} ms")
        time.sleep(1)
        print(f"idle: {service.status('RssAnon') / 1024:.1f} MiB anonymous, {service.status('VmRSS') / 1024:.1f} MiB resident")

        begin, cpu = time.perf_counter(), service.cpu_seconds()
        save_many(service, options.dashboards)
        print(f"{options.dashboards} saves: {options.dashboards / (time.perf_counter() - begin):.0f}/s, "
              f"{(service.cpu_seconds() - cpu) * 1e3 / options.dashboards:.2f} ms CPU each")
        cpu, times = service.cpu_seconds(), search_times(service, 1000)
        print(f"search of {options.dashboards}: p50 {percentile(times, 0.5):.1f} ms, p99 {percentile(times, 0.99):.1f} ms, "
              f"{(service.cpu_seconds() - cpu):.2f} ms CPU each")

        status, answer = service.connect().request_once("POST", "/api/datasources", {
            "name": "prom", "uid": "prom", "type": "prometheus", "url": f"http://127.0.0.1:{peer.server_port}"})
        assert status == 200, answer
        cpu, Prometheus.asked = service.cpu_seconds(), 0
        times = view(service, options.viewers, options.seconds)
        print(f"{options.viewers} viewers, 20 panels, every 5 s: {len(times)} answers, {Prometheus.asked} asked of the data "
              f"source, p50 {percentile(times, 0.5):.1f} ms, p99 {percentile(times, 0.99):.1f} ms, "
              f"{(service.cpu_seconds() - cpu) * 1e3 / len(times):.2f} ms CPU each")
        print(f"afterwards: {service.status('RssAnon') / 1024:.1f} MiB anonymous, highest {service.status('VmHWM') / 1024:.1f} MiB")
    finally:
        service.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
