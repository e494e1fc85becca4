"""``servanda waive``."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import click

from servanda.cache import cache_folder
from servanda.checking.check import check, policy_folder, policy_of
from servanda.checking.kinds import kinds
from servanda.cli.bounds import bounded
from servanda.cli.completing import rules
from servanda.cli.group import pass_configuration
from servanda.configuration import Configuration
from servanda.interfaces.kind import Context
from servanda.policy.policy import WAIVERS
from servanda.policy.waiving import Request, add, require_open, require_waivable
from servanda.report.terminal import answer, say


@click.command("waive")
@click.argument("fingerprint", required=False, default="")
@click.option(
    "--rule", default="", shell_complete=rules, help="Rule of the finding; with --element, instead of FINGERPRINT."
)
@click.option("--element", default="", help="Full name of the element that the finding is about.")
@click.option("--reason", required=True, help="Reason for accepting the break.")
@click.option("--owner", required=True, help="Responsible person or team.")
@click.option(
    "--expires", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Last day on which the waiver is valid."
)
@click.option("--link", default="", help="Link to the discussion.")
@click.option("--against", metavar="BASE", help="Base to compare with, as for 'servanda check'.")
@click.option("--unchecked", is_flag=True, help="Write the waiver without checking that the finding exists.")
@pass_configuration
def command(
    configuration: Configuration, /, expires: dt.datetime, against: str | None, *, unchecked: bool, **given: str
) -> None:
    """Accept a breaking change until a date.

    Adds an entry to waivers.toml beside the contracts. FINGERPRINT is the one that 'servanda check' prints for the
    finding; what is configured is checked first, because an entry that covers no finding, or has expired, fails the
    next check.

    Examples:
      servanda waive 45ab0f68d3539a9a --reason 'nobody reads it' --owner team-shop --expires 2030-01-31
      servanda waive --rule FIELD_NO_DELETE --element shop.v1.A.b --reason moved --owner me --expires 2030-01-31
    """
    named = bool(given["rule"] and given["element"])
    if bool(given["fingerprint"]) == named or bool(given["rule"]) != bool(given["element"]):
        raise click.UsageError("give the FINGERPRINT of a finding, or both --rule and --element")
    path = policy_folder(configuration) / WAIVERS
    today = dt.datetime.now(tz=dt.UTC).date()
    request = Request(expires=expires.date(), **given)
    require_open(request, today)
    with bounded("waive", configuration.limits):
        if not unchecked:
            limits = configuration.limits
            context = Context(Path.cwd(), cache_folder(os.environ), today, configuration, limits=limits, notice=say)
            found = check(None, against, context, kinds()).stage.findings
            require_waivable(request, found, policy_of(context).waivers, today)
        add(path, request)
    answer(str(path))
