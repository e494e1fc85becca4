"""Removes the containers with a label as soon as the process on the other side of standard input is gone.

Started as ``python -I reaper.py LABEL``. A parent that removes them itself writes a byte first.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys


def _reap(label: str) -> None:
    # Imported only now: nearly always there is nothing to do, and then this process costs next to nothing.
    import docker  # noqa: PLC0415
    from docker.errors import APIError  # noqa: PLC0415

    client = docker.from_env()
    for container in client.containers.list(all=True, filters={"label": label}):
        with contextlib.suppress(APIError):
            container.remove(force=True, v=True)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if os.read(0, 1) == b"":
        _reap(sys.argv[1])
