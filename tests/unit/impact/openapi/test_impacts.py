"""What an edit of a hand-written document means for each consumer, by what its contracts say over HTTP."""

from typing import Any

import pytest

from servanda.interfaces.openapi.check import check_document
from servanda.interfaces.openapi.document import Document
from servanda.verdict import Impact
from tests.unit.impact.openapi.conftest import SHOP

NOTE = "        note: {type: string, maxLength: 50}\n"
GIFT = "        gift: {type: boolean}\n"
BY_ID = "GET /v1/orders/o-1"


def test_a_property_that_is_read_and_one_that_is_not_get_different_verdicts(contracts: Any) -> None:
    contracts.http("web", BY_ID, answer={"note": "x"})
    contracts.http("app", BY_ID, answer={"quantity": 1})

    assert contracts.impacts(NOTE, "", "RESPONSE_PROPERTY_NO_DELETE") == {"web": "broken", "app": "unknown"}
    assert contracts.impacts(GIFT, "", "RESPONSE_PROPERTY_NO_DELETE") == {"web": "unknown", "app": "unknown"}


def test_the_proof_says_where_it_is_from(contracts: Any) -> None:
    contracts.http("web", BY_ID, answer={"note": "x"})

    [web] = contracts.hits(NOTE, "", "RESPONSE_PROPERTY_NO_DELETE")

    [proof] = web.evidence
    assert (proof.document, proof.interaction, proof.test) == ("contracts/pacts/it.json", BY_ID, "test_web.py::test")
    assert (proof.version, proof.date) == ("v7", "2026-10-31")


def test_a_shared_schema_has_the_consumers_of_every_operation_that_reaches_it(contracts: Any) -> None:
    contracts.http("one", BY_ID, answer={"note": "x"})
    contracts.http("list", "GET /v1/orders", answer=[{"note": "x"}])
    contracts.http("latest", "GET /v1/orders/latest", answer={"note": "x"})

    found = contracts.impacts(NOTE, "", "RESPONSE_PROPERTY_NO_DELETE")

    assert found == {"one": "broken", "list": "broken", "latest": "broken"}


def test_a_new_value_may_affect_who_reads_it_and_not_who_writes_it(contracts: Any) -> None:
    contracts.http("reads", BY_ID, answer={"status": "open"})
    contracts.http("writes", "POST /v1/orders", body={"note": "x", "status": "open"}, status=201)

    found = contracts.impacts("[open, paid]", "[open, paid, lost]", "RESPONSE_ENUM_NO_ADD")

    assert found == {"reads": "potentially-affected", "writes": "unknown"}


def test_a_deleted_value_breaks_who_writes_it_and_may_affect_who_writes_another(contracts: Any) -> None:
    contracts.http("paid", "POST /v1/orders", body={"note": "x", "status": "paid"}, status=201)
    contracts.http("open", "POST /v1/orders", body={"note": "x", "status": "open"}, status=201)
    contracts.http("reads", BY_ID, answer={"status": "paid"})

    found = contracts.impacts("[open, paid]", "[open]", "REQUEST_ENUM_NO_DELETE")

    assert found == {"paid": "broken", "open": "potentially-affected", "reads": "unknown"}


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        pytest.param("x" * 20, "broken", id="refused now"),
        pytest.param("x" * 10, "potentially-affected", id="still accepted"),
        pytest.param("x" * 60, "potentially-affected", id="refused before already"),
    ],
)
def test_a_tighter_limit_breaks_who_writes_what_it_refuses(contracts: Any, note: str, expected: str) -> None:
    contracts.http("web", "POST /v1/orders", body={"note": note}, status=201)

    assert contracts.impacts("maxLength: 50", "maxLength: 10", "REQUEST_LIMIT_NO_TIGHTEN") == {"web": expected}


def test_the_refused_value_and_the_limit_are_part_of_the_proof(contracts: Any) -> None:
    contracts.http("web", "POST /v1/orders", body={"note": "far too long"}, status=201)

    [web] = contracts.hits("maxLength: 50", "maxLength: 10", "REQUEST_LIMIT_NO_TIGHTEN")

    assert [(proof.example, proof.refused) for proof in web.evidence] == [('"far too long"', "maxLength: 10")]


