"""Findings of one element."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from servanda.report.grouping import by_element, tally
from servanda.verdict import (
    Consumer,
    ConsumerImpact,
    DeployOrder,
    Evidence,
    Finding,
    Impact,
    Severity,
    Span,
    Steps,
    Transition,
)
from tests.unit.report.conftest import APP, READ, SEEN, WEB, finding, hits

PLAIN = finding("Order.note", Severity.ERROR, hits((APP, Impact.BROKEN, (READ,))))
NARROW = replace(PLAIN, rule="FIELD_NO_DELETE_UNLESS_NAME_RESERVED", steps=Steps(expand="Reserve the name."))
SOFT = replace(PLAIN, rule="DEPRECATION", severity=Severity.WARNING, steps=Steps(expand="Deprecate it first."))
# Of few names, so that many findings are about the same element and name the same consumers.
FINDINGS = st.builds(
    Finding,
    rule=st.sampled_from([PLAIN.rule, NARROW.rule, SOFT.rule]),
    category=st.just("FILE"),
    severity=st.sampled_from(Severity),
    span=st.builds(Span, st.sampled_from(["", "a.proto", "b.proto"]), st.integers(0, 2)),
    element=st.sampled_from(["", "Order", "Order.note"]),
    message=st.sampled_from(["gone", "renamed"]),
    fingerprint=st.sampled_from(["0", "1"]),
    consumers=st.lists(
        st.builds(
            ConsumerImpact,
            st.sampled_from([APP, WEB]),
            st.sampled_from(Impact),
            st.sets(st.sampled_from([READ, SEEN])).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
    transition=st.none() | st.builds(Transition, st.booleans(), st.booleans(), st.sampled_from(DeployOrder)),
)


def test_one_deleted_field_is_one_block_with_its_rules() -> None:
    [element] = by_element([SOFT, NARROW, PLAIN])

    assert [each.rule for each in element.findings] == [PLAIN.rule, NARROW.rule, SOFT.rule]
    assert (element.name, element.severity, element.steps) == (PLAIN.element, Severity.ERROR, PLAIN.steps)


def test_a_consumer_is_told_once_with_its_worst_impact() -> None:
    mild = replace(
        PLAIN, consumers=hits((WEB, Impact.UNAFFECTED, (SEEN,)), (APP, Impact.POTENTIALLY_AFFECTED, (READ,)))
    )

    [element] = by_element([mild, PLAIN])

    merged = [(hit.consumer, hit.impact, hit.evidence) for hit in element.consumers]
    assert merged == [(APP, Impact.BROKEN, (READ,)), (WEB, Impact.UNAFFECTED, (SEEN,))]


def test_an_observation_of_absence_is_no_proof_of_a_break() -> None:
    absent = replace(PLAIN, consumers=hits((APP, Impact.UNAFFECTED, (SEEN,))))

    [element] = by_element([absent, PLAIN])

    assert [hit.evidence for hit in element.consumers] == [(READ,)]


def test_of_one_use_the_refused_example_is_told() -> None:
    refused = replace(READ, example='"x"', refused="max_len")
    mild = replace(PLAIN, consumers=hits((APP, Impact.POTENTIALLY_AFFECTED, (refused,))))

    [element] = by_element([PLAIN, mild])

    assert [hit.evidence for hit in element.consumers] == [(refused,)]


def test_only_what_all_rules_leave_safe_is_safe() -> None:
    first = replace(PLAIN, transition=Transition(True, False, DeployOrder.PROVIDER_FIRST))
    second = replace(NARROW, transition=Transition(True, True, DeployOrder.ANY))
    third = replace(SOFT, transition=Transition(False, True, DeployOrder.CONSUMERS_FIRST))

    assert by_element([first, second])[0].transition == first.transition
    assert by_element([first, second, third])[0].transition == Transition(False, False, DeployOrder.NONE)


def test_the_same_name_in_another_file_is_another_element() -> None:
    assert len(by_element([PLAIN, replace(PLAIN, span=Span("proto/other.proto", 1, 1, 1, 1))])) == 2


def test_findings_that_name_no_element_stay_apart() -> None:
    assert len(by_element([replace(PLAIN, element=""), replace(NARROW, element="")])) == 2


def test_elements_are_counted_by_rule_and_by_file() -> None:
    other = replace(PLAIN, element="shop.v1.Order.gift", span=Span("a.proto"))

    rules, files = tally(by_element([PLAIN, NARROW, other]))

    assert rules == {PLAIN.rule: 2, NARROW.rule: 1}
    assert files == {"proto/shop.proto": 1, "a.proto": 1}


@given(st.lists(FINDINGS, max_size=8))
def test_no_finding_and_no_consumer_is_lost(found: list[Finding]) -> None:
    elements = by_element(found)

    assert sorted(map(repr, found)) == sorted(repr(each) for element in elements for each in element.findings)
    assert {hit.consumer for each in found for hit in each.consumers} == {
        hit.consumer for element in elements for hit in element.consumers
    }


@given(st.lists(FINDINGS, max_size=8))
def test_errors_come_before_warnings(found: list[Finding]) -> None:
    ranks = [list(Severity).index(element.severity) for element in by_element(found)]

    assert ranks == sorted(ranks)


def test_evidence_of_different_tests_is_kept() -> None:
    again = Evidence("pact", READ.document, READ.interaction, "another test")
    both = replace(PLAIN, consumers=hits((Consumer("app", "team-app"), Impact.BROKEN, (READ, again))))

    assert by_element([both])[0].consumers[0].evidence == (READ, again)


def test_a_part_of_a_change_is_told_with_the_change_wherever_it_is() -> None:
    part = replace(PLAIN, element="NoteEntry", part_of=PLAIN.element, span=Span("b.proto", 3))
    other = replace(PLAIN, element="Order", rule="MESSAGE")

    told = by_element([part, other, PLAIN])

    assert [(each.name, len(each.findings)) for each in told] == [(PLAIN.element, 2), ("Order", 1)]


def test_a_guess_has_no_say_in_the_order_of_deployment() -> None:
    safe = Transition(True, True, DeployOrder.PROVIDER_FIRST)
    guess = replace(PLAIN, severity=Severity.ADVICE, transition=Transition(False, False, DeployOrder.NONE))

    [told] = by_element([replace(PLAIN, transition=safe), guess])

    assert told.transition == safe


def test_what_nobody_has_to_react_to_forces_no_order() -> None:
    regenerates = ConsumerImpact(APP, Impact.POTENTIALLY_AFFECTED, (READ,), source_only=True)
    found = replace(PLAIN, consumers=(regenerates,), transition=Transition(False, False, DeployOrder.NONE))

    [told] = by_element([found])

    assert told.transition == Transition(False, False, DeployOrder.ANY)


def test_parts_of_a_change_that_has_no_finding_itself_are_called_after_it() -> None:
    one, other = (replace(PLAIN, element=f"#/Order/{name}", part_of="#/paths/$ref") for name in ("note", "gift"))

    assert [story.name for story in by_element([one, other])] == ["#/paths/$ref"]
    assert [story.name for story in by_element([one])] == ["#/Order/note"]
