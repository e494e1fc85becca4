"""``servanda release``."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import click

from servanda.cache import cache_folder
from servanda.checking.check import check
from servanda.cli.bounds import bounded
from servanda.cli.group import pass_configuration
from servanda.configuration import Configuration
from servanda.interfaces.kind import Context, Wanted
from servanda.interfaces.protobuf.inputs import Opener
from servanda.interfaces.protobuf.kind import Protobuf
from servanda.interfaces.protobuf.releases import newest, release, require_bump, require_version
from servanda.interfaces.sql.releasing import release_statements, to_release
from servanda.report.terminal import answer, say
from servanda.verdict import Bump


@click.command("release")
@click.argument("version")
@click.option("--any-version", is_flag=True, help="Release even if the change requires a higher version.")
@pass_configuration
def command(configuration: Configuration, version: str, *, any_version: bool) -> None:
    """Save the current interfaces and statements, to compare with.

    Writes a descriptor image named after VERSION (semantic versioning) into the folder of releases, copies what
    contracts/sql says of the working tree to what it says of VERSION, and prints the path of each file.
    A breaking change since the newest release requires the next major version, an addition the next minor one; below
    1.0.0 a breaking change requires the next minor one.

    Examples:
      servanda release 1.2.0
      servanda release 2.0.0 --any-version
    """
    with bounded("release", configuration.limits):
        cache, latest = cache_folder(os.environ), newest(configuration.interfaces.releases)
        if latest is not None and not any_version:
            require_bump(version, _bump(configuration, latest, cache), configuration.interfaces.releases)
        require_version(version)
        documents = to_release(configuration, version)
        opener = Opener(Path.cwd(), cache, configuration.limits)
        # A repository may have statements alone; without either the error names what is missing.
        is_defined = configuration.interfaces.root.is_dir() or not documents
        images = [release(configuration, version, opener)] if is_defined else []
        release_statements(configuration, documents)
    for each in (*images, *documents):
        answer(str(each))


def _bump(configuration: Configuration, latest: Path, cache: Path) -> Bump:
    """Return what the change since the newest release does to its version."""
    today = dt.datetime.now(tz=dt.UTC).date()
    context = Context(Path.cwd(), cache, today, configuration, limits=configuration.limits, notice=say)
    wanted = Wanted(context.shown(configuration.interfaces.root), context.shown(latest))
    compared = check(wanted, None, context, (Protobuf(),)).stage.comparison
    return compared.bump if compared is not None else Bump.NONE