def test_a_value_proves_a_use_once_whatever_else_refuses_it(contracts: Any) -> None:
    contracts.http("web", "POST /v1/orders", body={"note": "far too long"}, status=201)
    both = "        note: {type: [string, 'null'], maxLength: 50}\n"

    [web] = contracts.hits(
        "[string, 'null'], maxLength: 50", "string, maxLength: 5", "REQUEST_TYPE_NO_NARROW", first=(NOTE, both)
    )

    assert web.impact is Impact.POTENTIALLY_AFFECTED
    assert [(proof.example, proof.refused) for proof in web.evidence] == [('"far too long"', "")]


def test_a_rule_that_asks_for_no_value_is_told_none(contracts: Any) -> None:
    contracts.http("web", "POST /v1/orders", body={"note": "x"}, status=201)

    [web] = contracts.hits(NOTE, "", "REQUEST_PROPERTY_NO_DELETE")

    assert [(proof.example, proof.refused) for proof in web.evidence] == [("", "")]


def test_a_request_that_has_to_fail_shows_nothing_of_what_has_to_be_accepted(contracts: Any) -> None:
    contracts.http("web", "POST /v1/orders", body={"note": "x" * 20}, status=400)

    assert contracts.impacts("maxLength: 50", "maxLength: 10", "REQUEST_LIMIT_NO_TIGHTEN") == {
        "web": "potentially-affected"
    }


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        pytest.param("quantity: {type: string}", "broken", id="another type"),
        pytest.param("quantity: {type: number}", "potentially-affected", id="a wider type"),
    ],
)
def test_another_type_breaks_who_reads_what_cannot_come_any_more(contracts: Any, new: str, expected: str) -> None:
    contracts.http("web", BY_ID, answer={"quantity": 1})

    assert contracts.impacts("quantity: {type: integer}", new, "RESPONSE_TYPE_NO_WIDEN") == {"web": expected}


def test_what_only_a_matching_rule_names_is_read_too(contracts: Any) -> None:
    rules = {"$.payment.code": {"combine": "AND", "matchers": [{"match": "type"}]}}
    contracts.http("web", BY_ID, answer={"quantity": 1}, rules=rules)

    found = contracts.impacts(", code: {type: string}", "", "RESPONSE_PROPERTY_NO_DELETE")

    assert found == {"web": "broken"}


def test_of_several_alternatives_the_one_that_fits_is_used(contracts: Any) -> None:
    contracts.http("card", BY_ID, answer={"payment": {"kind": "card", "number": "1"}})
    contracts.http("voucher", BY_ID, answer={"payment": {"kind": "voucher", "code": "1"}})

    found = contracts.impacts(
        "{const: voucher}, code: {type: string}", "{const: voucher}", "RESPONSE_PROPERTY_NO_DELETE"
    )

    assert found == {"voucher": "broken", "card": "unknown"}


def test_a_required_parameter_breaks_who_leaves_it_out(contracts: Any) -> None:
    contracts.http("without", "GET /v1/orders", answer=[])
    contracts.http("with", "GET /v1/orders", query={"size": ["10"]}, answer=[])

    found = contracts.impacts(
        "{name: size, in: query,", "{name: size, in: query, required: true,", "PARAMETER_NO_NEW_REQUIRED"
    )

    assert found == {"without": "broken", "with": "unknown"}


def test_a_new_required_parameter_breaks_every_caller(contracts: Any) -> None:
    contracts.http("web", "GET /v1/orders", answer=[])
    contracts.http("other", BY_ID, answer={})
    new = "        - {name: lang, in: query, required: true, schema: {type: string}}\n"

    found = contracts.impacts("        - {name: X-Ten", f"{new}        - {{name: X-Ten", "PARAMETER_NO_NEW_REQUIRED")

    assert found == {"web": "broken", "other": "unknown"}


def test_a_deleted_parameter_breaks_who_sends_it(contracts: Any) -> None:
    contracts.http("sends", "GET /v1/orders", headers={"x-tenant": "t"}, answer=[])
    contracts.http("other", "GET /v1/orders", answer=[])

    found = contracts.impacts(
        "        - {name: X-Tenant, in: header, schema: {type: string}}\n", "", "PARAMETER_NO_DELETE"
    )

    assert found == {"sends": "broken", "other": "unknown"}


def test_a_limit_of_a_parameter_is_tried_on_what_is_sent(contracts: Any) -> None:
    contracts.http("many", "GET /v1/orders", query={"size": ["80"]}, answer=[])
    contracts.http("few", "GET /v1/orders", query={"size": ["8"]}, answer=[])

    found = contracts.impacts("maximum: 100", "maximum: 50", "REQUEST_LIMIT_NO_TIGHTEN")

    assert found == {"many": "broken", "few": "potentially-affected"}


