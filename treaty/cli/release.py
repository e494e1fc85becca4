"""``treaty release``."""

from __future__ import annotations

import click

from treaty.cli.group import pass_configuration
from treaty.compatibility.releases import release
from treaty.configuration import Configuration


@click.command("release")
@click.argument("version")
@pass_configuration
def command(configuration: Configuration, version: str) -> None:
    """Keep the present interfaces as a base of comparison.

    Writes a descriptor image named after VERSION (semantic versioning) into the folder of releases and prints its path.
    """
    click.echo(release(configuration, version))
