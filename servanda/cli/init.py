"""``servanda init``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from servanda.adoption import (
    Findings,
    Pipeline,
    PlannedFile,
    ProtoChoice,
    Survey,
    can_be_named,
    checking_files,
    chosen_protos,
    configuration_draft,
    look,
    own_files,
    pipeline_of,
    top_of,
)
from servanda.cache import cache_folder
from servanda.cli.bounds import bounded
from servanda.configuration import DEFAULT_LIMITS, parse_configuration, search
from servanda.report.terminal import deliver, say, say_lines


@click.command("init")
@click.option("--dry-run", is_flag=True, help="Print the files; write nothing.")
@click.option(
    "--ci",
    type=click.Choice([*map(str, Pipeline)]),
    help="Pipeline to write a file for; default: as the repository tells.",
)
@click.option("--hook/--no-hook", default=True, help="Let pre-commit run the check.  [default: hook]")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path))
def command(folder: Path, ci: str | None, *, dry_run: bool, hook: bool) -> None:
    """Write a first servanda.toml for a repository.

    Looks at the files of DIR (default: this folder): proto files, buf.yaml, OpenAPI documents, pact files and build
    files. Nothing of it is run, nothing is asked, and no file that exists is touched. What is not certain stands behind
    comment signs.

    Examples:
      servanda init
      servanda init --dry-run --ci gitlab services/orders
    """
    with bounded("init", DEFAULT_LIMITS):
        survey, top = Survey(folder), top_of(folder)
        findings = look(survey)
        protos = chosen_protos(findings, folder, cache_folder(os.environ))
        draft = configuration_draft(findings, protos)
        parse_configuration(draft.encode(), folder / "servanda.toml")
        pipeline = Pipeline(ci) if ci is not None else pipeline_of(top)
        planned = tuple(own_files(draft, protos))
    governing = search(folder.absolute())
    own = folder.absolute() / "servanda.toml"
    if governing is not None and governing.parent != own.parent:
        say(f"note: {governing} governs this folder so far; a servanda.toml here has precedence")
    for each in planned:
        if each.path == own.name and governing == own.with_name("pyproject.toml"):
            say("kept: pyproject.toml, which has [tool.servanda]; no servanda.toml is needed")
            continue
        _handle(each, folder, dry_run=dry_run)
    if not findings.has_interface:
        if hook or pipeline is not Pipeline.NONE:
            say("note: no hook and no pipeline: there is no proto file and no OpenAPI document that can be compared")
    else:
        _let_check(protos, pipeline, folder, top, hook=hook, dry_run=dry_run)
    if not survey.is_complete:
        say("note: the repository is large; a part of it was not looked at")
    if findings.is_empty:
        say("note: there is no proto file, no OpenAPI document and no pact file here yet")
    if ci is None and pipeline is Pipeline.NONE and findings.has_interface:
        say("note: no pipeline is known; --ci github or --ci gitlab writes its file")
    if any(each.path == "buf.yaml" for each in planned):
        say("note: commit buf.yaml before a check: states without it cannot be compared")
    say(_next(findings))


def _let_check(protos: ProtoChoice, pipeline: Pipeline, folder: Path, top: Path, *, hook: bool, dry_run: bool) -> None:
    """Write what runs the check, where it is looked for: at the top of the repository."""
    below = folder.resolve().relative_to(top).as_posix()
    below = "" if below == "." else below
    if not can_be_named(below):
        say(f"note: no hook and no pipeline: write those at {top} that run 'servanda check' in {folder}")
        return
    for each in checking_files(protos, pipeline, below, hook=hook):
        _handle(each, top, dry_run=dry_run, shown=f"{top}/" if below else "")


def _next(findings: Findings) -> str:
    if findings.has_interface:
        return "next: servanda doctor, then servanda check"
    if findings.agreements:
        return (
            "next: name the provider's command under [services] in servanda.toml, then servanda doctor and servanda "
            "verify; a pipeline that runs it installs 'servanda[all]>=0.1,<1'"
        )
    return "next: servanda doctor"


def _handle(planned: PlannedFile, folder: Path, *, dry_run: bool, shown: str = "") -> None:
    path = f"{shown}{planned.path}"
    if planned.exists(folder):
        say(f"kept: {path}, which exists")
        if planned.wants_entry(folder):
            say_lines(f"add to {path}:\n{planned.entry.rstrip()}")
    elif dry_run:
        deliver(f"==> {path} <==\n{planned.text}\n")
    else:
        planned.write(folder)
        say(f"written: {path}")
