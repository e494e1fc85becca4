"""Usage logs of consumers, compared with those that were reviewed."""

from pathlib import Path

import pytest

from servanda.gate.usage_log_drift import usage_log_drift
from servanda.interfaces.usage.log import Noted, UsageLog, dump
from servanda.interfaces.usage.use import Observation
from servanda.verdict import Transport

NOTE = Noted("shop.v1.Order.note", Transport.GRPC, "test_app.py::test_note")
GIFT = Noted("shop.v1.Order.gift", Transport.GRPC, "test_app.py::test_gift")


@pytest.fixture
def reviewed(tmp_path: Path) -> Path:
    folder = tmp_path / "reviewed"
    folder.mkdir()
    return folder


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    folder = tmp_path / "recorded"
    folder.mkdir()
    return folder


def record(
    folder: Path, *reads: Noted, writes: tuple[Noted, ...] | None = (), date: str = "2026-11-01", name: str = "app"
) -> None:
    log = UsageLog(Observation(name, date, "", date), reads, writes)
    (folder / f"{name}.json").write_text(dump(log), encoding="utf-8")


def told(reviewed: Path, recorded: Path) -> list[str]:
    return [reason.message for reason in usage_log_drift(reviewed, recorded)]


def test_the_same_uses_of_another_day_and_test_are_no_difference(reviewed: Path, recorded: Path) -> None:
    record(reviewed, NOTE)
    record(recorded, Noted(NOTE.element, NOTE.transport, "test_renamed.py::test_note"), date="2026-11-30")

    assert told(reviewed, recorded) == []


def test_what_is_used_now_and_what_is_not_any_more_are_told(reviewed: Path, recorded: Path) -> None:
    record(reviewed, NOTE)
    record(recorded, GIFT)

    assert told(reviewed, recorded) == [
        "new use, not reviewed yet: app reads shop.v1.Order.gift over grpc",
        "no test records this use any longer: app reads shop.v1.Order.note over grpc",
    ]


def test_what_is_sent_is_compared_too(reviewed: Path, recorded: Path) -> None:
    record(reviewed, NOTE)
    record(recorded, NOTE, writes=(GIFT,))

    assert told(reviewed, recorded) == ["new use, not reviewed yet: app sends shop.v1.Order.gift over grpc"]


def test_a_usage_log_that_lost_what_is_sent_is_told(reviewed: Path, recorded: Path) -> None:
    record(reviewed, NOTE)
    record(recorded, NOTE, writes=None)

    assert told(reviewed, recorded) == ["no test records this use any longer: app records what it sends"]


def test_a_consumer_that_was_not_recorded_before_is_told(reviewed: Path, recorded: Path) -> None:
    record(recorded, NOTE)

    assert told(reviewed, recorded) == ["new usage log, not reviewed yet"]


def test_a_consumer_that_no_test_records_any_more_is_told(reviewed: Path, recorded: Path) -> None:
    record(reviewed, NOTE)
    record(reviewed, NOTE, name="web")
    record(recorded, NOTE)

    [reason] = usage_log_drift(reviewed, recorded)

    assert (reason.message[:22], str(reason.evidence)) == ("no test records this c", str(reviewed / "web.json"))


def test_where_nobody_is_recorded_there_is_nothing_to_compare(reviewed: Path, recorded: Path) -> None:
    record(reviewed, NOTE)

    assert told(reviewed, recorded) == []
