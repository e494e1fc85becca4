"""A job that starts nothing: it does what a folder says, which is its first argument, and needs no library.

``HASH.json`` is the result that it writes, ``HASH.kills`` how often it is killed before, and with ``HASH.refused`` it
cannot run. With ``HASH.waits`` its first attempt never ends; ``HASH.began`` then holds its process and those above it.
Each attempt adds a letter to ``HASH.attempts``.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import threading
from pathlib import Path


def ancestors(process: int) -> list[int]:
    """Return a process and those above it."""
    found = []
    while process > 1:
        found.append(process)
        status = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
        process = int(status.rpartition(")")[2].split()[1])
    return found


def main(arguments: list[str]) -> int:
    """Behave as ``servanda run-job`` does."""
    given, rest = Path(arguments[0]), arguments[arguments.index("run-job") + 1 :]
    document = json.loads(Path(rest[0]).read_text(encoding="utf-8"))
    job = rest[1] if len(rest) > 1 and not rest[1].startswith("-") else ""
    name = job or document["jobs"][int(os.environ["JOB_COMPLETION_INDEX"])]["hash"]
    attempts = given / f"{name}.attempts"
    with attempts.open("a", encoding="utf-8") as file:
        file.write("x")
    kills = given / f"{name}.kills"
    if kills.exists() and len(attempts.read_text(encoding="utf-8")) <= int(kills.read_text(encoding="utf-8")):
        os.kill(os.getpid(), signal.SIGKILL)
    if (given / f"{name}.waits").exists() and attempts.stat().st_size == 1:
        began = given / f"{name}.writing"
        began.write_text(" ".join(map(str, ancestors(os.getpid()))), encoding="utf-8")
        began.rename(given / f"{name}.began")
        threading.Event().wait()
    if (given / f"{name}.refused").exists():
        sys.stderr.write("error: shop was not ready within 60 s\n")
        return 2
    if "--results" in rest:
        results = Path(rest[rest.index("--results") + 1])
        results.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(given / f"{name}.json", results / f"{name}.json")
    if "--print" in rest:
        sys.stdout.write((given / f"{name}.json").read_text(encoding="utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
