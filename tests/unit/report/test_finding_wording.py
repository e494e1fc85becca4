"""Sentences that all formats share."""

from dataclasses import replace

import pytest

from servanda.report.finding_wording import because, impact, proof
from servanda.verdict import Consumer, ConsumerImpact, Evidence, Impact

SENT = Evidence("pact", "app-shop.json", "an order", "", "4f2a", "2026-11-01", example='"ring twice"')
REFUSED = replace(SENT, refused="string.max_len: must be at most 4 characters")


@pytest.mark.parametrize(
    ("evidence", "told"),
    [
        pytest.param(
            REFUSED, '(sends "ring twice": refused by string.max_len: must be at most 4 characters)', id="refused"
        ),
        pytest.param(SENT, '(sends "ring twice": still accepted)', id="accepted"),
        pytest.param(replace(SENT, example=""), "", id="nothing tried"),
    ],
)
def test_a_proof_tells_what_became_of_its_example(evidence: Evidence, told: str) -> None:
    assert proof(evidence) == f"app-shop.json 'an order' [4f2a 2026-11-01] {told}".rstrip()


def test_a_long_example_is_cut_short() -> None:
    assert f"(sends {'x' * 77}...: still accepted)" in proof(replace(SENT, example="x" * 200))


def test_accepted_examples_are_counted() -> None:
    proofs = (SENT, replace(SENT, interaction="another"), replace(SENT, example=""))
    hit = ConsumerImpact(Consumer("app"), Impact.POTENTIALLY_AFFECTED, proofs)

    assert because(hit).endswith("and 2 more; 2 examples are still accepted")


def test_who_only_has_to_generate_code_again_is_told_so() -> None:
    hit = ConsumerImpact(Consumer("app"), Impact.POTENTIALLY_AFFECTED, (SENT,), source_only=True)

    assert impact(hit) == "potentially affected: must regenerate its code"
