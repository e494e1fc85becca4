"""Usage logs as JSON Lines: what can be written, and what is refused with its place."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from servanda.errors import ContractError
from servanda.interfaces.effect import Access
from servanda.interfaces.usage.exchange import EVERYTHING, Exchange, Shape
from servanda.interfaces.usage.lines import dump_lines, load_lines
from servanda.interfaces.usage.log import Noted, UsageLog
from servanda.interfaces.usage.use import Observation
from servanda.verdict import Transport

SCHEMA = json.loads(Path("docs/reference/usage-log.schema.json").read_text(encoding="utf-8"))
REFERENCE = Path("docs/reference/usage-log.md").read_text(encoding="utf-8")
HEADER = {"format": "servanda.usage/1", "consumer": "app", "version": "1.4", "date": "2026-11-01"}
NOTE = {"element": "shop.v1.Order.note", "access": "read", "transport": "grpc"}
CALL = {"call": "GET /v1/orders/{id}", "transport": "http"}
EXCHANGE = Exchange(
    "GET /v1/orders/{id}",
    Transport.HTTP,
    "proxy",
    200,
    ("size",),
    ("accept",),
    None,
    Shape({"note": None}),
    None,
    ("a.b",),
)
LOG = UsageLog(
    Observation("app", "2026-11-01", "app.jsonl", "1.4"),
    (Noted("shop.v1.Order.note", Transport.GRPC, "x.ts:7", possible=True),),
    (Noted("shop.v1.Order.gift", Transport.HTTP, "x.ts:8", placed=True),),
    (Noted("shop.v1.Shop.GetOrder", Transport.GRPC, "x.ts:9"),),
    (EXCHANGE,),
    EVERYTHING,
)


def written(folder: Path, *lines: object) -> Path:
    path = folder / "app.jsonl"
    path.write_text("".join(f"{each if isinstance(each, str) else json.dumps(each)}\n" for each in lines), "utf-8")
    return path


def refusal(path: Path, known: set[str] | None = None) -> ContractError:
    with pytest.raises(ContractError) as caught:
        load_lines(path, "app.jsonl", known)
    return caught.value


def test_what_is_written_can_be_read(tmp_path: Path) -> None:
    path = written(tmp_path, dump_lines(LOG, {"tool": "proxy", "version": "2"}).rstrip())

    [read] = load_lines(path, "app.jsonl")

    assert (read.reads, read.writes, read.calls, read.noted) == (LOG.reads, LOG.writes, LOG.calls, LOG.noted)
    assert read.observation == LOG.observation
    assert read.exchanges[0].label == "proxy, line 5"
    assert (read.exchanges[0].query, read.exchanges[0].received, read.exchanges[0].mask) == (
        ("size",),
        Shape({"note": None}),
        ("a.b",),
    )


def test_each_line_that_is_written_fits_the_schema() -> None:
    for line in dump_lines(LOG, {"tool": "proxy"}).splitlines():
        jsonschema.validate(json.loads(line), SCHEMA)


@pytest.mark.parametrize(
    "line",
    [
        {**HEADER, "format": "servanda.usage/2"},
        {**HEADER, "complete": ["everything"]},
        {**HEADER, "consumers": "app"},
        {**NOTE, "access": "touch"},
        {**NOTE, "possible": "yes"},
        {**CALL, "call": "orders"},
        {**CALL, "query": "size"},
        {**CALL, "response": {}},
        {"transport": "http"},
    ],
)
def test_what_the_schema_refuses_is_refused_with_its_line(line: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(line, SCHEMA)

    assert refusal(written(tmp_path, HEADER, "", line)).where in {f"app.jsonl:3:{column}" for column in range(1, 200)}


def test_the_reference_shows_lines_that_can_be_read(tmp_path: Path) -> None:
    [shown] = re.findall(r"```json\n(.*?)```", REFERENCE, re.DOTALL)
    for line in shown.splitlines():
        jsonschema.validate(json.loads(line), SCHEMA)

    [read] = load_lines(written(tmp_path, shown.rstrip()), "app.jsonl")

    assert (read.observation.consumer, read.complete) == ("web-app", EVERYTHING)


def test_a_run_that_is_appended_begins_a_log_of_its_own(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER, NOTE, {**HEADER, "date": "2026-11-02", "complete": ["calls"]}, CALL)

    first, second = load_lines(path, "app.jsonl")

    assert (len(first.reads), first.complete, first.observation.document) == (1, frozenset(), "app.jsonl")
    assert (len(second.exchanges), second.observation.date) == (1, "2026-11-02")
    assert second.observation.document == "app.jsonl:3"


def test_a_log_without_a_header_is_refused(tmp_path: Path) -> None:
    assert "no header" in refusal(written(tmp_path, NOTE)).what


def test_an_empty_log_is_refused(tmp_path: Path) -> None:
    assert "empty" in refusal(written(tmp_path)).what


def test_a_line_that_was_cut_off_is_refused_with_its_place(tmp_path: Path) -> None:
    error = refusal(written(tmp_path, HEADER, NOTE, '{"element": "shop.v1'))

    assert (error.where or "").startswith("app.jsonl:3:")


def test_an_element_that_does_not_exist_is_refused_with_its_place(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER, NOTE)

    assert load_lines(path, "app.jsonl", {"shop.v1.Order.note"})
    error = refusal(path, {"shop.v1.Order.gift"})
    assert (error.where, "shop.v1.Order.note" in error.what) == ("app.jsonl:2:13", True)


def test_a_request_is_a_call_and_no_element(tmp_path: Path) -> None:
    error = refusal(written(tmp_path, HEADER, {**NOTE, "element": "GET /v1/orders"}))

    assert error.hint == 'write it as a call: "call": "GET /v1/orders"'


def test_no_value_of_a_message_is_kept(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER, {**CALL, "received": {"note": "secret", "tags": ["secret"]}})

    [read] = load_lines(path, "app.jsonl")

    assert read.exchanges[0].received == Shape({"note": None, "tags": [None]})


def test_a_use_that_is_possible_says_so() -> None:
    assert {use.access: use.evidence.possible for use in LOG.uses()} == {
        Access.READ: True,
        Access.WRITE: False,
        Access.CALL: False,
    }
