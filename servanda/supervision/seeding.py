"""Filling a running platform with the data that somebody who tries it out begins with."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from servanda.configuration import Configuration, Secrets
from servanda.errors import SupervisionError
from servanda.processes import CommandBounds, has_program, run_command
from servanda.supervision.events import describe_exit
from servanda.supervision.fleet import Running


async def seed(configuration: Configuration, running: Running, environ: Mapping[str, str]) -> None:
    """Run the configured command that does it, if there is one.

    Args:
        configuration: Names the command.
        running: The platform; every service is ready.
        environ: Environment that the command starts from.

    Raises:
        ConfigurationError: It names a placeholder that has no value, or a secret that cannot be had.
        SupervisionError: There is no such command, or it ended with an error.
        LimitError: It did not end in time.
    """
    up, root, limits = configuration.up, configuration.root, configuration.limits
    if not up.seed:
        return
    command = running.with_ports.fill_all(up.seed, "up.seed")
    own = running.fill(up.environment, "up.environment", Secrets(root, environ, root))
    environment = {**environ, "PYTHONUNBUFFERED": "1", **own}
    if not has_program(command[0], environment, root):
        raise SupervisionError(
            f"the program '{command[0]}' cannot be found", where="up.seed", hint="install it, or give its full path"
        )
    ended = await run_command(command, environment, root, CommandBounds(limits.command_seconds, limits.output))
    if ended.code:
        lines = "\n".join(f"  {line.expandtabs()}" for line in ended.lines) or "  (no output)"
        raise SupervisionError(
            f"the seed ended {describe_exit(ended.code)}",
            where=shlex.join(command),
            hint=f"the last lines of its output:\n{lines}",
        )
