"""A change belongs to the operations that changed, and a part that became another one needs both for a while."""

from typing import Any

import pytest

from servanda.interfaces.openapi.check import check_document
from servanda.interfaces.openapi.document import Document
from tests.unit.impact.openapi.conftest import SHOP

SLIP = "    Slip:\n      type: object\n      properties: {gift: {type: boolean}}\n"
WITH_SLIP = SHOP + SLIP
LATEST = (
    'operationId: latest\n      responses:\n        "200": {content: {application/json: {schema: '
    "{$ref: '#/components/schemas/Order'}}}}"
)
LATEST_IS_A_SLIP = (LATEST, LATEST.replace("Order", "Slip"))
DELETED = "RESPONSE_PROPERTY_NO_DELETE"


@pytest.fixture
def with_slip(contracts: Any) -> Any:
    contracts.document = WITH_SLIP
    return contracts


def test_an_operation_that_answers_with_another_schema_hits_its_own_consumers(with_slip: Any) -> None:
    with_slip.http("latest", "GET /v1/orders/latest", answer={"note": "x"})
    with_slip.http("kept", "GET /v1/orders/latest", answer={"gift": True})
    with_slip.http("one", "GET /v1/orders/o-1", answer={"note": "x"})
    with_slip.http("list", "GET /v1/orders", answer=[{"note": "x"}])

    found = with_slip.worst(*LATEST_IS_A_SLIP, DELETED)

    assert found == {"latest": "broken", "kept": "unknown", "one": "unknown", "list": "unknown"}


def test_every_operation_that_answers_with_another_schema_is_hit(with_slip: Any) -> None:
    with_slip.http("latest", "GET /v1/orders/latest", answer={"note": "x"})
    with_slip.http("one", "GET /v1/orders/o-1", answer={"note": "x"})
    both = "schema: {$ref: '#/components/schemas/Order'}}}}\n"

    assert with_slip.worst(both, both.replace("Order", "Slip"), DELETED) == {"latest": "broken", "one": "broken"}


def test_a_finding_says_which_operation_refers_to_something_else() -> None:
    before, after = (Document(text, "shop.yaml") for text in (WITH_SLIP, WITH_SLIP.replace(*LATEST_IS_A_SLIP)))

    messages = {each.finding.message for each in check_document(before, after) if each.rule.id == f"OPENAPI_{DELETED}"}

    assert messages
    assert all("to which GET /orders/latest no longer refers" in message for message in messages)


def test_a_component_that_changed_itself_hits_everybody_who_reads_it(with_slip: Any) -> None:
    with_slip.http("latest", "GET /v1/orders/latest", answer={"note": "x"})
    with_slip.http("one", "GET /v1/orders/o-1", answer={"note": "x"})
    note = "        note: {type: string, maxLength: 50}\n"

    assert with_slip.impacts(note, "", DELETED) == {"latest": "broken", "one": "broken"}


def test_a_text_does_not_tell_the_type_of_a_header(contracts: Any) -> None:
    contracts.document = SHOP.replace("{ETag: {schema: {type: string}}}", "{X-Total: {schema: {type: integer}}}")
    contracts.http("app", "GET /v1/orders", answer=[], looks_at={"X-Total": "1"})

    found = contracts.impacts(
        "{X-Total: {schema: {type: integer}}}", "{X-Total: {schema: {type: string}}}", "RESPONSE_TYPE_NO_WIDEN"
    )

    assert found == {"app": "potentially-affected"}


def test_a_value_that_is_sent_only_to_be_refused_breaks_nobody(contracts: Any) -> None:
    contracts.http("app", "POST /v1/orders", body={"note": "x", "gift": True}, status=400)

    found = contracts.impacts("        gift: {type: boolean}\n", "", "REQUEST_PROPERTY_NO_DELETE")

    assert found == {"app": "potentially-affected"}


def test_a_response_that_is_limited_more_than_the_contract_expects_is_impossible(contracts: Any) -> None:
    contracts.http("long", "GET /v1/orders/o-1", answer={"note": "ring twice"})
    contracts.http("short", "GET /v1/orders/o-1", answer={"note": "x"})

    found = contracts.impacts("maxLength: 50", "maxLength: 3", "RESPONSE_LIMIT_NO_TIGHTEN")

    assert found == {"long": "broken", "short": "potentially-affected"}


