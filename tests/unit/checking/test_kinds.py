"""The kinds of interfaces that come with the suite."""

from servanda.checking.kinds import kinds
from servanda.extensions import KINDS


def test_every_kind_has_the_name_of_its_row() -> None:
    assert tuple(kind.name for kind in kinds()) == tuple(KINDS.built_in)


def test_no_two_rules_have_the_same_name() -> None:
    rules = [rule.id for kind in kinds() for rule in kind.rules]
    assert len(rules) == len(set(rules))
