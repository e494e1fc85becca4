"""The table of rules about migrations."""

from __future__ import annotations

from servanda.interfaces.rule import Rule
from servanda.interfaces.sql.rules import columns, migrations, relations

RULES: tuple[Rule, ...] = (*columns.RULES, *relations.RULES, *migrations.RULES)
