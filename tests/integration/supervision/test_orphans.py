from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from tests.integration.waiting import eventually

SERVER = Path(__file__).parents[2] / "unit" / "supervision" / "programs" / "server.py"
PROGRAM = """
import asyncio, os, sys
from pathlib import Path
from servanda.configuration import load
from servanda.supervision import Plan, start

async def main(folder):
    plan = Plan(load(folder / "servanda.toml"), folder / "run", dict(os.environ))
    async with start(plan) as running:
        sys.stdout.write(running.address("a", "http") + "\\n")
        sys.stdout.flush()
        await asyncio.Event().wait()

asyncio.run(main(Path(sys.argv[1])))
"""
CONFIGURATION = f"""
[services.a]
command = ["{{python}}", "{SERVER}"]
ports = ["http"]
ready = "http://127.0.0.1:{{port.http}}/readyz"
drain_seconds = 2
environment = {{ HTTP_PORT = "{{port.http}}" }}
"""


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_services_end_with_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    (tmp_path / "servanda.toml").write_text(CONFIGURATION)
    command = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as supervisor:
        assert supervisor.stdout is not None
        port = int(supervisor.stdout.readline().rpartition(":")[2])
        assert _answers(port)
        supervisor.send_signal(signal.SIGKILL)
    eventually(lambda: _answers(port), until=lambda answers: not answers, seconds=10)
