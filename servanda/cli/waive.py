"""``servanda waive``."""

from __future__ import annotations

import datetime as dt

import click

from servanda.checking.check import policy_folder
from servanda.cli.bounds import bounded
from servanda.cli.group import pass_configuration
from servanda.configuration import Configuration
from servanda.policy.policy import WAIVERS
from servanda.policy.waiving import Request, add
from servanda.report.terminal import answer


@click.command("waive")
@click.argument("fingerprint", required=False, default="")
@click.option("--rule", default="", help="Rule of the finding, together with --element instead of FINGERPRINT.")
@click.option("--element", default="", help="Full name of the element that the finding is about.")
@click.option("--reason", required=True, help="Reason for accepting the break.")
@click.option("--owner", required=True, help="Person or team that is responsible.")
@click.option(
    "--expires", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Last day on which the waiver is valid."
)
@click.option("--link", default="", help="Link to the discussion.")
@pass_configuration
def command(configuration: Configuration, /, expires: dt.datetime, **given: str) -> None:
    """Accept a break until a date.

    Adds an entry to waivers.toml beside the contracts. FINGERPRINT is the one that 'servanda check' prints for the
    finding; an entry that covers no finding, or has expired, fails the next check.
    """
    named = bool(given["rule"] and given["element"])
    if bool(given["fingerprint"]) == named or bool(given["rule"]) != bool(given["element"]):
        raise click.UsageError("give the FINGERPRINT of a finding, or both --rule and --element")
    path = policy_folder(configuration) / WAIVERS
    with bounded("waive", configuration.limits):
        add(path, Request(expires=expires.date(), **given))
    answer(str(path))
