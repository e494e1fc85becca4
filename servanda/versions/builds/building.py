"""Running the commands that make a version ready."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from servanda.configuration import Limits
from servanda.errors import ConfigurationError, ProcessError
from servanda.processes import CommandBounds, has_program, run_command

# They say which environment is installed into; each version has its own.
_OF_THE_SUITE: Final = ("VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT", "UV_PROJECT", "PYTHONPATH", "PYTHONHOME")
_SHOWN: Final = 20


async def build(
    command: Sequence[str], environ: Mapping[str, str], folder: Path, limits: Limits, *, named: str, hint: str
) -> None:
    """Run a command that makes a version ready, and wait for its end.

    Args:
        command: The command.
        environ: The environment of the suite, of which what names the suite's own Python is left out.
        folder: Where it runs.
        limits: How long it may take, and how much is kept of what it writes.
        named: The version, for errors.
        hint: What to do when the program is missing, or the command fails.

    Raises:
        ConfigurationError: There is no such program.
        ProcessError: It fails.
        LimitError: It does not end in time.
    """
    environment = {name: value for name, value in environ.items() if name not in _OF_THE_SUITE}
    where = f"{named}: {shlex.join(command)}"
    if not has_program(command[0], environment, folder):
        raise ConfigurationError(f"the program '{command[0]}' cannot be found", where=where, hint=f"install it; {hint}")
    ended = await run_command(command, environment, folder, CommandBounds(limits.command_seconds, limits.output))
    if ended.code:
        said = "\n".join(ended.lines[-_SHOWN:]) or "(no output)"
        raise ProcessError(f"the version could not be built: code {ended.code}\n{said}", where=where, hint=hint)
