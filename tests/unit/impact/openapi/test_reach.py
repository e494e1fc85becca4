"""Who was observed is unaffected by what none of its calls reaches, and by nothing else."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from servanda.configuration import load
from servanda.impact.assessment import assess
from servanda.impact.consumers import consumers
from servanda.interfaces.openapi.check import check_document
from servanda.interfaces.openapi.document import Document
from servanda.interfaces.openapi.usage.change import OpenApiChange
from servanda.interfaces.openapi.usage.operations import Operations
from servanda.interfaces.openapi.usage.proven import usage_of
from servanda.interfaces.openapi.usage.reach import Reach
from servanda.interfaces.openapi.usage.uses import uses
from servanda.interfaces.usage.log import Noted, UsageLog, dump
from servanda.interfaces.usage.log import load as load_log
from servanda.interfaces.usage.provenance import Provenance
from servanda.interfaces.usage.sources import Sources
from servanda.interfaces.usage.use import Observation
from servanda.pact.load import parse
from servanda.recording.usage.recorder import UsageRecorder
from servanda.verdict import Transport
from tests.unit.impact.openapi.conftest import SHOP, Contracts

TODAY = dt.date(2026, 11, 22)


@pytest.fixture
def observed(tmp_path: Path) -> Any:
    """What a finding means for a consumer whose tests were observed to make these requests, and nothing else."""

    def examine(old: str, new: str, rule: str, *requests: str, shop: str = SHOP) -> str:
        assert old in shop
        (tmp_path / "contracts" / "usage").mkdir(parents=True, exist_ok=True)
        (tmp_path / "servanda.toml").write_text("[pacticipants.web]\n", encoding="utf-8")
        writes = [{"element": each, "transport": "http", "test": "t"} for each in requests]
        log = {
            "format": 1,
            "consumer": "web",
            "version": "4f2a",
            "date": "2026-11-01",
            "reads": [],
            "writes": writes,
        }
        (tmp_path / "contracts" / "usage" / "web.json").write_text(json.dumps(log), encoding="utf-8")
        before, after = Document(shop, "shop.yaml"), Document(shop.replace(old, new), "shop.yaml")
        findings = [each for each in check_document(before, after) if each.rule.id == f"OPENAPI_{rule}"]
        configuration = load(tmp_path / "servanda.toml")
        usage = usage_of(Sources(configuration), tmp_path / "shop.yaml", before, after)
        [told] = assess(findings, OpenApiChange(), usage, consumers(configuration, usage))
        return str(told.consumers[0].impact)

    return examine


VALUE = ("[open, paid]", "[open, paid, lost]", "RESPONSE_ENUM_NO_ADD")
NOTE = ("        note: {type: string, maxLength: 50}\n", "", "RESPONSE_PROPERTY_NO_DELETE")


def test_a_new_value_leaves_alone_who_only_writes_the_enum(observed: Any) -> None:
    assert observed(*VALUE, "POST /v1/orders") == "unaffected"


def test_who_calls_what_answers_with_the_enum_may_read_it(observed: Any) -> None:
    assert observed(*VALUE, "POST /v1/orders", "GET /v1/orders/7") == "unknown"


def test_a_property_is_reached_through_every_operation_that_refers_to_its_schema(observed: Any) -> None:
    assert observed(*NOTE, "GET /v1/orders") == "unknown"
    assert observed(*NOTE, "GET /v1/orders/latest") == "unknown"


def test_a_usage_log_that_made_no_call_of_the_document_shows_nothing(observed: Any) -> None:
    assert observed(*NOTE, "GET /elsewhere") == "unknown"
    assert observed(*NOTE) == "unknown"


@pytest.mark.parametrize(
    ("edit", "reached", "other"),
    [
        pytest.param(
            ("required: [note]", "required: [note, gift]", "REQUEST_PROPERTY_NO_NEW_REQUIRED"),
            "POST /orders",
            "GET /orders",
            id="property required",
        ),
        pytest.param(
            (
                "        - {name: X-T",
                "        - {name: l, in: query, required: true}\n        - {name: X-T",
                "PARAMETER_NO_NEW_REQUIRED",
            ),
            "GET /orders",
            "POST /orders",
            id="new required parameter",
        ),
        pytest.param(
            ('"201": {', '"202": {description: Later.}\n        "201": {', "RESPONSE_SUCCESS_NO_ADD"),
            "POST /orders",
            "GET /orders",
            id="new success",
        ),
        pytest.param(
            ("    New: {content", "    New: {required: true, content", "REQUEST_BODY_NO_NEW_REQUIRED"),
            "POST /orders",
            "GET /orders",
            id="body required",
        ),
        pytest.param(
            ("security: []", "security: [{token: []}]", "SECURITY_NO_TIGHTEN"),
            "POST /orders",
            "GET /orders",
            id="security",
        ),
        pytest.param(
            ("headers: {ETag: {schema: {type: string}}}", "headers: {}", "RESPONSE_HEADER_NO_DELETE"),
            "GET /orders",
            "POST /orders",
            id="header",
        ),
        pytest.param(
            ("maximum: 100", "maximum: 50", "REQUEST_LIMIT_NO_TIGHTEN"), "GET /orders", "POST /orders", id="limit"
        ),
    ],
)
def test_a_change_of_one_operation_leaves_alone_who_calls_others(
    observed: Any, edit: tuple[str, str, str], reached: str, other: str
) -> None:
    assert observed(*edit, reached) == "unknown"
    assert observed(*edit, other) == "unaffected"


def test_a_recorded_call_proves_a_use_of_the_operation(observed: Any) -> None:
    edit = ("  /orders/latest:\n    get:", "  /orders/latest:\n    put:", "OPERATION_NO_DELETE")

    assert observed(*edit, "GET /v1/orders/latest") == "broken"
    assert observed(*edit, "GET /v1/orders/7") == "unaffected"


NAMES = ("note", "gift", "quantity", "status", "payment", "kind", "number", "code", "other")
VALUES = st.recursive(
    st.sampled_from([None, True, 1, 1.5, "open", "card", "voucher", "x" * 60]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)
EDITS = (
    ("paths:", "paths:"),
    ("required: [note]", "required: [note, fresh]"),
    ("        gift: {type: boolean}\n", ""),
    ("#/components/schemas/Status'", "#/components/schemas/Order'"),
    ("    Order:\n      type: object\n", "    Order:\n      additionalProperties: false\n"),
    ("security: []", "security: [{token: []}]"),
    ('"201": {', '"202": {'),
)


@given(
    request=st.sampled_from(["GET /v1/orders", "POST /orders", "GET /orders/7", "GET /v1/orders/latest"]),
    edit=st.sampled_from(EDITS),
    status=st.sampled_from([200, 201, 404, 500]),
    body=VALUES,
    answer=VALUES,
)
@example(request="POST /orders", edit=EDITS[0], status=201, body={"payment": {}}, answer=None)
def test_whatever_a_contract_uses_its_call_reaches(
    request: str, edit: tuple[str, str], status: int, body: object, answer: object
) -> None:
    operations = Operations(Document(SHOP, "shop.yaml"), Document(SHOP.replace(*edit), "shop.yaml"))
    contracts = Contracts()
    contracts.http(
        "web", request, query={"size": ["1"]}, headers={"x-tenant": "t"}, body=body, answer=answer, status=status
    )
    call = operations.called(*request.split(" "))
    assert call is not None

    reach = Reach()
    reach.call(call.operation)

    found = uses(parse(contracts.texts[0], "it.json"), operations, Provenance())
    assert [use for use in found if not reach.covers(use.element, {use.access})] == []


BODY = "{requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}}"


def test_what_a_webhook_sends_may_reach_everybody(observed: Any) -> None:
    shop = f"{SHOP}webhooks: {{placed: {{post: {BODY}}}}}\n"

    assert observed(*NOTE, "POST /v1/orders") == "unaffected"
    assert observed(*NOTE, "POST /v1/orders", shop=shop) == "unknown"


def test_what_a_callback_sends_reaches_who_calls_its_operation(observed: Any) -> None:
    callback = f"      callbacks: {{done: {{'{{$request.body#/url}}': {{post: {BODY}}}}}}}\n      security: []\n"
    shop = SHOP.replace("      security: []\n", callback)

    assert observed(*NOTE, "POST /v1/orders", shop=shop) == "unknown"


def test_a_request_that_means_no_rpc_is_recorded_as_it_was_made() -> None:
    recorder = UsageRecorder("web")

    answer = recorder.in_test("t").http("GET", "/orders/7")({"note": "x"})

    assert answer == {"note": "x"}
    assert {(noted.element, noted.transport) for noted in recorder.writes or ()} == {("GET /orders/7", Transport.HTTP)}


def test_such_a_request_is_no_element_that_the_interfaces_lack(tmp_path: Path) -> None:
    noted = Noted("GET /orders/7", Transport.HTTP, "t")
    path = tmp_path / "web.json"
    path.write_text(dump(UsageLog(Observation("web", "2026-11-01", "web.json"), (), (noted,))), encoding="utf-8")

    assert load_log(path, known=frozenset()).writes == (noted,)


@pytest.mark.parametrize(
    ("elements", "left"),
    [
        pytest.param(["GET /orders/7"], None, id="nothing else"),
        pytest.param(["GET /orders/7", "shop.v1.Shop"], ["shop.v1.Shop"], id="an rpc too"),
        pytest.param([], [], id="nothing is sent"),
    ],
)
def test_such_requests_show_nothing_of_what_is_sent_to_rpcs(elements: list[str], left: list[str] | None) -> None:
    noted = tuple(Noted(each, Transport.HTTP, "t") for each in elements)

    writes = UsageLog(Observation("web", "2026-11-01", "web.json"), (), noted).of_rpcs().writes

    assert (None if writes is None else [each.element for each in writes]) == left
