"""``servanda publish``."""

from __future__ import annotations

import os

import click

from servanda.cli.group import pass_configuration
from servanda.configuration import Configuration, origin
from servanda.errors import ConfigurationError
from servanda.pact import contract_files
from servanda.publication import ConsumerVersion, publish
from servanda.report.terminal import answer, say


@click.command("publish")
@click.option("--version", help="Version of the consumers; default: the commit.")
@click.option("--branch", help="Branch of the consumers; default: the current branch, or that of the CI build.")
@click.option("--tag", "tags", multiple=True, help="Tag of the version; repeatable.")
@click.option("--build-url", help="Address of this build; default: that of the CI build.")
@pass_configuration
def command(
    configuration: Configuration,
    version: str | None,
    branch: str | None,
    tags: tuple[str, ...],
    build_url: str | None,
) -> None:
    """Send the contracts to a broker.

    The address is that of PACT_BROKER_BASE_URL, the credentials those of PACT_BROKER_TOKEN, or of PACT_BROKER_USERNAME
    and PACT_BROKER_PASSWORD.

    Examples:
      servanda publish
      servanda publish --version 1.2.0 --branch main --tag staging
    """
    found = origin(configuration.root, os.environ, version, branch, build_url)
    if found.dirty:
        say(f"note: uncommitted changes are not part of the version {found.version}")
    if not found.branch and not tags:
        what = "no branch is known: none is checked out, and no CI server tells one"
        hint = "name the branch: --branch NAME, or a tag: --tag TAG"
        raise ConfigurationError(what, where=str(configuration.root), hint=hint)
    files = contract_files(configuration.contracts.pacts)
    for told in publish(files, ConsumerVersion(found.version, found.branch, tags, found.build_url), os.environ):
        answer(told)