def test_a_required_property_breaks_who_leaves_it_out(contracts: Any) -> None:
    contracts.http("without", "POST /v1/orders", body={"note": "x"}, status=201)
    contracts.http("with", "POST /v1/orders", body={"note": "x", "gift": True}, status=201)

    found = contracts.impacts("required: [note]", "required: [note, gift]", "REQUEST_PROPERTY_NO_NEW_REQUIRED")

    assert found == {"without": "broken", "with": "unknown"}


def test_a_required_body_breaks_who_sends_none(contracts: Any) -> None:
    contracts.http("without", "POST /v1/orders", status=201)
    contracts.http("with", "POST /v1/orders", body={"note": "x"}, status=201)

    found = contracts.impacts("    New: {content", "    New: {required: true, content", "REQUEST_BODY_NO_NEW_REQUIRED")

    assert found == {"without": "broken", "with": "unknown"}


def test_another_default_may_affect_who_leaves_the_property_out(contracts: Any) -> None:
    contracts.http("without", "POST /v1/orders", body={"note": "x"}, status=201)
    contracts.http("with", "POST /v1/orders", body={"note": "x", "gift": True}, status=201)

    found = contracts.impacts("gift: {type: boolean}", "gift: {type: boolean, default: true}", "REQUEST_SAME_DEFAULT")

    assert found == {"without": "potentially-affected", "with": "unknown"}


def test_forbidden_additional_properties_break_who_sends_some(contracts: Any) -> None:
    contracts.http("more", "POST /v1/orders", body={"note": "x", "colour": "red"}, status=201)
    contracts.http("plain", "POST /v1/orders", body={"note": "x"}, status=201)

    found = contracts.impacts(
        "required: [note]",
        "additionalProperties: false\n      required: [note]",
        "REQUEST_ADDITIONAL_PROPERTIES_NO_FORBID",
    )

    assert found == {"more": "broken", "plain": "potentially-affected"}


def test_a_deleted_response_breaks_who_expects_it(contracts: Any) -> None:
    contracts.http("expects", "GET /v1/orders", status=404)
    contracts.http("other", "GET /v1/orders", answer=[])

    found = contracts.impacts("        \"404\": {$ref: '#/components/responses/Gone'}\n", "", "RESPONSE_NO_DELETE")

    assert found == {"expects": "broken", "other": "unknown"}


def test_a_response_that_the_default_stands_in_for_is_no_finding() -> None:
    before, after = (Document(text, "shop.yaml") for text in (SHOP, SHOP.replace('"404": {$ref', "default: {$ref")))

    assert check_document(before, after) == ()


def test_a_new_success_may_affect_every_caller(contracts: Any) -> None:
    contracts.http("web", "POST /v1/orders", body={"note": "x"}, status=201)
    contracts.http("other", BY_ID, answer={})

    found = contracts.impacts('"201": {', '"202": {description: Later.}\n        "201": {', "RESPONSE_SUCCESS_NO_ADD")

    assert found == {"web": "potentially-affected", "other": "unknown"}


def test_a_deleted_header_breaks_who_looks_at_it(contracts: Any) -> None:
    contracts.http("looks", "GET /v1/orders", answer=[], looks_at={"etag": "1"})
    contracts.http("other", "GET /v1/orders", answer=[])

    found = contracts.impacts("          headers: {ETag: {schema: {type: string}}}\n", "", "RESPONSE_HEADER_NO_DELETE")

    assert found == {"looks": "broken", "other": "unknown"}


def test_a_media_type_that_is_gone_breaks_who_reads_it(contracts: Any) -> None:
    contracts.http("web", "GET /v1/orders", answer=[{"note": "x"}])

    found = contracts.impacts(
        "{application/json: {schema: {type: array",
        "{application/xml: {schema: {type: array",
        "RESPONSE_MEDIA_TYPE_NO_DELETE",
    )

    assert found == {"web": "broken"}


def test_a_demand_for_credentials_breaks_who_sends_none(contracts: Any) -> None:
    contracts.http("open", "POST /v1/orders", body={"note": "x"}, status=201)
    contracts.http("known", "POST /v1/orders", headers={"Authorization": "Bearer t"}, body={"note": "x"}, status=201)
    contracts.http("other", BY_ID, answer={})

    found = contracts.impacts("security: []", "security: [{token: []}]", "SECURITY_NO_TIGHTEN")

    assert found == {"open": "broken", "known": "potentially-affected", "other": "unknown"}


