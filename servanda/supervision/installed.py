"""Processes of a wheel: they run what is installed, never code of the working tree."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from servanda.errors import ConfigurationError
from servanda.supervision.instance import Instance

# They lead Python to other code than what is installed.
_LEADING_AWAY: Final = ("PYTHONPATH", "PYTHONHOME")


def require_own_code(instance: Instance, command: Sequence[str], where: str) -> None:
    """Refuse a command that runs another program than what is installed; that of anything but a wheel may.

    Args:
        instance: Instance of a version.
        command: Its program and arguments.
        where: The place of the command in the configuration, for errors.

    Raises:
        ConfigurationError: It runs a program that was not installed with the wheel, so perhaps that of the candidate.
    """
    source = instance.source
    if not source.installed or not command or command[0] == source.python:
        return
    if os.sep in command[0] or not Path(source.installed, "bin", command[0]).is_file():
        what = f"'{instance.version}' is a wheel, and '{command[0]}' is no program that was installed with it"
        hint = "name one that is, or {python} -m MODULE; a git reference or a folder may run any program"
        raise ConfigurationError(what, where=where, hint=hint)


def with_own_code(instance: Instance, environment: Mapping[str, str]) -> Mapping[str, str]:
    """Return an environment that leads to what is installed only; that of anything but a wheel as it is.

    Args:
        instance: Instance of a version.
        environment: The whole environment of its process.
    """
    source = instance.source
    if not source.installed:
        return environment
    kept = {name: value for name, value in environment.items() if name not in _LEADING_AWAY}
    path = os.pathsep.join((str(Path(source.installed, "bin")), kept.get("PATH", os.defpath)))
    return MappingProxyType({**kept, "PATH": path, "VIRTUAL_ENV": source.installed})
