"""Environment in which a Python service notes its statements."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from servanda.recording.sql.inside.servanda_statements import FOLDER

INSIDE: Final = Path(__file__).with_name("inside")


def probing(folder: Path, environment: Mapping[str, str]) -> Mapping[str, str]:
    """Return the variables that let a process and those that it starts note their statements into a folder.

    Args:
        folder: The folder; each process makes a file in it.
        environment: The environment of the process as it is without.
    """
    others = environment.get("PYTHONPATH", "")
    return {FOLDER: str(folder), "PYTHONPATH": f"{INSIDE}{os.pathsep}{others}" if others else str(INSIDE)}
