"""``servanda explain``."""

from __future__ import annotations

import difflib

import click

from servanda.checking.kinds import kinds
from servanda.cli.completing import rules
from servanda.interfaces.rule import Rule
from servanda.policy.rules import POLICY_RULES, PolicyRule
from servanda.report import explanation
from servanda.report.terminal import deliver


@click.command("explain")
@click.argument("rule", required=False, shell_complete=rules)
def command(rule: str | None) -> None:
    """Explain a rule of the comparison.

    Shows what RULE checks, whom a break hits and why, and the steps to take; without RULE it lists all rules, those
    of the policy too.

    Examples:
      servanda explain FIELD_NO_DELETE
      servanda explain
    """
    rows: tuple[Rule | PolicyRule, ...] = (*(row for kind in kinds() for row in kind.rules), *POLICY_RULES)
    known = {row.id: row for row in rows}
    if rule is None:
        deliver(explanation.table(rows))
        return
    if rule.upper() not in known:
        close = difflib.get_close_matches(rule.upper(), known, n=3)
        hint = f"did you mean {', '.join(close)}?" if close else "'servanda explain' lists all rules"
        raise click.UsageError(f"unknown rule '{rule}'; {hint}")
    deliver(explanation.page(known[rule.upper()]))
