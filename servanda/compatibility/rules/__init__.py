"""The rules: a table of rows, and their handlers in one file per subject."""

from servanda.compatibility.rules.rule import Category, Comparison, Conventions, Kind, Objection, Pair, Rule

__all__ = ["Category", "Comparison", "Conventions", "Kind", "Objection", "Pair", "Rule"]
