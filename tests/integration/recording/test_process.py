"""The plugin as a process."""

import json
import os
import signal
import socket
import subprocess
import sys

from tests.integration.waiting import eventually

START = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-m", "servanda.recording.plugin"], stdout=sys.stdout)
child.wait()
"""


def accepts(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def test_the_process_does_not_outlive_a_parent_that_was_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", START], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        started = json.loads(parent.stdout.readline())
        assert accepts(started["port"])
        os.kill(parent.pid, signal.SIGKILL)

    eventually(lambda: accepts(started["port"]), until=lambda serving: not serving, seconds=30)


def test_the_first_line_says_where_it_serves_and_with_which_key() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "servanda.recording.plugin"], stdout=subprocess.PIPE, text=True
    ) as plugin:
        assert plugin.stdout is not None
        started = json.loads(plugin.stdout.readline())
        plugin.terminate()

    assert set(started) == {"port", "serverKey"}
    assert len(started["serverKey"]) == 36
