"""Accepted effects read back, and those of other events are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from servanda.configuration import Configuration, load
from servanda.errors import ConfigurationError, ContractError
from servanda.events.corpus import Corpus
from servanda.events.replay import effects
from servanda.events.replay.effects import Effects
from servanda.events.replay.examination import Wanted, prepare
from tests.unit.events.samples import TOPIC, corpus, record

CONSUMER = '[events.consumers.billing]\ntopics = ["orders"]\n[services.billing]\ncommand = ["billing"]\n'
FOUND = Effects("billing", "e" * 64, frozenset({"d"}), {"orders": ({"id": "k1", "list": [1]},)})


def repository(folder: Path, text: str = CONSUMER) -> tuple[Configuration, Corpus]:
    (folder / "servanda.toml").write_text(text)
    configuration = load(folder / "servanda.toml")
    found = corpus(configuration.events.corpus, record({"item": "tea"}), record({"count": 2}, number=1))
    found.save()
    return configuration, found


def test_effects_read_back_from_their_file(tmp_path: Path) -> None:
    effects.save(FOUND, tmp_path)
    assert effects.read(tmp_path, "billing") == FOUND


def test_an_unknown_version_of_effects_is_refused(tmp_path: Path) -> None:
    place = effects.save(FOUND, tmp_path)
    place.write_text(place.read_text().replace('"version": 1', '"version": 9'))
    with pytest.raises(ContractError, match="expected version 1 of a document of effects, found 9"):
        effects.read(tmp_path, "billing")


def test_without_accepted_effects_nothing_begins(tmp_path: Path) -> None:
    configuration, found = repository(tmp_path)
    with pytest.raises(ContractError, match="no effects of 'billing' were accepted") as caught:
        prepare(found, configuration, Wanted())
    assert "servanda events replay billing --accept" in str(caught.value)


def test_effects_of_other_events_are_refused(tmp_path: Path) -> None:
    configuration, found = repository(tmp_path)
    effects.save(FOUND, configuration.events.corpus)
    with pytest.raises(ContractError, match="were accepted for other events"):
        prepare(found, configuration, Wanted())


def test_effects_of_these_events_are_expected(tmp_path: Path) -> None:
    configuration, found = repository(tmp_path)
    whole = prepare(found, configuration, Wanted(accept=True)).whole
    mine = Effects("billing", effects.digest_of(whole.events), frozenset(), {})
    effects.save(mine, configuration.events.corpus)
    assert prepare(found, configuration, Wanted()).expected == {"billing": mine}


@pytest.mark.parametrize(
    ("text", "wanted", "message"),
    [
        ("", Wanted(), "no consumer of events is configured"),
        (CONSUMER, Wanted(("nobody",)), "no consumer 'nobody' is configured; known: billing"),
        (CONSUMER.replace("services.billing", "services.other"), Wanted(), "the consumer 'billing' is no service"),
        (CONSUMER.replace('topics = ["orders"]', ""), Wanted(), "the consumer 'billing' reads no topic"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, text: str, wanted: Wanted, message: str) -> None:
    configuration, found = repository(tmp_path, text)
    with pytest.raises(ConfigurationError, match=message):
        prepare(found, configuration, wanted)


def test_a_shape_that_is_not_recorded_is_refused(tmp_path: Path) -> None:
    configuration, found = repository(tmp_path)
    with pytest.raises(ContractError, match="no shape 'ffffffffffff'"):
        prepare(found, configuration, Wanted(only="f" * 12, accept=True))


def test_a_corpus_without_events_of_the_consumers_is_refused(tmp_path: Path) -> None:
    configuration, found = repository(tmp_path, CONSUMER.replace(TOPIC, "others", 1))
    with pytest.raises(ContractError, match="no event of these consumers is recorded"):
        prepare(found, configuration, Wanted())
