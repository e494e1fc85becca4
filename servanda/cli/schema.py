"""``servanda schema``."""

from __future__ import annotations

import json

import click

from servanda.checking.kinds import kinds
from servanda.checking.levels import level_names
from servanda.configuration import schema
from servanda.report.terminal import deliver


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of servanda.toml.

    An editor completes and checks the file by it. The first line of servanda.toml names where it is, for example
    '#:schema ./servanda.schema.json'.

    Examples:
      servanda schema
      servanda schema > servanda.schema.json
    """
    deliver(f"{json.dumps(schema(level_names(kinds())), indent=2, ensure_ascii=False)}\n")
