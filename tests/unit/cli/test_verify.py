"""``verify`` ends: at its deadline, when it is interrupted, and when it is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SERVICE = """
import http.server, os, pathlib, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
class Slow(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/asked":
            pathlib.Path("asked").write_text(f"{os.getpid()}.")
            time.sleep(100)
        self.send_response(200)
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Slow).serve_forever()
"""
CONFIGURATION = """
[limits]
verify_seconds = SECONDS
answer_seconds = 90
[contracts]
pacts = "pacts"
[pacticipants.reader]
owner = "readers"
[services.shop]
owner = "sellers"
command = ["{python}", "service.py"]
drain_seconds = 1
ports = ["web"]
transports = { http = "web" }
ready = "http://127.0.0.1:{port.web}/ready"
[services.shop.environment]
PORT = "{port.web}"
"""


class Shop:
    """A repository whose provider does not answer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.temporary = folder / "temporary"
        for name in ("temporary", "pacts"):
            (folder / name).mkdir()
        (folder / "service.py").write_text(SERVICE, encoding="utf-8")
        asked = {"method": "GET", "path": "/asked"}
        interaction = {"description": "one", "request": asked, "response": {"status": 200, "body": "x"}}
        pact = {
            "consumer": {"name": "reader"},
            "provider": {"name": "shop"},
            "metadata": {"pactSpecification": {"version": "4.0"}},
            "interactions": [interaction],
        }
        (folder / "pacts" / "one.json").write_text(json.dumps(pact), encoding="utf-8")

    def verify(self, seconds: float = 600) -> subprocess.Popen[str]:
        """Start ``verify``."""
        (self.folder / "servanda.toml").write_text(CONFIGURATION.replace("SECONDS", str(seconds)), encoding="utf-8")
        command = [str(Path(sys.executable).with_name("servanda")), "verify"]
        environ = {**os.environ, "TMPDIR": str(self.temporary)}
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=self.folder, env=environ, stdout=pipe, stderr=pipe, text=True)

    def service(self, run: subprocess.Popen[str]) -> int:
        """Wait until the provider was asked, and return its process id."""
        note = self.folder / "asked"
        while not note.is_file() or not note.read_text().endswith("."):
            assert run.poll() is None, run.communicate()
            time.sleep(0.01)
        return int(note.read_text()[:-1])


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def is_gone(pid: int, seconds: float = 20.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def test_verify_ends_at_its_deadline(shop: Shop) -> None:
    run = shop.verify(seconds=4)
    pid = shop.service(run)
    _, told = run.communicate(timeout=60)
    assert (run.returncode, is_gone(pid)) == (2, True)
    assert "error: verify did not end within 4 s" in told
    assert "raise 'verify_seconds' in [limits]" in told


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -signal.SIGKILL)]
)
def test_nothing_is_left_running_however_verify_is_ended(shop: Shop, number: signal.Signals, code: int) -> None:
    run = shop.verify()
    pid = shop.service(run)
    run.send_signal(number)
    run.communicate(timeout=60)
    assert (run.returncode, is_gone(pid)) == (code, True)
    assert number is signal.SIGKILL or list(shop.temporary.iterdir()) == []
