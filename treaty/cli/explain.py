"""``treaty explain``."""

from __future__ import annotations

import difflib

import click

from treaty.compatibility.rules.table import RULES
from treaty.report import explanation


@click.command("explain")
@click.argument("rule", required=False)
def command(rule: str | None) -> None:
    """Explain a rule of the comparison.

    Says what RULE objects to, why that breaks somebody, and what to do instead; without RULE it lists all rules.
    """
    if rule is None:
        click.echo(explanation.table(RULES), nl=False)
        return
    known = {row.id: row for row in RULES}
    if rule.upper() not in known:
        close = difflib.get_close_matches(rule.upper(), known, n=3)
        hint = f"did you mean {', '.join(close)}?" if close else "'treaty explain' lists all rules"
        raise click.UsageError(f"there is no rule '{rule}'; {hint}")
    click.echo(explanation.page(known[rule.upper()]), nl=False)
