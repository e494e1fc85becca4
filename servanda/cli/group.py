"""The group that every command hangs in, and what all commands have in common: configuration, errors, exit codes."""

from __future__ import annotations

import atexit
import functools
import gc
import importlib
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import click

from servanda.cli.ending import end_in_any_case, terminable
from servanda.cli.help_pages import HelpContext, talk_options
from servanda.cli.refusals import RefusedError, UnknownCommandError
from servanda.errors import ConfigurationError, LimitError, ServandaError
from servanda.escaping import redact, secret_values
from servanda.report.reader import forget_reader
from servanda.report.streams import OutputError, watch_streams
from servanda.report.terminal import complain, say_in_any_case, say_lines, say_more

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from servanda.configuration import Configuration

_Parameters = ParamSpec("_Parameters")
_Answer = TypeVar("_Answer")

COULD_NOT_TELL = 2
INTERRUPTED = 130
TERMINATED = 143

# In the order in which somebody meets them. The sentence stands here too, so that the help needs no import.
COMMANDS = MappingProxyType(
    {
        "init": "Write a first servanda.toml for a repository.",
        "doctor": "Tell what works here, and what is missing.",
        "up": "Run the whole platform, one process per service, on real stores.",
        "gate": "Decide whether this change may be merged.",
        "check": "Compare the interfaces with a release or another base.",
        "migrations": "Prove that migrations break no live version of a service.",
        "usage": "List the consumers that use an element.",
        "unused": "List the elements that no consumer uses.",
        "observe": "Note what a consumer sends and receives, as a proxy before a provider.",
        "import-usage": "Write a usage log from what another tool knows of a consumer.",
        "waive": "Accept a breaking change until a date.",
        "verify": "Verify providers against their contracts.",
        "parity": "Compare what a service answers over gRPC and over HTTP.",
        "versions": "Prove that old and new versions live together, and that rollback is safe.",
        "jobs": "Show the jobs of a verification, run them, or merge their results.",
        "run-job": "Carry out jobs of a document, and write the result of each.",
        "events": "Record events of every shape, and replay them to their consumers.",
        "order": "Print a safe order in which to deploy what changed.",
        "publish": "Send the contracts to a broker.",
        "release": "Save the current interfaces and statements, to compare with.",
        "explain": "Explain a rule of the comparison.",
        "cache": "Show or clear what is kept between runs.",
        "completion": "Print the completion of a shell.",
        "schema": "Print the JSON Schema of servanda.toml.",
        "help": "Show a page of the manual, without a network.",
    }
)


class ServandaGroup(click.Group):
    """Commands that are imported when called; a :class:`ServandaError` becomes words on stderr and exit code 2."""

    context_class = HelpContext

    def __call__(self, *args: object, **kwargs: object) -> object:
        """Run as a process, which ends with it."""
        # What is left then goes with the process: nobody has to look for cycles in it, and after a check there is much.
        atexit.register(gc.freeze)
        watch_streams()
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
        return _with_common_options(command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is called, and its arguments."""
        if args[0] not in COMMANDS and not args[0].startswith("-") and not ctx.resilient_parsing:
            raise UnknownCommandError(args[0], COMMANDS, ctx)
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Offer the commands, without importing any."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415 - for completion alone

        offered = [CompletionItem(name, help=text) for name, text in COMMANDS.items() if name.startswith(incomplete)]
        return [*offered, *click.Command.shell_complete(self, ctx, incomplete)]

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
            raise RefusedError(error) from None
        except OutputError as error:
            complain(error)
            raise click.exceptions.Exit(COULD_NOT_TELL) from None
        except BrokenPipeError:
            raise _unread() from None

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; whatever keeps it from telling ends with exit code 2, never with 1."""
        with terminable() as was_terminated:
            try:
                return self._told(ctx)
            except KeyboardInterrupt:
                say_in_any_case("ended by SIGTERM" if was_terminated() else "interrupted")
                ctx.exit(TERMINATED if was_terminated() else INTERRUPTED)

    def _told(self, ctx: click.Context) -> object:
        try:
            return self._with_extras(ctx)
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
            raise RefusedError(error) from None
        except (click.Abort, click.exceptions.Exit):
            raise
        except BrokenPipeError:
            raise _unread() from None
        except Exception:  # noqa: BLE001 - a defect of the suite must not read as a broken contract, exit code 1
            if _has_working_directory():
                _tell_defect()
            else:
                complain(ConfigurationError("the working directory is gone", hint="change to a folder that exists"))
            ctx.exit(COULD_NOT_TELL)

    def _with_extras(self, ctx: click.Context) -> object:
        began = time.monotonic()
        try:
            return super().invoke(ctx)
        except ModuleNotFoundError as error:
            from servanda.extras import missing  # noqa: PLC0415 - the help needs none

            if known := missing(error.name):
                raise known from error
            raise
        finally:
            say_more(f"servanda {ctx.invoked_subcommand} took {time.monotonic() - began:.2f} s")


def _with_common_options(command: click.Command) -> click.Command:
    """Return a command with the options that every command has, once."""
    if command.context_class is not HelpContext:
        command.context_class = HelpContext
        taken = [name for parameter in command.params for name in parameter.opts]
        command.params.extend(talk_options(hidden=True, taken=taken))
        command.epilog = "-q, -v and --color are options of every command: servanda --help."
    return command


def _tell_defect() -> None:
    """Tell of the exception that is being handled, without the values of variables, which may be secrets."""
    import traceback  # noqa: PLC0415 - nobody else needs it

    # The message of the exception may repeat one.
    say_lines(redact(traceback.format_exc().rstrip("\n"), secret_values(os.environ)))
    say_in_any_case("error: this is a defect in servanda; please report it with the lines above")


def _has_working_directory() -> bool:
    try:
        os.getcwd()  # noqa: PTH109 - whether there is one is all
    except FileNotFoundError:
        return False
    return True


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

    say_more(f"configuration: {path}")
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


main.params.extend(talk_options())
