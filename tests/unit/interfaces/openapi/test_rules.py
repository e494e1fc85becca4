"""Every rule about OpenAPI finds the change of its fixture where it stands, and lets a harmless neighbour pass."""

from pathlib import Path

import pytest

from servanda.interfaces.openapi.check import check_document
from servanda.interfaces.openapi.document import Document
from servanda.interfaces.openapi.rules.table import RULES as OPENAPI_RULES
from servanda.verdict import Finding

FIXTURES = Path(__file__).parent / "fixtures"
Place = tuple[int, int, int, int]
EXPECTED: dict[str, tuple[Place, str]] = {
    "OPENAPI_PATH_NO_DELETE": ((7, 1, 7, 6), "#/paths/~1orders~1{order_id}"),
    "OPENAPI_PATH_PARAMETER_SAME_NAME": ((8, 3, 8, 15), "#/paths/~1orders~1{order_id}"),
    "OPENAPI_OPERATION_NO_DELETE": ((8, 3, 8, 21), "#/paths/~1orders~1{order_id}/put"),
    "OPENAPI_OPERATION_SAME_ID": ((12, 7, 12, 18), "#/paths/~1orders~1{order_id}/get"),
    "OPENAPI_PARAMETER_NO_DELETE": ((11, 5, 11, 8), "#/paths/~1orders~1{order_id}/get/parameters/query/view"),
    "OPENAPI_PARAMETER_NO_NEW_REQUIRED": ((15, 11, 15, 74), "#/paths/~1orders~1{order_id}/get/parameters/query/lang"),
    "OPENAPI_PARAMETER_SAME_STYLE": ((14, 35, 14, 42), "#/paths/~1orders~1{order_id}/get/parameters/query/view"),
    "OPENAPI_PARAMETER_EMPTY_VALUE_NO_FORBID": (
        (14, 35, 14, 50),
        "#/paths/~1orders~1{order_id}/get/parameters/query/view",
    ),
    "OPENAPI_SERVER_SAME_DEFAULT": ((5, 26, 5, 33), "#/servers/https:~1~1{region}.example.org~1v1"),
    "OPENAPI_REQUEST_SAME_ENCODING": (
        (33, 22, 33, 27),
        "#/paths/~1orders~1{order_id}/put/requestBody/content/multipart~1form-data/encoding/tags",
    ),
    "OPENAPI_REQUEST_PART_HEADER_NO_NEW_REQUIRED": (
        (33, 32, 33, 40),
        "#/paths/~1orders~1{order_id}/put/requestBody/content/multipart~1form-data/encoding/tags/headers/X-Source",
    ),
    "OPENAPI_RESPONSE_MEDIA_TYPE_NO_WIDEN": (
        (21, 13, 21, 26),
        "#/paths/~1orders~1{order_id}/get/responses/200/content/application~1json",
    ),
    "OPENAPI_RESPONSE_SAME_ENCODING": (
        (19, 36, 19, 43),
        "#/paths/~1orders~1{order_id}/get/responses/200/headers/ETag",
    ),
    "OPENAPI_REQUEST_BODY_NO_DELETE": ((24, 5, 24, 8), "#/paths/~1orders~1{order_id}/put/requestBody"),
    "OPENAPI_REQUEST_BODY_NO_NEW_REQUIRED": ((27, 9, 27, 17), "#/paths/~1orders~1{order_id}/put/requestBody"),
    "OPENAPI_REQUEST_MEDIA_TYPE_NO_DELETE": (
        (27, 9, 27, 16),
        "#/paths/~1orders~1{order_id}/put/requestBody/content/application~1xml",
    ),
    "OPENAPI_REQUEST_TYPE_NO_NARROW": ((52, 35, 52, 41), "#/components/schemas/NewOrder/properties/quantity"),
    "OPENAPI_REQUEST_ENUM_NO_DELETE": ((53, 16, 53, 20), "#/components/schemas/NewOrder/properties/size"),
    "OPENAPI_REQUEST_LIMIT_NO_TIGHTEN": ((51, 31, 51, 40), "#/components/schemas/NewOrder/properties/title"),
    "OPENAPI_REQUEST_PROPERTY_NO_DELETE": ((50, 7, 50, 17), "#/components/schemas/NewOrder/properties/size"),
    "OPENAPI_REQUEST_PROPERTY_NO_NEW_REQUIRED": ((53, 9, 53, 13), "#/components/schemas/NewOrder/properties/size"),
    "OPENAPI_REQUEST_ADDITIONAL_PROPERTIES_NO_FORBID": ((49, 7, 49, 27), "#/components/schemas/NewOrder"),
    "OPENAPI_REQUEST_ALTERNATIVE_NO_DELETE": ((54, 9, 54, 14), "#/components/schemas/NewOrder/properties/place"),
    "OPENAPI_REQUEST_SAME_DEFAULT": ((52, 35, 52, 42), "#/components/schemas/NewOrder/properties/quantity"),
    "OPENAPI_REQUEST_SAME_KEYWORD": ((55, 16, 55, 19), "#/components/schemas/NewOrder/properties/code"),
    "OPENAPI_REQUEST_NO_UNPROVEN_CHANGE": ((55, 16, 55, 19), "#/components/schemas/NewOrder/properties/code"),
    "OPENAPI_RESPONSE_NO_DELETE": ((15, 7, 15, 16), "#/paths/~1orders~1{order_id}/get/responses/404"),
    "OPENAPI_RESPONSE_SUCCESS_NO_ADD": ((23, 9, 23, 14), "#/paths/~1orders~1{order_id}/get/responses/202"),
    "OPENAPI_RESPONSE_MEDIA_TYPE_NO_DELETE": (
        (20, 11, 20, 18),
        "#/paths/~1orders~1{order_id}/get/responses/200/content/application~1json",
    ),
    "OPENAPI_RESPONSE_HEADER_NO_DELETE": (
        (16, 9, 16, 14),
        "#/paths/~1orders~1{order_id}/get/responses/200/headers/ETag",
    ),
    "OPENAPI_RESPONSE_TYPE_NO_WIDEN": ((43, 35, 43, 41), "#/components/schemas/Order/properties/quantity"),
    "OPENAPI_RESPONSE_ENUM_NO_ADD": ((44, 18, 44, 22), "#/components/schemas/Order/properties/status"),
    "OPENAPI_RESPONSE_VALUE_NO_DELETE": ((44, 18, 44, 22), "#/components/schemas/Order/properties/status"),
    "OPENAPI_RESPONSE_CLOSED_NO_NEW_PROPERTY": ((46, 9, 46, 15), "#/components/schemas/Order/properties/weight"),
    "OPENAPI_RESPONSE_LIMIT_NO_LOOSEN": ((42, 31, 42, 40), "#/components/schemas/Order/properties/title"),
    "OPENAPI_RESPONSE_LIMIT_NO_TIGHTEN": ((42, 31, 42, 40), "#/components/schemas/Order/properties/title"),
    "OPENAPI_RESPONSE_PROPERTY_NO_DELETE": ((41, 7, 41, 17), "#/components/schemas/Order/properties/status"),
    "OPENAPI_RESPONSE_PROPERTY_NO_BECOME_OPTIONAL": ((42, 9, 42, 14), "#/components/schemas/Order/properties/title"),
    "OPENAPI_RESPONSE_ADDITIONAL_PROPERTIES_NO_ALLOW": ((40, 7, 40, 27), "#/components/schemas/Order"),
    "OPENAPI_RESPONSE_ALTERNATIVE_NO_ADD": ((45, 9, 45, 14), "#/components/schemas/Order/properties/place"),
    "OPENAPI_RESPONSE_SAME_KEYWORD": ((46, 16, 46, 19), "#/components/schemas/Order/properties/code"),
    "OPENAPI_RESPONSE_NO_UNPROVEN_CHANGE": ((46, 16, 46, 19), "#/components/schemas/Order/properties/code"),
    "OPENAPI_SECURITY_NO_TIGHTEN": ((5, 1, 5, 9), "#/security"),
    "OPENAPI_SECURITY_SAME_SCHEME": ((35, 5, 35, 10), "#/components/securitySchemes/token"),
    "OPENAPI_SERVER_NO_DELETE": ((3, 1, 3, 8), "#/servers/https:~1~1shop.example.org~1v1"),
}


def found(rule: str, changed: str) -> list[Finding]:
    previous, current = (
        Document((FIXTURES / rule / name / "openapi.yaml").read_text(encoding="utf-8"), name)
        for name in ("previous", changed)
    )
    return [each.finding for each in check_document(previous, current) if each.rule.id == rule]


def test_every_rule_has_an_expectation() -> None:
    assert EXPECTED.keys() == {rule.id for rule in OPENAPI_RULES}


@pytest.mark.parametrize("rule", EXPECTED)
def test_the_change_is_found_where_it_stands(rule: str) -> None:
    (finding,) = found(rule, "current")

    span = finding.span
    place = (span.start_line, span.start_column, span.end_line, span.end_column)
    assert (span.path, place, finding.element) == ("current", *EXPECTED[rule])


@pytest.mark.parametrize("rule", EXPECTED)
def test_the_harmless_change_passes(rule: str) -> None:
    assert found(rule, "allowed") == []


@pytest.mark.parametrize("rule", EXPECTED)
def test_nothing_is_found_where_nothing_changed(rule: str) -> None:
    assert found(rule, "previous") == []
