"""The group that every command hangs in, and what all commands have in common: configuration, errors, exit codes."""

from __future__ import annotations

import atexit
import functools
import gc
import importlib
import io
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import click

from servanda.cli.ending import end_in_any_case, terminable
from servanda.errors import LimitError, ServandaError
from servanda.escaping import redact, secret_values
from servanda.report.reader import forget_reader
from servanda.report.terminal import complain, say, say_lines

if TYPE_CHECKING:
    from servanda.configuration import Configuration

_Parameters = ParamSpec("_Parameters")
_Answer = TypeVar("_Answer")

COULD_NOT_TELL = 2
INTERRUPTED = 130
TERMINATED = 143

# In the order in which somebody meets them. The sentence stands here too, so that the help needs no import.
COMMANDS = MappingProxyType(
    {
        "up": "Run the whole platform, one process per service, on real stores.",
        "gate": "Decide whether this change may be merged.",
        "check": "Compare the interfaces with a release or another base.",
        "usage": "List the consumers that use an element.",
        "unused": "List the elements that no consumer uses.",
        "observe": "Note what a consumer sends and receives, as a proxy before a provider.",
        "import-usage": "Write a usage log from what another tool knows of a consumer.",
        "waive": "Accept a breaking change until a date.",
        "verify": "Verify providers against their contracts.",
        "publish": "Send the contracts to a broker.",
        "release": "Save the current interfaces as an image to compare with.",
        "explain": "Explain a rule of the comparison.",
    }
)


class _Shown(click.ClickException):
    """An error of click's own, which repeats arguments, told as every other error is."""

    exit_code = click.UsageError.exit_code

    def __init__(self, error: click.ClickException) -> None:
        super().__init__(error.message)
        self._error = error

    def show(self, file: IO[Any] | None = None) -> None:  # noqa: ARG002 - click's signature
        """Print usage, hint and message; click asks for it."""
        whole = io.StringIO()
        self._error.show(whole)
        message = f"Error: {self._error.format_message()}\n"
        told = whole.getvalue()
        for line in told.removesuffix(message).splitlines():
            say(line)
        if told.endswith(message):
            say(message[:-1])


class ServandaGroup(click.Group):
    """Commands that are imported when called; a :class:`ServandaError` becomes words on stderr and exit code 2."""

    def __call__(self, *args: object, **kwargs: object) -> object:
        """Run as a process, which ends with it."""
        # What is left then goes with the process: nobody has to look for cycles in it, and after a check there is much.
        atexit.register(gc.freeze)
        try:
            return super().__call__(*args, **kwargs)
        except SystemExit as end:
            end_in_any_case(end.code)
            raise

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names, in the order of :data:`COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - the same
        """Return the command of that name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"servanda.cli.{cmd_name.replace('-', '_')}").command
        if not isinstance(command, click.Command):
            raise TypeError(f"servanda.cli.{cmd_name} holds no click command named 'command'")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - the same
        """Write the list of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Read the arguments of the group itself."""
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.ClickException as error:
            raise _Shown(error) from None
        except BrokenPipeError:
            raise _unread() from None

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; whatever keeps it from telling ends with exit code 2, never with 1."""
        with terminable() as was_terminated:
            try:
                return self._told(ctx)
            except KeyboardInterrupt:
                say("ended by SIGTERM" if was_terminated() else "interrupted")
                ctx.exit(TERMINATED if was_terminated() else INTERRUPTED)

    def _told(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except ServandaError as error:
            complain(error)
            ctx.exit(COULD_NOT_TELL)
        except RecursionError:
            complain(LimitError("an input is nested too deeply to process"))
            ctx.exit(COULD_NOT_TELL)
        except MemoryError:
            complain(LimitError("out of memory"))
            ctx.exit(COULD_NOT_TELL)
        except click.ClickException as error:
            raise _Shown(error) from None
        except (click.Abort, click.exceptions.Exit):
            raise
        except BrokenPipeError:
            raise _unread() from None
        except Exception:  # noqa: BLE001 - a defect of the suite must not read as a broken contract, exit code 1
            # Without the values of variables, which may be secrets; the message of the exception may repeat one.
            say_lines(redact(traceback.format_exc().rstrip("\n"), secret_values(os.environ)))
            say("error: this is a defect in servanda; please report it with the lines above")
            ctx.exit(COULD_NOT_TELL)


def _unread() -> click.exceptions.Exit:
    """Return the end of a command that printed for nobody; click's own code for it means a broken contract."""
    for stream in (sys.stdout, sys.stderr):
        forget_reader(stream)
    return click.exceptions.Exit(COULD_NOT_TELL)


def load_bounded(path: Path) -> Configuration:
    """Read a configuration, before anybody knows the limits that stand in it.

    Raises:
        ConfigurationError: It cannot be used.
        LimitError: That takes longer, or more memory, than the defaults allow.
    """
    from servanda.cli.deadline import deadline  # noqa: PLC0415 - the help needs none of it
    from servanda.configuration import DEFAULT_LIMITS, load  # noqa: PLC0415
    from servanda.processes import bounded_memory  # noqa: PLC0415

    limits, what = DEFAULT_LIMITS, "reading the configuration"
    with deadline(what, limits.check_seconds, ""), bounded_memory(what, limits.memory_bytes, ""):
        return load(path)


def pass_configuration(
    command: Callable[Concatenate[Configuration, _Parameters], _Answer],
) -> Callable[_Parameters, _Answer]:
    """Hand the repository's configuration to a command as its first argument.

    Raises:
        ConfigurationError: There is none, or it cannot be used.
    """

    @functools.wraps(command)
    def with_configuration(*args: _Parameters.args, **kwargs: _Parameters.kwargs) -> _Answer:
        from servanda.configuration import find  # noqa: PLC0415 - the help needs none

        chosen: Path | None = click.get_current_context().find_root().params.get("config")
        return command(load_bounded(chosen or find(Path.cwd())), *args, **kwargs)

    return with_configuration


@click.group(cls=ServandaGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Configuration file; default: servanda.toml or pyproject.toml in this folder or a parent.",
)
@click.version_option(package_name="servanda", prog_name="servanda")
def main(config: Path | None) -> None:
    """Contract testing for services that speak gRPC, HTTP and Kafka.

    Exit codes: 0 the contracts hold, 1 a contract is broken, 2 could not tell or could not run.
    """
