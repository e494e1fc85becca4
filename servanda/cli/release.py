"""``servanda release``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from servanda.cache import cache_folder
from servanda.cli.bounds import bounded
from servanda.cli.group import pass_configuration
from servanda.configuration import Configuration
from servanda.interfaces.protobuf.inputs import Opener
from servanda.interfaces.protobuf.releases import release
from servanda.report.terminal import answer


@click.command("release")
@click.argument("version")
@pass_configuration
def command(configuration: Configuration, version: str) -> None:
    """Save the current interfaces as a base of comparison.

    Writes a descriptor image named after VERSION (semantic versioning) into the folder of releases and prints its path.
    """
    with bounded("release", configuration.limits):
        opener = Opener(Path.cwd(), cache_folder(os.environ), configuration.limits)
        path = release(configuration, version, opener)
    answer(str(path))
