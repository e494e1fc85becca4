"""The table of rules about cached values."""

from __future__ import annotations

from servanda.interfaces.rule import Rule
from servanda.interfaces.values.rules import contents, formats, lifetimes

RULES: tuple[Rule, ...] = (*formats.RULES, *contents.RULES, *lifetimes.RULES)
