#!/usr/bin/env python3
"""build.sh and purge.sh as a user runs them, on a copy of the scripts with settings of its own."""

import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import unittest

from demo import BINARY, ROOT, Client, await_true, free_port


class Scripts(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="narthex-scripts-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        for name in ("build.sh", "purge.sh", ".env.example"):
            shutil.copy(ROOT / name, self.folder)
        for name in ("tools", "prometheus", "grafana"):
            shutil.copytree(ROOT / name, self.folder / name)
        (self.folder / "build/release/bin").mkdir(parents=True)
        os.symlink(BINARY.resolve(), self.folder / "build/release/bin/narthex")

    def run_script(self, *command):
        # Settings come from .env alone.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GF_")}
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=90,
                              stdin=subprocess.DEVNULL, env=environment)

    def write_settings(self, **settings):
        (self.folder / ".env").write_text("".join(f"{key}={value}\n" for key, value in settings.items()))

    def test_wrong_setting_is_named_with_its_place_and_nothing_starts(self):
        cases = (
            ("PROMETHEUS_PORT=nine", ("PROMETHEUS_PORT", "nine", "1 to 65535")),
            ("GRAFANA_PORT=70000", ("GRAFANA_PORT", "70000")),
            ("GRAFANA_PORT=8000", ("GRAFANA_PORT", "EXPOSER_PORT", "8000")),
            ("BIND_ADDRESS=everywhere", ("BIND_ADDRESS", "everywhere")),
            ("RETENTION=long", ("RETENTION", "long", "15d")),
            ("SCRAPE_INTERVAL=2", ("SCRAPE_INTERVAL", "\"2\"")),
            ("NO_SUCH=1", (".env:1", "NO_SUCH", ".env.example")),
            ("# fine\nnonsense", (".env:2", "nonsense", "KEY=VALUE")),
            ("GF_SECURITY_ADMIN_PASSWORD=", (".env:1", "GF_SECURITY_ADMIN_PASSWORD")),
            ("DATA_DIR=/", ("DATA_DIR",)),
        )
        for text, words in cases:
            with self.subTest(text):
                (self.folder / ".env").write_text(text + "\n")
                result = self.run_script("./build.sh", "--no-build")
                self.assertEqual(result.returncode, 1, result.stdout)
                for word in words:
                    self.assertIn(word, result.stderr)
                self.assertFalse((self.folder / ".data").exists())

    def test_settings_are_never_executed(self):
        (self.folder / ".env").write_text("EXPOSER_PORT=$(touch executed)\n")
        self.assertEqual(self.run_script("./build.sh", "--no-build").returncode, 1)
        self.assertFalse((self.folder / "executed").exists())

    def test_used_port_is_named_and_nothing_starts(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            self.write_settings(EXPOSER_PORT=free_port(), PROMETHEUS_PORT=port, GRAFANA_PORT=free_port())
            result = self.run_script("./build.sh", "--no-build")
        self.assertEqual(result.returncode, 1)
        self.assertIn(f"port {port} (PROMETHEUS_PORT) is in use", result.stderr)
        self.assertFalse((self.folder / ".data").exists())

    def test_start_restart_and_purge(self):
        ports = {name: free_port() for name in ("EXPOSER_PORT", "PROMETHEUS_PORT", "GRAFANA_PORT")}
        self.write_settings(**ports, BIND_ADDRESS="127.0.0.1", SCRAPE_INTERVAL="1s",
                            GF_SECURITY_ADMIN_PASSWORD="very secret")
        self.addCleanup(self.run_script, "./purge.sh", "--yes")
        pids = []
        for _ in range(2):
            result = self.run_script("./build.sh", "--no-build")
            self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
            self.assertNotIn("very secret", result.stdout + result.stderr)
            for port in ports.values():
                self.assertIn(f":{port}/", result.stdout)
            pids.append({path.stem: path.read_text() for path in (self.folder / ".data/run").iterdir()})
        self.assertEqual(set(pids[0]), {"exposer", "prometheus", "grafana"})
        self.assertFalse(set(pids[0].values()) & set(pids[1].values()), "the second call restarts")
        server = Client(f"http://127.0.0.1:{ports['PROMETHEUS_PORT']}")
        await_true("all three are scraped", lambda: [value for _, value in server.query("up")] == [1, 1, 1])

        (self.folder / ".data/somebody-elses").write_text("kept")
        refused = self.run_script("./purge.sh")
        self.assertNotEqual(refused.returncode, 0, "without a terminal it cannot ask")
        self.assertEqual(server.request("/-/healthy")[0], 200)
        purged = self.run_script("./purge.sh", "--yes")
        self.assertEqual(purged.returncode, 0, purged.stderr)
        self.assertEqual([path.name for path in (self.folder / ".data").iterdir()], ["somebody-elses"])
        for pid in pids[1].values():
            self.assertFalse(pathlib.Path(f"/proc/{pid.strip()}/exe").exists())
        self.assertIn("nothing to delete", self.run_script("./purge.sh", "--yes").stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