@pytest.mark.parametrize(
    ("before", "after", "rule", "order"),
    [
        pytest.param(
            'operationId: latest\n      responses:\n        "200": {content: {application/json: {',
            'operationId: latest\n      responses:\n        "200": {content: {application/xml: {',
            "RESPONSE_MEDIA_TYPE_NO_DELETE",
            "none",
            id="another media type",
        ),
        pytest.param(
            '"201": {description: Created.}',
            '"202": {description: Taken.}',
            "RESPONSE_NO_DELETE",
            "none",
            id="another status",
        ),
        pytest.param("    post:\n", "    put:\n", "OPERATION_NO_DELETE", "none", id="another method"),
        pytest.param(
            "quantity: {type: integer}", "quantity: {type: string}", "RESPONSE_TYPE_NO_WIDEN", "none", id="another type"
        ),
        pytest.param(
            "        gift: {type: boolean}\n", "", "RESPONSE_PROPERTY_NO_DELETE", "consumers-first", id="gone"
        ),
        pytest.param(
            "quantity: {type: integer}",
            "quantity: {type: number}",
            "RESPONSE_TYPE_NO_WIDEN",
            "consumers-first",
            id="wider",
        ),
    ],
)
def test_a_part_that_became_another_one_needs_both_for_a_while(before: str, after: str, rule: str, order: str) -> None:
    assert before in SHOP
    states = (Document(text, "shop.yaml") for text in (SHOP, SHOP.replace(before, after)))

    orders = {
        str(each.finding.transition.deploy_order)
        for each in check_document(*states)
        if each.rule.id == f"OPENAPI_{rule}" and each.finding.transition is not None
    }

    assert orders == {order}


STATUS = "Status: {enum: [open, paid]}"


@pytest.mark.parametrize(
    "now",
    [
        pytest.param("Status: {enum: [open, paid], const: late}", id="const"),
        pytest.param("Status: {enum: [open, paid], maxLength: 3}", id="limit"),
    ],
)
def test_a_response_that_nothing_is_possible_in_breaks_who_expects_something(contracts: Any, now: str) -> None:
    contracts.http("reads", "GET /v1/orders/o-1", answer={"status": "paid"})
    contracts.http("other", "GET /v1/orders/o-1", answer={"note": "x"})

    assert contracts.impacts(STATUS, now, "RESPONSE_VALUE_NO_DELETE") == {"reads": "broken", "other": "unknown"}


def test_a_closed_part_of_a_response_lets_no_other_part_add_anything(contracts: Any) -> None:
    order = "{content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}\n        default"
    both = "{allOf: [{$ref: '#/components/schemas/Order'}, {properties: {ticket: {type: string}}}]}"
    contracts.document = SHOP.replace(order, order.replace("{$ref: '#/components/schemas/Order'}", both))
    contracts.http("ticket", "GET /v1/orders/o-1", answer={"ticket": "t"})
    contracts.http("note", "GET /v1/orders/o-1", answer={"note": "x"})

    closed = "    Order:\n      additionalProperties: false\n"

    found = contracts.worst("    Order:\n", closed, "RESPONSE_VALUE_NO_DELETE")
    assert (found["ticket"], found["note"]) == ("broken", "potentially-affected")


def test_a_class_of_successes_of_which_one_is_left_breaks_who_expects_another(contracts: Any) -> None:
    two = "\"200\": {content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}\n        default"
    contracts.document = SHOP.replace(two, two.replace('"200"', '"2XX"'))
    contracts.http("ok", "GET /v1/orders/o-1", answer={"note": "x"})
    contracts.http("accepted", "GET /v1/orders/o-1", answer={"note": "x"}, status=202)

    found = contracts.impacts('"2XX"', '"202"', "RESPONSE_VALUE_NO_DELETE")

    assert found == {"ok": "broken", "accepted": "potentially-affected"}


def test_the_default_of_errors_is_no_success(contracts: Any) -> None:
    contracts.http("ok", "GET /v1/orders/o-1", answer={"note": "x"})
    two = "\"200\": {content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}\n        default"

    assert contracts.impacts(two, two.replace('"200"', '"201"'), "RESPONSE_NO_DELETE") == {"ok": "broken"}


@pytest.mark.parametrize(
    ("now", "rule"),
    [
        pytest.param("Status: {type: boolean}", "REQUEST_ENUM_NO_DELETE", id="another type"),
        pytest.param("Status: {enum: [open, paid], const: late}", "REQUEST_TYPE_NO_NARROW", id="nothing is left"),
    ],
)
def test_a_value_that_is_refused_for_another_reason_is_refused_all_the_same(
    contracts: Any, now: str, rule: str
) -> None:
    contracts.http("app", "POST /v1/orders", body={"note": "x", "status": "open"}, status=201)

    assert contracts.impacts(STATUS, now, rule) == {"app": "broken"}


def test_an_answer_whose_required_part_cannot_be_anything_is_impossible(contracts: Any) -> None:
    contracts.document = SHOP.replace("required: [note]", "required: [note, status]")
    contracts.http("app", "GET /v1/orders/o-1", answer={"note": "x", "status": "open"})

    found = contracts.worst(STATUS, "Status: {enum: [open, paid], maxLength: 3}", "RESPONSE_VALUE_NO_DELETE")

    assert found == {"app": "broken"}


def test_a_fraction_that_can_come_no_more_breaks_who_expects_one(contracts: Any) -> None:
    contracts.document = SHOP.replace("quantity: {type: integer}", "quantity: {type: number}")
    contracts.http("half", "GET /v1/orders/o-1", answer={"quantity": 2.5})
    contracts.http("whole", "GET /v1/orders/o-1", answer={"quantity": 2})

    found = contracts.impacts("quantity: {type: number}", "quantity: {type: integer}", "RESPONSE_VALUE_NO_DELETE")

    assert found == {"half": "broken", "whole": "potentially-affected"}
