"""The fixture ``servanda_observe``: what a consumer's tests read ends up beside the contracts."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

CONSUMER_TEST = """
from google.type.money_pb2 import Money
from servanda import Transport

def test_the_currency_is_shown(servanda_observe):
    money = servanda_observe("till")(Money(currency_code="EUR", units=3), Transport.KAFKA)
    assert money.currency_code == "EUR"

def test_the_amount_is_shown(servanda_observe):
    assert servanda_observe("till")(Money(units=3)).units == 3
"""


@pytest.fixture
def consumer(tmp_path: Path) -> Path:
    """A repository whose tests observe what they read."""
    (tmp_path / "servanda.toml").touch()
    (tmp_path / "test_till.py").write_text(CONSUMER_TEST, encoding="utf-8")
    return tmp_path


def usage_log(consumer: Path) -> Path:
    return consumer / "contracts" / "usage" / "till.json"


def run(consumer: Path, *arguments: str) -> str:
    # What of others is installed here would take most of the time.
    others = ("pact", "valkey", "schemathesis", "hypothesispytest", "anyio")
    options = [option for name in ("cacheprovider", *others) for option in ("-p", f"no:{name}")]
    command = [sys.executable, "-m", "pytest", "--rootdir", str(consumer), *options, *arguments]
    return subprocess.run(command, cwd=consumer, capture_output=True, text=True, check=False).stdout


def reads(consumer: Path) -> set[tuple[str, str]]:
    document = json.loads(usage_log(consumer).read_text(encoding="utf-8"))
    return {(read["element"], read["transport"]) for read in document["reads"]}


def test_what_all_tests_read_is_written(consumer: Path) -> None:
    told = run(consumer, "--record-usage")

    assert "till.json: 3 elements read" in told
    assert reads(consumer) == {
        ("google.type.Money", "grpc"),
        ("google.type.Money", "kafka"),
        ("google.type.Money.currency_code", "kafka"),
        ("google.type.Money.units", "grpc"),
    }


def test_what_was_not_noted_as_sent_is_told_so(consumer: Path) -> None:
    run(consumer, "--record-usage")

    assert json.loads(usage_log(consumer).read_text(encoding="utf-8"))["writes"] is None


def test_workers_hand_in_what_they_noted(consumer: Path) -> None:
    run(consumer, "--record-usage", "-n", "2", "-p", "xdist")

    assert {element for element, _ in reads(consumer)} >= {"google.type.Money.currency_code", "google.type.Money.units"}


def test_nothing_is_written_unless_asked_for(consumer: Path) -> None:
    run(consumer)

    assert not usage_log(consumer).exists()


def test_a_run_that_leaves_tests_out_proves_nothing(consumer: Path) -> None:
    told = run(consumer, "--record-usage", "-k", "currency")

    assert "nothing was written, because not all tests ran and passed" in told
    assert not usage_log(consumer).exists()


def test_a_run_that_fails_proves_nothing(consumer: Path) -> None:
    (consumer / "test_failing.py").write_text("def test_failing(): assert False", encoding="utf-8")

    told = run(consumer, "--record-usage")

    assert "nothing was written, because not all tests ran and passed" in told
    assert not usage_log(consumer).exists()


def test_a_run_of_chosen_tests_proves_nothing(consumer: Path) -> None:
    told = run(consumer, "--record-usage", "test_till.py::test_the_amount_is_shown")

    assert "nothing was written, because not all tests ran and passed" in told
    assert not usage_log(consumer).exists()


def test_of_several_tests_that_show_the_same_the_first_is_named(consumer: Path) -> None:
    (consumer / "test_another.py").write_text(CONSUMER_TEST, encoding="utf-8")
    run(consumer, "--record-usage")

    document = json.loads(usage_log(consumer).read_text(encoding="utf-8"))
    assert {read["test"].partition("::")[0] for read in document["reads"]} == {"test_another.py"}


def edit(file: Path, before: str, after: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


@pytest.fixture
def recorded_before(consumer: Path) -> Path:
    """The usage log of another day."""
    run(consumer, "--record-usage")
    date = json.loads(usage_log(consumer).read_text(encoding="utf-8"))["date"]
    edit(usage_log(consumer), date, "2026-01-02")
    return usage_log(consumer)


def test_a_usage_log_that_says_the_same_keeps_its_date(consumer: Path, recorded_before: Path) -> None:
    before = recorded_before.read_bytes()

    assert "3 elements read, as before" in run(consumer, "--record-usage")
    assert recorded_before.read_bytes() == before


def test_a_usage_log_is_dated_anew_if_somebody_asks(consumer: Path, recorded_before: Path) -> None:
    run(consumer, "--record-usage", "--refresh-usage")

    assert json.loads(recorded_before.read_text(encoding="utf-8"))["date"] != "2026-01-02"


def test_a_usage_log_that_says_something_else_is_dated_anew(consumer: Path, recorded_before: Path) -> None:
    # Of another length: within a second, Python takes a source of the same length for the one that it compiled.
    edit(consumer / "test_till.py", "Money(units=3)).units == 3", "Money(nanos=300)).nanos == 300")
    run(consumer, "--record-usage")

    assert json.loads(recorded_before.read_text(encoding="utf-8"))["date"] != "2026-01-02"
    assert ("google.type.Money.nanos", "grpc") in reads(consumer)


def test_usage_logs_go_where_the_environment_says(consumer: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVANDA_USAGE_DIR", str(consumer / "elsewhere"))
    run(consumer, "--record-usage")

    assert (consumer / "elsewhere" / "till.json").exists()
    assert not usage_log(consumer).exists()
