"""``servanda doctor``."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from servanda import infra
from servanda.cli.bounds import bounded
from servanda.configuration import DEFAULT_LIMITS
from servanda.doctor import examined
from servanda.report.console import console_for
from servanda.report.diagnosis import diagnoses_document, is_healthy, print_diagnoses
from servanda.report.progress import progress
from servanda.report.terminal import deliver

_COULD_NOT = 2


@contextlib.contextmanager
def _progress(*, start: bool) -> Iterator[infra.Listener | None]:
    if not start:
        yield None
        return
    with progress(console_for(sys.stderr)) as stores:
        yield stores


@click.command("doctor")
@click.option("--start", is_flag=True, help="Start the stores that the services need, one after the other.")
@click.option(
    "--infra", "mode", type=click.Choice(["auto", *map(str, infra.Provisioning)]), help="Provisioning of the stores."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Output format.")
def command(mode: str | None, form: str, *, start: bool) -> None:
    """Tell what works here, and what is missing.

    One line each for what is installed, the stores, the cache, the configuration with every mistake in it, and the
    stages of the gate. Nothing of the repository is run. Exit codes: 0 nothing that is needed is missing, 2 something
    is, or the configuration is wrong.

    Examples:
      servanda doctor
      servanda doctor --start --infra embedded
    """
    chosen: Path | None = click.get_current_context().find_root().params.get("config")
    with bounded("doctor", DEFAULT_LIMITS, tells=start), _progress(start=start) as stores:
        found = tuple(examined(Path.cwd(), chosen, os.environ, mode, stores))
    if form == "json":
        deliver(diagnoses_document(found))
    else:
        print_diagnoses(found, console_for(sys.stdout))
    click.get_current_context().exit(0 if is_healthy(found) else _COULD_NOT)
