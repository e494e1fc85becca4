"""``servanda check``."""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import click

from servanda.cache import cache_folder
from servanda.checking.check import Examined, check, policy_folder
from servanda.checking.kinds import kinds
from servanda.cli.bounds import bounded
from servanda.cli.group import load_bounded
from servanda.cli.reporting import report_options
from servanda.configuration import DEFAULT_LIMITS, Configuration, search
from servanda.errors import ConfigurationError
from servanda.interfaces.kind import Context, Wanted
from servanda.interfaces.protobuf.bases import RELEASED
from servanda.policy import baseline
from servanda.policy.policy import BASELINE
from servanda.report.delivery import prepare, tell
from servanda.report.files import clear
from servanda.report.terminal import say
from servanda.verdict import decide


@click.command("check")
@click.argument("input_", metavar="[INPUT]", required=False)
@click.option("--against", metavar="BASE", help=f"State to compare with; '{RELEASED}' means all released images.")
@report_options
@click.option(
    "--baseline",
    "keep",
    type=click.Choice(["write", "prune"]),
    help="write: accept today's findings; prune: drop entries that no longer occur.",
)
def command(
    input_: str | None, against: str | None, form: str, report: Path | None, keep: Literal["write", "prune"] | None
) -> None:
    """Compare the interfaces with a release or another base.

    INPUT and BASE are folders, images (.binpb or .json, also .gz), archives (.tar, .tar.gz or .zip) or git references
    such as '.git#branch=main,subdir=proto'. Without INPUT everything configured is examined: the folder of protos,
    every OpenAPI document and the folder of cached values. Without BASE it is compared with the newest released image,
    else with the commit at which this branch left the main one.

    INPUT may be an OpenAPI document too; then BASE is another one, or a folder, archive or git reference that holds it.
    Or it is a folder of cached values; then BASE is another one, or a folder or git reference that holds it.

    Examples:
      servanda check
      servanda check proto --against '.git#branch=main'
      servanda check openapi.yaml --against previous.yaml --format json
    """
    cwd = Path.cwd()
    if report is not None:
        clear(report)
    configuration = _configuration(cwd)
    limits = configuration.limits if configuration is not None else DEFAULT_LIMITS
    context = Context(
        cwd, cache_folder(os.environ), dt.datetime.now(tz=dt.UTC).date(), configuration, limits=limits, notice=say
    )
    with bounded("check", limits), _without_collection():
        examined = check(Wanted(input_, against) if input_ else None, against, context, kinds())
        if keep is not None:
            _keep(keep, examined, context)
            return
        verdict = decide([examined.stage])
        prepared = prepare(verdict, form, report)
    tell(prepared)
    click.get_current_context().exit(verdict.answer.exit_code)


@contextlib.contextmanager
def _without_collection() -> Iterator[None]:
    """Spare the search for garbage in cycles: the elements of both states stay until the end, and there are many."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _configuration(cwd: Path) -> Configuration | None:
    """Return the configuration, if there is one: interfaces can be compared in any repository."""
    chosen: Path | None = click.get_current_context().find_root().params.get("config")
    path = chosen or search(cwd)
    return load_bounded(path) if path is not None else None


def _keep(action: Literal["write", "prune"], examined: Examined, context: Context) -> None:
    if context.configuration is None:
        raise ConfigurationError(
            "no servanda.toml found; contracts folder unknown", where=str(context.cwd), hint="write a servanda.toml"
        )
    path = policy_folder(context.configuration) / BASELINE
    if action == "write":
        count = baseline.write(path, str(path), examined.stage.findings, examined.rules)
        say(f"{path}: {count} findings accepted")
    elif not examined.rules:
        what = "cannot prune from one OpenAPI document: entries of other interfaces are not examined"
        raise ConfigurationError(what, where=str(path), hint="run without INPUT, or remove the entry by hand")
    else:
        count = baseline.prune(path, str(path), examined.stage.findings, examined.rules)
        say(f"{path}: {count} entries removed")
