"""What has to be true of the demo in containers; addresses come from the environment."""

import os
import subprocess
import time
import urllib.parse

from demo import Client, await_true

COMPOSE = os.environ["NARTHEX_COMPOSE"].split()
ENGINE, PROJECT = os.environ["NARTHEX_ENGINE"], os.environ["NARTHEX_PROJECT"]


def client(name, **options):
    return Client(f"http://127.0.0.1:{os.environ[name + '_PORT']}", **options)


def kill(service):
    """SIGKILL by the engine: not every compose command has it."""
    labels = [f"label=com.docker.compose.project={PROJECT}", f"label=com.docker.compose.service={service}"]
    filters = [word for label in labels for word in ("--filter", label)]
    ids = subprocess.run([ENGINE, "ps", "-q", *filters], check=True, capture_output=True, text=True).stdout.split()
    assert len(ids) == 1, (service, ids)
    subprocess.run([ENGINE, "kill", "--signal", "KILL", *ids], check=True, stdout=subprocess.DEVNULL)


def main():
    exposer, server = client("EXPOSER"), client("PROMETHEUS")
    grafana = client("GRAFANA", basic=(os.environ["GF_SECURITY_ADMIN_USER"], os.environ["GF_SECURITY_ADMIN_PASSWORD"]))

    def all_up():
        up = {labels["job"]: value for labels, value in server.query("up")}
        return set(up) == {"exposer", "prometheus", "grafana"} and all(value == 1 for value in up.values())

    await_true("up is 1 for all three", all_up, 40)
    print("ok: every target is up")

    def total():
        lines = exposer.request("/metrics")[2].decode().splitlines()
        return time.time(), sum(float(line.rsplit(" ", 1)[1]) for line in lines
                                if line.startswith("demo_http_requests_total{"))

    start, first = total()
    await_true("30 s of samples", lambda: time.time() - start > 30, 35)
    end, last = total()
    want = (last - first) / (end - start)
    rate = server.query(f"sum(rate(demo_http_requests_total[{int(end - start)}s]))", end)[0][1]
    assert abs(rate - want) / want < 0.05, (rate, want)
    print(f"ok: rate() is {rate:.2f}/s, counted {want:.2f}/s")

    path = "/api/v1/query?" + urllib.parse.urlencode({"query": "sort(up)", "time": end})
    assert grafana.json("/api/datasources/proxy/uid/prometheus" + path)["data"] == server.json(path)["data"]
    assert any(row["uid"] == "test-dashboard" for row in grafana.json("/api/search"))
    print("ok: the dashboards answer as the server does")

    grafana.json("/api/dashboards/db", {"dashboard": {"uid": "kept", "title": "Kept", "panels": []}})
    before = server.query("count_over_time(up[10m])", end)
    kill("prometheus")
    for command in (["stop", "grafana"], ["start", "prometheus"], ["start", "grafana"]):
        subprocess.run([*COMPOSE, *command], check=True, stdout=subprocess.DEVNULL)
    await_true("the server again", lambda: server.request("/-/ready")[0] == 200, 30)
    await_true("the dashboards again", lambda: grafana.request("/api/health")[0] == 200, 30)
    assert server.query("count_over_time(up[10m])", end) == before
    assert grafana.json("/api/dashboards/uid/kept")["dashboard"]["title"] == "Kept"
    print("ok: samples and dashboards survive kill and restart")


if __name__ == "__main__":
    main()
