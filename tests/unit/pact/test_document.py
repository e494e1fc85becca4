"""Facts of a part of an interaction."""

from servanda.pact import Part
from servanda.pact.document import Interaction, without
from servanda.pact.rules import NO_RULES, parse
from servanda.verdict import Location


def test_the_first_value_of_a_header_is_found_whatever_the_case_of_its_name() -> None:
    part = Part(fields={"X-None": (), "X-Id": ("7", "8")})
    assert (part.first("x-id"), part.first("X-ID"), part.first("x-none"), part.first("x")) == ("7", "7", None, None)


def test_a_category_without_rules_has_none() -> None:
    rules = parse({"$.a": {"matchers": [{"match": "type"}]}}, named=False)
    part = Part(rules={"body": rules})
    assert part.rules_of("body") is rules
    assert part.rules_of("header") is NO_RULES


def test_names_are_left_out_whatever_their_case() -> None:
    fields = {"Content-Type": ("a",), "X-Id": ("7",)}
    assert without(frozenset({"content-type"}), fields) == {"X-Id": ("7",)}


def test_an_interaction_expects_nothing_that_its_transport_does_not_say() -> None:
    interaction = Interaction(description="one", location=Location("a.json", 1))
    assert (interaction.called, interaction.expects_status, interaction.expects_refusal) == ((), False, False)
