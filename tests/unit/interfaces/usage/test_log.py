"""Documents that say what a consumer's tests read."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from servanda.errors import ContractError
from servanda.interfaces.effect import Access
from servanda.interfaces.usage.log import Noted, UsageLog, dump, load
from servanda.interfaces.usage.use import Observation
from servanda.verdict import Transport

NOTE = Noted("shop.v1.Order.note", Transport.GRPC, "test_app.py::test_note")


def log(document: str = "app.json", *reads: Noted) -> UsageLog:
    return UsageLog(Observation("app", "2026-11-01", document, "abc"), reads or (NOTE,))


def test_what_is_written_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "app.json"
    path.write_text(dump(log(str(path))), encoding="utf-8")

    assert load(path, {"shop.v1.Order.note"}) == log(str(path))


def test_the_same_reads_give_the_same_text_in_any_order() -> None:
    other = Noted("shop.v1.Order.gift", Transport.KAFKA, "test_app.py::test_gift")

    assert dump(log("a", NOTE, other)) == dump(log("a", other, NOTE, NOTE))


def test_a_read_proves_a_use_with_its_test_and_date() -> None:
    [use] = log().uses()

    assert (use.access, use.evidence.test, use.evidence.date) == (Access.READ, "test_app.py::test_note", "2026-11-01")


def test_what_was_sent_is_written(tmp_path: Path) -> None:
    path = tmp_path / "app.json"
    path.write_text(dump(replace(log(), writes=(NOTE,))), encoding="utf-8")

    assert [use.access for use in load(path).uses()] == [Access.READ, Access.WRITE]


def test_of_what_a_path_tells_no_name_travels(tmp_path: Path) -> None:
    path = tmp_path / "app.json"
    noted = [Noted(f"shop.v1.Order.{name}", Transport.HTTP, "t", placed=name == "id") for name in ("id", "note")]
    path.write_text(dump(log("app.json", *noted)), encoding="utf-8")

    assert {use.element: use.named for use in load(path).uses()} == {
        "shop.v1.Order.id": False,
        "shop.v1.Order.note": True,
    }


def test_an_element_that_does_not_exist_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "app.json"
    path.write_text(dump(log()), encoding="utf-8")

    with pytest.raises(ContractError, match=r"shop\.v1\.Order\.note") as refused:
        load(path, {"shop.v1.Order.gift"})

    assert refused.value.where == f"{path}:8:18"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"format": 2}, "no usage log of format 1", id="another format"),
        pytest.param({"date": "yesterday"}, "date: expected a day as YYYY-MM-DD", id="no date"),
        pytest.param({"reads": [{"element": "x"}]}, r"reads\[0\]: 'transport' is missing", id="no transport"),
        pytest.param(
            {"reads": [{"element": "x", "transport": "pigeon"}]}, "unknown transport 'pigeon'", id="unknown transport"
        ),
        pytest.param({"writes": 3}, "writes: expected a list, found the number 3", id="writes that are no list"),
        pytest.param({"consumer": None}, "'consumer' is missing", id="no consumer"),
    ],
)
def test_a_malformed_usage_log_is_refused(tmp_path: Path, change: dict[str, object], message: str) -> None:
    path = tmp_path / "app.json"
    path.write_text(json.dumps(json.loads(dump(log())) | change), encoding="utf-8")

    with pytest.raises(ContractError, match=message):
        load(path)


def test_text_that_is_no_json_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "app.json"
    path.write_text('{\n  "format" 1\n}', encoding="utf-8")

    with pytest.raises(ContractError) as refused:
        load(path)

    assert refused.value.where == f"{path}:2:12"
