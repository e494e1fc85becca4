"""The rules and categories that a repository may choose a level for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from servanda.configuration import Configuration
from servanda.interfaces.kind import Kind
from servanda.interfaces.protobuf.lint_rules import LINT_RULES
from servanda.interfaces.protobuf.rules.categories import LINT


def level_names(kinds: Iterable[Kind]) -> Mapping[str, str]:
    """Return everything that a level can be chosen for, by name, with what it checks: categories, then rules."""
    rules = [rule for kind in kinds for rule in kind.rules]
    categories = sorted({str(category) for rule in rules for category in rule.categories})
    return {
        **{name: f"Every rule of the category {name}." for name in categories},
        LINT: "Every finding of buf lint.",
        **dict.fromkeys(sorted(LINT_RULES), "A rule of buf lint."),
        **{rule.id: rule.purpose for rule in sorted(rules, key=lambda rule: rule.id)},
    }


def require_known_rules(configuration: Configuration, kinds: Iterable[Kind]) -> None:
    """Refuse levels for what is neither a rule nor a category.

    Raises:
        ConfigurationError: One is unknown; the error names its place and the closest name.
    """
    named = configuration.rules.named
    if not named:
        return
    rules = [rule for kind in kinds for rule in kind.rules]
    categories = sorted({LINT, *(str(category) for rule in rules for category in rule.categories)})
    known = {*categories, *LINT_RULES, *(rule.id for rule in rules)}
    for name, place in named:
        if name not in known:
            import difflib  # noqa: PLC0415 - for mistakes alone

            close = difflib.get_close_matches(name, sorted(known), n=1)
            listed = f"categories: {', '.join(categories)}; 'servanda explain' lists the rules"
            hint = f"did you mean '{close[0]}'? {listed}" if close else listed
            raise place.error("unknown rule or category", hint)
