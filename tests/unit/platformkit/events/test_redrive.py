"""Dead letters as people look at them, and what goes back."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from plt.identity.v1 import events_pb2, identity_pb2

from platformkit.events import Delivery, EventError, MemoryArchive, MemoryPublisher, Record, Stored, encode
from platformkit.events.__main__ import main
from platformkit.events.dead_letter import dead_letter, without_value
from platformkit.events.redrive import Letter, LostRecordError, letters, redrive
from platformkit.events.showing import line_of, shown

TIME = datetime(2026, 1, 2, tzinfo=UTC)
TOPIC = "plt.identity.user.v1"
ADA = encode(
    events_pb2.UserCreated(user=identity_pb2.User(user_id="u-1", email="ada@example.com")),
    event_id="e-1",
    time=TIME,
    request_id="r-1",
)


def stored(record: Record, offset: int = 0) -> Stored:
    return Stored(record, 0, offset, TIME + timedelta(seconds=offset))


def given_up(record: Record = ADA, error: str = "InvalidEntryError: no") -> Record:
    return dead_letter(Delivery(record, 0, 0), consumer="audit", error=error, attempts=3)


async def back(letter: Letter, *kept: Record) -> list[Record]:
    publisher, origin = MemoryPublisher(), MemoryPublisher()
    origin.records += kept
    assert await redrive([letter], MemoryArchive(origin), publisher) == 1
    return publisher.records


async def test_a_letter_goes_back_as_it_came_and_names_whom_it_is_for() -> None:
    (letter,) = letters([stored(given_up())])
    record, _ = await back(letter)
    assert record == replace(ADA, headers=(*ADA.headers, ("x-redriven-for", b"audit")))


async def test_a_letter_that_went_back_is_crossed_out() -> None:
    (letter,) = letters([stored(given_up())])
    _, crossing_out = await back(letter)
    found = letters([stored(given_up()), stored(given_up(), 1), stored(crossing_out, 2)])
    assert [(one.place, one.redriven) for one in found] == [("0/0", True), ("0/1", False)]


async def test_a_letter_that_comes_again_goes_back_without_the_marks_of_its_first_way() -> None:
    (letter,) = letters([stored(given_up())])
    (again,) = letters([stored(given_up((await back(letter))[0]))])
    assert (await back(again))[0] == (await back(letter))[0]


async def test_a_value_that_was_too_large_for_a_letter_comes_from_its_origin() -> None:
    (letter,) = letters([stored(without_value(given_up()))])
    record, _ = await back(letter, ADA)
    assert record.value == ADA.value
    with pytest.raises(LostRecordError, match="0/0 is gone"):
        await back(letter)


async def test_a_record_that_is_no_letter_of_ours_does_not_go_back() -> None:
    (letter,) = letters([stored(replace(ADA, topic=f"{TOPIC}.dlq"))])
    with pytest.raises(EventError, match="do not say where"):
        await back(letter)


async def test_a_letter_goes_back_to_no_topic_but_the_one_whose_letters_are_where_it_is() -> None:
    forged = given_up(replace(ADA, topic="plt.auth.account.v1"))
    (letter,) = letters([stored(replace(forged, topic=f"{TOPIC}.dlq"))])
    with pytest.raises(EventError, match="whose letters are elsewhere"):
        await back(letter)


def test_letters_come_the_oldest_first() -> None:
    assert [one.place for one in letters([stored(given_up(), 3), stored(given_up(), 1)])] == ["0/1", "0/3"]


def test_a_line_shows_place_consumer_key_and_reason_and_no_control_characters() -> None:
    (letter,) = letters([stored(given_up(replace(ADA, key=b"u-1\n\x1b[2J"), error="E: " + "x" * 200))])
    place, time, topic, consumer, kind, key, error = line_of(letter).split("\t")
    assert (place, time, topic, consumer) == ("0/0", "2026-01-02T00:00:00Z", f"{TOPIC}.dlq", "audit")
    assert (kind, key) == ("plt.identity.v1.UserCreated", "u-1\ufffd\ufffd[2J")
    assert error == "E: " + "x" * 94 + "..."


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        pytest.param(ADA, {"message": {"user": {"userId": "u-1", "email": "ada@example.com"}}}, id="known"),
        pytest.param(replace(ADA, value=b"\xff"), {"base64": "/w=="}, id="unreadable"),
        pytest.param(replace(ADA, value=None), {"value": None}, id="none"),
        pytest.param(replace(ADA, headers=()), {"base64": "CiBhZG"}, id="without-a-type"),
        pytest.param(replace(ADA, headers=(("ce_type", b"os.path"),)), {"base64": "CiBhZG"}, id="no-type-of-ours"),
        pytest.param(replace(ADA, headers=(("ce_type", b"plt.no.v1.Such"),)), {"base64": "CiBhZG"}, id="unknown"),
    ],
)
def test_a_letter_is_shown_with_its_value_as_far_as_it_is_known(record: Record, expected: dict[str, Any]) -> None:
    (letter,) = letters([stored(given_up(record))])
    document = json.loads(shown(letter, values=True))
    if "base64" in expected:
        assert set(document) & {"message", "value"} == set()
        assert document["base64"]
    else:
        assert {name: document[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        pytest.param(ADA, {"message": {"user": {"userId": "u-1", "email": "[redacted]"}}}, id="known"),
        pytest.param(replace(ADA, value=b"\xff\xfe"), {"bytes": 2}, id="unreadable"),
    ],
)
def test_unless_it_is_asked_for_a_letter_is_shown_without_secrets_and_personal_data(
    record: Record, expected: dict[str, Any]
) -> None:
    (letter,) = letters([stored(given_up(record))])
    document = json.loads(shown(letter))
    assert {name: document.get(name) for name in ("message", "bytes", "base64") if name in document} == expected


def test_a_broker_that_does_not_answer_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as reserved:
        # Bound and not listened on, so that connecting is refused for certain.
        reserved.bind(("127.0.0.1", 0))
        servers = f"127.0.0.1:{reserved.getsockname()[1]}"
        arguments = ["replay", TOPIC, "--consumer", "audit", "--since", "2026-01-02T03:04:05Z"]
        assert main(arguments, {"KAFKA_BOOTSTRAP_SERVERS": servers, "POSTGRES_DSN": "postgresql://nobody"}) == 2
    assert f"error: Kafka at {servers}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["list"], "KAFKA_BOOTSTRAP_SERVERS is not set"),
        (["redrive", TOPIC], "name the places of letters, or give --all"),
        (["redrive", TOPIC, "0/1", "--all"], "name the places of letters, or give --all"),
        (["redrive", TOPIC, "0/1", "--consumer", "audit"], "--consumer goes with --all"),
        (["replay", TOPIC, "--consumer", "audit", "--since", "yesterday"], "expected RFC 3339"),
        (["replay", TOPIC, "--consumer", "audit", "--since", "2026-01-02T03:04:05"], "expected RFC 3339"),
    ],
)
def test_a_command_that_cannot_be_done_says_why(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments, {}) == 2
    assert said in capsys.readouterr().err
