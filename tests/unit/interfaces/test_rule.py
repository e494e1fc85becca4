"""Every rule is one row that says all about itself, in its own words."""

import re
from collections import Counter
from string import Template

import pytest

from servanda.interfaces.examples import example_of
from servanda.interfaces.openapi import words as openapi
from servanda.interfaces.openapi.rules.documents import OPENAPI
from servanda.interfaces.openapi.rules.table import RULES as OPENAPI_RULES
from servanda.interfaces.protobuf import words as protobuf
from servanda.interfaces.protobuf.rules.categories import Category
from servanda.interfaces.protobuf.rules.table import RULES as PROTOBUF_RULES
from servanda.interfaces.rule import Rule
from servanda.interfaces.sql import words as sql
from servanda.interfaces.sql.rules.subject import SQL
from servanda.interfaces.sql.rules.table import RULES as SQL_RULES
from servanda.interfaces.transition import SOURCE_ONLY
from servanda.interfaces.values import words as values
from servanda.interfaces.values.rules.subject import VALUES
from servanda.interfaces.values.rules.table import RULES as VALUE_RULES
from servanda.verdict import Severity, Steps

RULES = (*PROTOBUF_RULES, *OPENAPI_RULES, *SQL_RULES, *VALUE_RULES)
WORDS = {
    **{rule.id: protobuf.WORDS for rule in PROTOBUF_RULES},
    **{rule.id: openapi.WORDS for rule in OPENAPI_RULES},
    **{rule.id: sql.WORDS for rule in SQL_RULES},
    **{rule.id: values.WORDS for rule in VALUE_RULES},
}
EVERY_RULE = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)

# What is left of a sentence when a word is empty: a hole, a lonely mark, or the placeholder itself.
GAPS = re.compile(r"\S  \S|''|\"\"|\$\w| [.,;:]|\bNone\b|^\s*$")
# A statement about code may hold two spaces in front of its comment.
HOLES_IN_CODE = re.compile(r"''|= ;|\[\]|\$\w|: }|\bNone\b|^\s*$")


def placeholders(rule: Rule) -> set[str]:
    remedy = rule.remedy
    texts = (remedy.expand, remedy.migrate, remedy.contract, remedy.before, remedy.after)
    return {name for text in texts for name in Template(text).get_identifiers()}


def steps(rule: Rule) -> Steps:
    return example_of(rule.id).steps


def name(rule: Rule) -> str:
    element = example_of(rule.id).element
    if rule in OPENAPI_RULES:
        return openapi.words(element)["name"]
    return element.rpartition("/" if "/" in element else ".")[2]


def sentences(rule: Rule) -> str:
    return " ".join((steps(rule).expand, steps(rule).migrate, steps(rule).contract))


def shared(texts: list[object]) -> list[object]:
    return [text for text, count in Counter(texts).items() if count > 1]


@EVERY_RULE
def test_a_remedy_uses_only_words_that_its_kind_has(rule: Rule) -> None:
    assert placeholders(rule) <= WORDS[rule.id]


@pytest.mark.parametrize("part", ["id", "purpose", "why"])
def test_no_two_rules_share_a_sentence(part: str) -> None:
    assert shared([getattr(rule, part) for rule in RULES]) == []


def test_no_two_rules_share_a_remedy() -> None:
    remedies = [rule.remedy for rule in RULES]

    assert shared([(each.expand, each.migrate, each.contract) for each in remedies]) == []


@EVERY_RULE
def test_a_reason_is_one_sentence(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z][^.]*(\.\S[^.]*)*\.", rule.why)


@EVERY_RULE
def test_a_purpose_is_one_sentence_about_what_is_checked(rule: Rule) -> None:
    assert re.fullmatch(r"Checks that [^.]*(\.\S[^.]*)*\.", rule.purpose)


@EVERY_RULE
def test_the_example_of_a_rule_says_what_its_row_says(rule: Rule) -> None:
    written = rule.remedy.steps(dict.fromkeys(WORDS[rule.id], "\0"))
    for part in ("expand", "migrate", "contract", "before", "after"):
        pattern = ".*".join(re.escape(text) for text in getattr(written, part).split("\0"))
        assert re.fullmatch(pattern, getattr(steps(rule), part), re.DOTALL), part


@EVERY_RULE
def test_a_step_has_no_gap_where_a_word_is_empty(rule: Rule) -> None:
    for _, step in steps(rule).named:
        assert not GAPS.search(step), step


@EVERY_RULE
def test_a_sample_has_no_gap_where_a_word_is_empty(rule: Rule) -> None:
    for sample in (steps(rule).before, steps(rule).after):
        assert not HOLES_IN_CODE.search(sample), sample


@EVERY_RULE
def test_the_steps_name_the_element_at_hand(rule: Rule) -> None:
    assert name(rule) in sentences(rule)


@EVERY_RULE
def test_a_rule_says_what_to_add_what_to_wait_for_and_what_to_take_away(rule: Rule) -> None:
    assert [name for name, _ in steps(rule).named] == ["expand", "migrate", "contract"]


@EVERY_RULE
def test_the_sample_after_the_first_step_differs_from_the_one_before(rule: Rule) -> None:
    assert steps(rule).before != steps(rule).after


def test_what_the_definition_alone_cannot_tell_is_reported_and_does_not_stop_a_change() -> None:
    reported = {rule.categories for rule in RULES if rule.severity is Severity.WARNING}

    assert reported == {
        (Category.BEHAVIOR,),
        (Category.DIRECTION,),
        (Category.DEPRECATION,),
        (Category.HTTP,),
        (OPENAPI,),
        (SQL,),
        (VALUES,),
    }


def test_a_rule_about_documents_that_breaks_generated_code_alone_does_not_stop_a_change() -> None:
    assert {rule.severity for rule in OPENAPI_RULES if rule.breaks == SOURCE_ONLY} == {Severity.WARNING}
