"""Contracts that the libraries of other languages wrote: each matcher in each place, kept and broken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from servanda.pact import PactFile, load, resolve
from servanda.pact.document import Interaction
from servanda.transports.http.interaction import HttpInteraction
from servanda.transports.http.matching import HttpAnswer, match_response
from servanda.transports.kafka.interaction import MessageInteraction
from servanda.transports.kafka.matching import Record, match_record
from servanda.verdict import Mismatch
from tests.integration.interop.things import THING_ID, Answer, case

RECORDED = Path(__file__).parent / "recorded"
PATHS = sorted(RECORDED.glob("*/*-things.json"))
FILES = {f"{path.parent.name} {path.stem.removesuffix('-things')}": load(path) for path in PATHS}


def version_of(contract: PactFile) -> int:
    return int(contract.specification[0])


def _cases() -> Iterator[object]:
    for name, contract in sorted(FILES.items()):
        for interaction in contract.interactions:
            values = version_of(contract), interaction
            yield pytest.param(*values, id=f"{name} {interaction.description}")


CASES = list(_cases())


def differences(interaction: Interaction, answer: Answer) -> tuple[Mismatch, ...]:
    filled = resolve(interaction, {"id": THING_ID})
    headers = {name.lower(): tuple(values) for name, values in answer.headers.items()}
    if isinstance(filled, MessageInteraction):
        return match_record(filled, Record(b"a", answer.body, headers))
    assert isinstance(filled, HttpInteraction)
    return match_response(filled, HttpAnswer(answer.status, headers, answer.body))


@pytest.mark.parametrize(("version", "interaction"), CASES)
def test_what_keeps_the_contract_of_a_library_is_accepted(version: int, interaction: Interaction) -> None:
    for answer in case(interaction.description, version).keeps:
        assert differences(interaction, answer) == (), answer


@pytest.mark.parametrize(("version", "interaction"), CASES)
def test_what_breaks_the_contract_of_a_library_is_refused(version: int, interaction: Interaction) -> None:
    for answer in case(interaction.description, version).breaks:
        assert differences(interaction, answer) != (), answer


def test_every_version_of_the_specification_that_a_library_writes_is_there() -> None:
    assert {(path.parent.name, load(path).specification[0]) for path in PATHS} == {
        *(("pact-js", version) for version in "234"),
        *(("pact-jvm", version) for version in "234"),
        *(("pact-python", version) for version in "234"),
    }
