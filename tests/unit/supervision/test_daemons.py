"""What a service leaves behind in a session of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from servanda.configuration import Service
from servanda.supervision import Plan, start
from tests.unit.supervision.conftest import SERVER

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process adopt orphans")

Server = Callable[..., Service]
Plans = Callable[..., Plan]
_DAEMON = SERVER.with_name("daemon.py")


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("killed", [False, True], ids=["stopped", "killed"])
async def test_a_daemon_of_a_service_ends_with_it(server: Server, plan: Plans, tmp_path: Path, killed: bool) -> None:
    note = tmp_path / "note"
    leaving = server("a", command=("{python}", str(_DAEMON), str(note), str(SERVER)), drain_seconds=0.5)
    async with start(plan(leaving)) as running:
        daemon = int(note.read_text())
        assert _lives(daemon)
        if killed:
            await running.service("a").kill()
            assert not _lives(daemon)
    assert not _lives(daemon)
