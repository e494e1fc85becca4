"""``servanda publish``."""

from __future__ import annotations

import os

import click

from servanda.cli.group import pass_configuration
from servanda.configuration import Configuration, revision
from servanda.documents import files_in
from servanda.errors import ConfigurationError, ContractError
from servanda.publication import publish
from servanda.report.terminal import answer, say


@click.command("publish")
@click.option("--version", help="Version of the consumers; default: the commit.")
@click.option("--branch", help="Branch of the consumers; default: the current branch.")
@pass_configuration
def command(configuration: Configuration, version: str | None, branch: str | None) -> None:
    """Send the contracts to a broker.

    The address is that of PACT_BROKER_BASE_URL, the credentials those of PACT_BROKER_TOKEN, or of PACT_BROKER_USERNAME
    and PACT_BROKER_PASSWORD.
    """
    if version is None or branch is None:
        state = revision(configuration.root)
        if state.dirty and version is None:
            say(f"note: uncommitted changes are not part of the version {state.commit}")
        version, branch = version or state.commit, branch or state.branch
    if not branch:
        raise ConfigurationError(
            "no branch is checked out", where=str(configuration.root), hint="name the branch: --branch NAME"
        )
    files = files_in(configuration.contracts.pacts, "*.json", ContractError)
    for told in publish(files, version, branch, os.environ).split("\n"):
        answer(told)
