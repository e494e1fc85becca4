"""Every rule is one row that says all about itself, in its own words."""

from collections import Counter
from string import Template

import pytest

from servanda.interfaces.openapi import words as openapi
from servanda.interfaces.openapi.rules.table import RULES as OPENAPI_RULES
from servanda.interfaces.protobuf import words as protobuf
from servanda.interfaces.protobuf.rules.table import RULES as PROTOBUF_RULES
from servanda.interfaces.rule import Rule

RULES = (*PROTOBUF_RULES, *OPENAPI_RULES)
WORDS = {rule.id: protobuf.WORDS if rule in PROTOBUF_RULES else openapi.WORDS for rule in RULES}


def placeholders(rule: Rule) -> set[str]:
    remedy = rule.remedy
    texts = (remedy.expand, remedy.migrate, remedy.contract, remedy.before, remedy.after)
    return {name for text in texts for name in Template(text).get_identifiers()}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_remedy_uses_only_words_that_its_kind_has(rule: Rule) -> None:
    assert placeholders(rule) <= WORDS[rule.id]


@pytest.mark.parametrize("part", ["id", "purpose"])
def test_no_two_rules_share_a_sentence(part: str) -> None:
    counts = Counter(getattr(rule, part) for rule in RULES)

    assert [text for text, count in counts.items() if count > 1] == []
