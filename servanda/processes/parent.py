"""Children that end with the thread that started them, also when it has no chance to end them."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from functools import cache


def ending_with_parent(command: Sequence[str]) -> tuple[str, ...]:
    """Return the command line that runs a command and has the system kill it when its parent is gone.

    Asked for by ``setpriv --pdeathsig`` (util-linux; prctl(2), ``PR_SET_PDEATHSIG``) and not by code of this process
    between fork and exec: libraries such as gRPC have threads here, and a fork that runs more code may crash.

    Returns:
        The command itself where the system has nothing of the kind: only Linux has.
    """
    return (*_prefix(), *command)


@cache
def _prefix() -> tuple[str, ...]:
    # The folders of the system and not those of PATH: it is the same program for every tool.
    found = shutil.which("setpriv", path=os.defpath) if sys.platform == "linux" else None
    return (found, "--pdeathsig", "KILL", "--") if found else ()
