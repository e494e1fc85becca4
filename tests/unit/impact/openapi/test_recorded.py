"""What usage logs in lines mean for the consumers of an OpenAPI document."""

import json
from pathlib import Path
from typing import Any

import pytest

from servanda.configuration import load
from servanda.impact.assessment import assess
from servanda.impact.consumers import consumers
from servanda.interfaces.openapi.check import check_document
from servanda.interfaces.openapi.document import Document
from servanda.interfaces.openapi.usage.change import OpenApiChange
from servanda.interfaces.openapi.usage.proven import usage_of
from servanda.interfaces.usage.sources import Sources
from tests.unit.impact.openapi.conftest import SHOP

HEADER = {
    "format": "servanda.usage/1",
    "consumer": "web",
    "date": "2026-11-01",
    "complete": ["calls", "reads", "writes"],
}
GET = {"call": "GET /orders/{id}", "transport": "http", "query": [], "headers": [], "status": 200}
LIST = {**GET, "call": "GET /orders", "received": []}
POST = {**GET, "call": "POST /orders", "status": 201, "received": None}
GIFT_GONE = ("        gift: {type: boolean}\n", "", "RESPONSE_PROPERTY_NO_DELETE")
GIFT_DEMANDED = ("required: [note]", "required: [note, gift]", "REQUEST_PROPERTY_NO_NEW_REQUIRED")


@pytest.fixture
def impact(tmp_path: Path) -> Any:
    """Impact of a finding on the consumer whose log has these lines."""

    def examine(edit: tuple[str, str, str], *lines: object) -> str:
        old, new, rule = edit
        assert old in SHOP
        (tmp_path / "contracts" / "usage").mkdir(parents=True, exist_ok=True)
        (tmp_path / "servanda.toml").write_text("[pacticipants.web]\n", encoding="utf-8")
        text = "".join(f"{json.dumps(each)}\n" for each in lines)
        (tmp_path / "contracts" / "usage" / "web.jsonl").write_text(text, encoding="utf-8")
        before, after = Document(SHOP, "shop.yaml"), Document(SHOP.replace(old, new), "shop.yaml")
        findings = [each for each in check_document(before, after) if each.rule.id == f"OPENAPI_{rule}"]
        assert findings, [each.rule.id for each in check_document(before, after)]
        configuration = load(tmp_path / "servanda.toml")
        usage = usage_of(Sources(configuration), tmp_path / "shop.yaml", before, after)
        told = assess(findings[:1], OpenApiChange(), usage, consumers(configuration, usage))
        return str(told[0].consumers[0].impact)

    return examine


def test_a_property_that_passed_breaks_nobody_for_certain(impact: Any) -> None:
    assert impact(GIFT_GONE, HEADER, {**GET, "received": {"gift": None}}) == "potentially-affected"


def test_a_property_that_was_read_breaks(impact: Any) -> None:
    assert impact(GIFT_GONE, HEADER, {**GET, "read": {"gift": None}}) == "broken"


def test_a_property_that_never_passed_was_not_read(impact: Any) -> None:
    assert impact(GIFT_GONE, HEADER, {**GET, "received": {"note": None}}) == "unaffected"


def test_without_the_answer_a_property_may_have_been_read(impact: Any) -> None:
    assert impact(GIFT_GONE, HEADER, GET) == "unknown"


def test_a_log_of_some_calls_proves_no_absence(impact: Any) -> None:
    assert impact(GIFT_GONE, {**HEADER, "complete": []}, {**GET, "received": {}}) == "unknown"


def test_a_request_without_what_is_required_now_breaks(impact: Any) -> None:
    assert impact(GIFT_DEMANDED, HEADER, {**POST, "sent": {"note": None}}) == "broken"


def test_a_request_with_what_is_required_now_does_not(impact: Any) -> None:
    assert impact(GIFT_DEMANDED, HEADER, {**POST, "sent": {"note": None, "gift": None}}) == "unaffected"


def test_whoever_sends_nothing_is_not_hit_by_what_a_request_requires(impact: Any) -> None:
    assert impact(GIFT_DEMANDED, HEADER, LIST) == "unaffected"


def test_a_parameter_that_is_required_now_breaks_those_who_leave_it_out(impact: Any) -> None:
    demanded = ("{name: size, in: query,", "{name: size, in: query, required: true,", "PARAMETER_NO_NEW_REQUIRED")

    assert impact(demanded, HEADER, LIST) == "broken"
    assert impact(demanded, HEADER, {**LIST, "query": ["size"]}) == "unaffected"


@pytest.mark.parametrize("key", ["query", "headers"])
def test_what_nobody_looked_at_may_have_been_left_out(impact: Any, key: str) -> None:
    demanded = ("{name: size, in: query,", "{name: size, in: query, required: true,", "PARAMETER_NO_NEW_REQUIRED")

    assert impact(demanded, HEADER, {name: value for name, value in LIST.items() if name != key}) == "unknown"


def test_a_call_that_another_log_tells_whole_adds_nothing(impact: Any) -> None:
    spans = ({**HEADER, "complete": []}, {"call": "GET /orders/{id}", "transport": "http"})

    assert impact(GIFT_GONE, HEADER, {**GET, "received": {"note": None}}, *spans) == "unaffected"


def test_a_call_that_no_other_log_tells_leaves_open_what_it_reads(impact: Any) -> None:
    spans = ({**HEADER, "complete": []}, {"call": "GET /orders/{id}", "transport": "http"})

    assert impact(GIFT_GONE, HEADER, {**POST, "sent": {"note": None}}, *spans) == "unknown"
