"""Runs the suite and notes what it starts, imports and opens: ``python -I audited.py NOTES ARGUMENTS...``."""

from __future__ import annotations

import json
import os
import sys

_STARTS = ("os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile", "os.system", "pty.spawn")


def listen(notes: int) -> None:
    """Write what happens to a file, one JSON document a line."""

    def note(event: str, arguments: tuple[object, ...]) -> None:
        found: dict[str, object] = {}
        if event == "subprocess.Popen" and isinstance(arguments[1], list | tuple):
            found = {"command": [os.fsdecode(part) for part in arguments[1]], "folder": str(arguments[2])}
        elif event == "subprocess.Popen" or event in _STARTS:
            found = {"command": [event, *map(str, arguments)], "folder": ""}
        elif event in ("import", "open") and isinstance(arguments[0], str):
            found = {event: arguments[1] if event == "import" else arguments[0]}
        if not found:
            return
        os.write(notes, json.dumps(found, default=str).encode() + b"\n")

    sys.addaudithook(note)


if __name__ == "__main__":
    listen(os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND))
    from servanda.cli import main

    main(sys.argv[2:], prog_name="servanda")
