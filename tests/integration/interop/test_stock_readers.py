"""What is recorded here, read by the verifiers of other tools."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from servanda.pact import load
from tests.integration.interop.readers import jvm_verdicts, stock_verdicts, stock_verdicts_of_events
from tests.integration.interop.things import Answer, case, things

VERSION = 4
# docs/reference/matching.md gives the reasons.
HELD_ONLY_HERE = {("answer-headers", 0)}
"""By name and number of the answer: one line with commas where the contract has two values."""
BROKEN_ONLY_HERE = {("boolean", 0)}
"""Text where a boolean is expected."""
BROKEN_ONLY_OUTSIDE_OF_JAVA = {("date", 1), ("datetime", 1), ("time", 0)}
"""Days and times that no calendar has."""


def answers(names: list[str], promise: str) -> Iterator[tuple[str, int, Answer]]:
    for name in names:
        for number, answer in enumerate(getattr(case(name, VERSION), promise)):
            yield name, number, answer


def names_of(contract: Path) -> list[str]:
    return [entry.description for entry in load(contract).interactions]


@pytest.mark.timeout(300)
def test_the_verifier_of_pact_python_accepts_all_that_is_recorded_of_a_provider_that_keeps_it(recorded: Path) -> None:
    assert len(names_of(recorded)) > 40
    refused = outcomes(recorded, "keeps", is_kept=False)
    assert refused == HELD_ONLY_HERE


@pytest.mark.timeout(300)
def test_the_verifier_of_pact_python_refuses_what_breaks_what_is_recorded(recorded: Path) -> None:
    assert outcomes(recorded, "breaks", is_kept=True) == BROKEN_ONLY_HERE


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("promise", "different"),
    [pytest.param("keeps", set(), id="kept"), pytest.param("breaks", BROKEN_ONLY_HERE, id="broken")],
)
def test_the_verifier_of_pact_python_reads_the_events_that_are_recorded(
    recorded: Path, promise: str, different: set[tuple[str, int]]
) -> None:
    contract = recorded.with_name("bell-things.json")
    listed = list(answers(names_of(contract), promise))
    first = {name: case(name, VERSION).keeps[0] for name in names_of(contract)}
    found = set()
    for number in range(max(number for _, number, _ in listed) + 1):
        chosen = {name: answer for name, each, answer in listed if each == number}
        verdicts = stock_verdicts_of_events(contract, {**first, **chosen})
        found |= {(name, number) for name in chosen if verdicts[name] is not (promise == "keeps")}
    assert found == different


def outcomes(contract: Path, promise: str, *, is_kept: bool) -> set[tuple[str, int]]:
    """The answers, by name and number, of which the verifier of pact-python says what nobody expects."""
    listed = list(answers(names_of(contract), promise))
    found = set()
    with things(VERSION) as url:
        for number in range(max(number for _, number, _ in listed) + 1):
            verdicts = stock_verdicts(url, f"{url}/{promise}/{number}", contract)
            found |= {(name, each) for name, each, _ in listed if each == number and verdicts[name] is is_kept}
    return found


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("promise", "different"),
    [
        pytest.param("keeps", HELD_ONLY_HERE, id="kept"),
        pytest.param("breaks", BROKEN_ONLY_HERE | BROKEN_ONLY_OUTSIDE_OF_JAVA, id="broken"),
    ],
)
def test_pact_jvm_reads_what_is_recorded(
    recorded: Path, java: str, classes: str, tmp_path: Path, promise: str, different: set[tuple[str, int]]
) -> None:
    listed = list(answers(names_of(recorded), promise))
    verdicts = jvm_verdicts(java, classes, recorded, [(name, answer) for name, _, answer in listed], tmp_path)
    told = zip(listed, verdicts, strict=True)
    assert {(name, number) for (name, number, _), verdict in told if verdict is not (promise == "keeps")} == different
