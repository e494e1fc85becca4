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
from servanda.compatibility.bases import RELEASED, default_base, released_bases
from servanda.compatibility.check import check
from servanda.compatibility.inputs import Opener
from servanda.compatibility.openapi.check import check_document
from servanda.compatibility.openapi.inputs import is_document, open_base, open_document
from servanda.compatibility.rules.rule import Conventions
from servanda.compatibility.schema import State
from servanda.configuration import Configuration, load, search
from servanda.errors import ConfigurationError
from servanda.impact.judgement import Subject, judge, policy_folder
from servanda.impact.openapi.examined import Examined
from servanda.policy import baseline
from servanda.policy.policy import BASELINE
from servanda.report.check import FORMATS
from servanda.report.check.files import write
from servanda.verdict import Check, Finding

_BROKEN = 1


@click.command("check")
@click.argument("input_", metavar="[INPUT]", required=False)
@click.option("--against", metavar="BASE", help=f"State to compare with; '{RELEASED}' means all released images.")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", help="How to tell what was found.")
@click.option(
    "--report", type=click.Path(file_okay=False, path_type=Path), help="Folder to write every format to, as files."
)
@click.option(
    "--baseline", "keep", type=click.Choice(["write", "prune"]), help="Accept what is found, or forget what is not."
)
def command(
    input_: str | None, against: str | None, form: str, report: Path | None, keep: Literal["write", "prune"] | None
) -> None:
    """Compare the interfaces with a released or another state.

    INPUT and BASE are folders, images (.binpb or .json, also .gz), archives (.tar, .tar.gz or .zip) or git references
    such as '.git#branch=main,subdir=proto'. Without INPUT the configured folder of interfaces is examined; without BASE
    it is compared with the newest released image, else with the commit at which this branch left the main one.

    INPUT may be an OpenAPI document too; then BASE is another one, or a folder, archive or git reference that holds it.
    """
    cwd, today = Path.cwd(), dt.datetime.now(tz=dt.UTC).date()
    configuration = _configuration(cwd)
    examined = input_ or _configured(configuration, cwd)
    with _without_collection():
        if is_document(cwd / examined):
            subject, findings = _compared_documents(examined, against, cwd)
        else:
            subject, findings = _compared_states(examined, against, configuration, cwd, today)
        judged = judge(subject, findings, configuration, today)
    if keep is not None:
        _keep(keep, judged, configuration, cwd, documents=is_document(cwd / examined))
        return
    click.echo(FORMATS[form](judged), nl=False)
    for path in write(judged, report) if report is not None else ():
        click.echo(f"written: {path}", err=True)
    click.get_current_context().exit(0 if judged.holds else _BROKEN)


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


def _compared_states(
    examined: str, against: str | None, configuration: Configuration | None, cwd: Path, today: dt.date
) -> tuple[Subject, tuple[Finding, ...]]:
    opener = Opener(cwd, cache_folder(os.environ))
    wanted = _bases(configuration, against, cwd)
    # The base first: of two states that differ little, the second one is compiled in no time.
    bases = [opener.open(base, beside=examined) for base in wanted]
    current = opener.open(examined)
    if not bases:
        click.echo("nothing to compare with: nothing was released, and git has no commit here", err=True)
    conventions = Conventions(configuration.events.option if configuration else "", today)
    states = tuple(base.state for base in bases)
    subject = Subject(examined, against or ", ".join(wanted), states, current.state)
    return subject, check(current, bases, conventions)


def _compared_documents(examined: str, against: str | None, cwd: Path) -> tuple[Subject, tuple[Finding, ...]]:
    wanted = against or default_base(None, cwd)
    current, base = open_document(examined, cwd), open_base(wanted, examined, cwd) if wanted else None
    nothing = State(())
    if base is None:
        click.echo(f"nothing to compare with: {examined} is new", err=True)
        return Subject(examined, against or "", (), nothing), ()
    document = Examined(cwd / examined, base, current)
    return Subject(examined, wanted or "", (nothing,), nothing, document), check_document(base, current)


def _configuration(cwd: Path) -> Configuration | None:
    """The configuration, if there is one: interfaces can be compared in any repository."""
    chosen: Path | None = click.get_current_context().find_root().params.get("config")
    path = chosen or search(cwd)
    return load(path) if path is not None else None


def _keep(
    action: Literal["write", "prune"],
    judged: Check,
    configuration: Configuration | None,
    cwd: Path,
    *,
    documents: bool,
) -> None:
    if configuration is None:
        raise ConfigurationError("nobody says where contracts are", where=str(cwd), hint="write a servanda.toml")
    path = policy_folder(configuration) / BASELINE
    if action == "write":
        count = baseline.write(path, str(path), judged.findings, documents=documents)
        click.echo(f"{path}: {count} findings are accepted", err=True)
    elif documents:
        what = "one OpenAPI document does not tell what became of the others"
        raise ConfigurationError(what, where=str(path), hint="take the entry out by hand")
    else:
        count = baseline.prune(path, str(path), judged.findings)
        click.echo(f"{path}: {count} findings are forgotten", err=True)


def _configured(configuration: Configuration | None, cwd: Path) -> str:
    if configuration is None:
        return "."
    return Path(os.path.relpath(configuration.interfaces.root, cwd)).as_posix()


def _bases(configuration: Configuration | None, against: str | None, cwd: Path) -> tuple[str, ...]:
    if against == RELEASED:
        if configuration is None:
            raise ConfigurationError(
                "nobody says where released images are", where=str(cwd), hint="write a servanda.toml, or name a base"
            )
        return released_bases(configuration, cwd)
    base = against or default_base(configuration, cwd)
    return (base,) if base is not None else ()