def test_a_demand_of_the_whole_document_reaches_every_caller(contracts: Any) -> None:
    contracts.http("web", BY_ID, answer={})

    assert contracts.impacts("paths:\n", "security: [{token: []}]\npaths:\n", "SECURITY_NO_TIGHTEN") == {
        "web": "broken"
    }


def test_an_operation_with_demands_of_its_own_does_not_have_those_of_the_document(contracts: Any) -> None:
    contracts.http("web", "POST /v1/orders", body={"note": "x"}, status=201)

    assert contracts.impacts("paths:\n", "security: [{token: []}]\npaths:\n", "SECURITY_NO_TIGHTEN") == {
        "web": "unknown"
    }


def test_a_scheme_that_changes_may_affect_who_is_let_in_by_it(contracts: Any) -> None:
    first = ("security: []", "security: [{token: []}]")
    contracts.http("web", "POST /v1/orders", headers={"Authorization": "Bearer t"}, body={"note": "x"}, status=201)
    contracts.http("other", BY_ID, answer={})

    found = contracts.impacts("scheme: bearer", "scheme: basic", "SECURITY_SAME_SCHEME", first=first)

    assert found == {"web": "potentially-affected", "other": "unknown"}


def test_a_server_that_is_gone_breaks_who_knows_its_path(contracts: Any) -> None:
    contracts.http("with", BY_ID, answer={})
    contracts.http("without", "GET /orders/o-1", answer={})

    found = contracts.impacts("shop.example.org/v1", "shop.example.org/v2", "SERVER_NO_DELETE")

    assert found == {"with": "broken", "without": "potentially-affected"}


def test_a_deleted_operation_breaks_its_callers(contracts: Any) -> None:
    contracts.http("deletes", "GET /orders/latest", answer={})
    contracts.http("reads", BY_ID, answer={})

    found = contracts.impacts("  /orders/latest:\n    get:", "  /orders/latest:\n    put:", "OPERATION_NO_DELETE")

    assert found == {"deletes": "broken", "reads": "unknown"}


def test_a_deleted_path_breaks_who_calls_it(contracts: Any) -> None:
    contracts.http("latest", "GET /orders/latest", answer={})
    contracts.http("reads", BY_ID, answer={})

    found = contracts.impacts("/orders/latest:", "/orders/newest:", "PATH_NO_DELETE")

    assert found == {"latest": "broken", "reads": "unknown"}


def test_another_name_of_an_operation_may_affect_its_callers(contracts: Any) -> None:
    contracts.http("latest", "GET /orders/latest", answer={})
    contracts.http("reads", BY_ID, answer={})

    found = contracts.impacts("operationId: latest", "operationId: newest", "OPERATION_SAME_ID")

    assert found == {"latest": "potentially-affected", "reads": "unknown"}


def test_a_request_that_the_document_does_not_describe_makes_its_sender_known(contracts: Any) -> None:
    contracts.http("web", "GET /health", answer={"up": True})

    assert contracts.impacts(NOTE, "", "RESPONSE_PROPERTY_NO_DELETE") == {"web": "unknown"}


def test_a_reference_that_is_wrapped_to_be_null_may_affect_who_reads_what_refers(contracts: Any) -> None:
    contracts.http("reads", BY_ID, answer={"status": "open"})
    contracts.http("others", BY_ID, answer={"note": "x"})
    wrapped = "status: {anyOf: [{$ref: '#/components/schemas/Status'}, {type: 'null'}]}"

    found = contracts.impacts("status: {$ref: '#/components/schemas/Status'}", wrapped, "RESPONSE_TYPE_NO_WIDEN")

    assert found == {"reads": "potentially-affected", "others": "unknown"}


def test_what_may_not_be_null_any_more_breaks_who_writes_null(contracts: Any) -> None:
    contracts.http("null", "POST /v1/orders", body={"note": None}, status=201)
    contracts.http("text", "POST /v1/orders", body={"note": "x"}, status=201)
    plain = "note: {type: string, maxLength: 50}"
    wrapped = f"note: {{anyOf: [{plain.removeprefix('note: ')}, {{type: 'null'}}]}}"

    found = contracts.impacts(wrapped, plain, "REQUEST_TYPE_NO_NARROW", first=(plain, wrapped))

    assert found == {"null": "broken", "text": "potentially-affected"}
