"""Every rule that buf has finds the change of its fixture where it stands."""

from pathlib import Path

import pytest

from servanda.interfaces.protobuf.comparison import compare
from servanda.interfaces.protobuf.rules.table import BUF_RULES
from tests.unit.interfaces.conftest import state

FIXTURES = Path(__file__).parents[1] / "fixtures"
ROWS = {rule.id: rule for rule in BUF_RULES}
Place = tuple[int, int, int, int]
# Start and end, None for a file as a whole; and the element.
EXPECTED: dict[str, tuple[Place | None, str]] = {
    "FILE_NO_DELETE": (None, "shop/v1/gift.proto"),
    "FILE_SAME_PACKAGE": ((3, 1, 3, 17), "shop/v1/shop.proto"),
    "FILE_SAME_SYNTAX": ((1, 1, 1, 19), "shop/v1/shop.proto"),
    "FILE_SAME_CC_ENABLE_ARENAS": ((5, 1, 5, 33), "shop/v1/shop.proto"),
    "FILE_SAME_CC_GENERIC_SERVICES": ((5, 1, 5, 36), "shop/v1/shop.proto"),
    "FILE_SAME_CSHARP_NAMESPACE": ((5, 1, 5, 34), "shop/v1/shop.proto"),
    "FILE_SAME_GO_PACKAGE": ((5, 1, 5, 40), "shop/v1/shop.proto"),
    "FILE_SAME_JAVA_GENERIC_SERVICES": ((5, 1, 5, 38), "shop/v1/shop.proto"),
    "FILE_SAME_JAVA_MULTIPLE_FILES": ((5, 1, 5, 36), "shop/v1/shop.proto"),
    "FILE_SAME_JAVA_OUTER_CLASSNAME": ((5, 1, 5, 48), "shop/v1/shop.proto"),
    "FILE_SAME_JAVA_PACKAGE": ((5, 1, 5, 42), "shop/v1/shop.proto"),
    "FILE_SAME_OBJC_CLASS_PREFIX": ((5, 1, 5, 34), "shop/v1/shop.proto"),
    "FILE_SAME_OPTIMIZE_FOR": ((5, 1, 5, 33), "shop/v1/shop.proto"),
    "FILE_SAME_PHP_CLASS_PREFIX": ((5, 1, 5, 35), "shop/v1/shop.proto"),
    "FILE_SAME_PHP_METADATA_NAMESPACE": ((5, 1, 5, 40), "shop/v1/shop.proto"),
    "FILE_SAME_PHP_NAMESPACE": ((5, 1, 5, 31), "shop/v1/shop.proto"),
    "FILE_SAME_PY_GENERIC_SERVICES": ((5, 1, 5, 36), "shop/v1/shop.proto"),
    "FILE_SAME_RUBY_PACKAGE": ((5, 1, 5, 30), "shop/v1/shop.proto"),
    "FILE_SAME_SWIFT_PREFIX": ((5, 1, 5, 31), "shop/v1/shop.proto"),
    "EXTENSION_NO_DELETE": (None, "shop.v1.size"),
    "SERVICE_NO_DELETE": (None, "shop.v1.StockService"),
    "ENUM_NO_DELETE": (None, "shop.v1.Color"),
    "MESSAGE_NO_DELETE": ((5, 1, 7, 2), "shop.v1.Order.Line"),
    "PACKAGE_NO_DELETE": (None, "gift.v1"),
    "PACKAGE_ENUM_NO_DELETE": (None, "shop.v1.Color"),
    "PACKAGE_EXTENSION_NO_DELETE": (None, "shop.v1.size"),
    "PACKAGE_MESSAGE_NO_DELETE": (None, "shop.v1.Gift"),
    "PACKAGE_SERVICE_NO_DELETE": (None, "shop.v1.StockService"),
    "FIELD_NO_DELETE": ((5, 1, 7, 2), "shop.v1.Order.quantity"),
    "FIELD_NO_DELETE_UNLESS_NAME_RESERVED": ((5, 1, 8, 2), "shop.v1.Order.quantity"),
    "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED": ((5, 1, 8, 2), "shop.v1.Order.quantity"),
    "ONEOF_NO_DELETE": ((5, 1, 7, 2), "shop.v1.Order.payment"),
    "MESSAGE_SAME_REQUIRED_FIELDS": ((7, 3, 7, 31), "shop.v1.Order.quantity"),
    "MESSAGE_SAME_JSON_FORMAT": ((6, 3, 6, 52), "shop.v1.Order"),
    "MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR": ((6, 3, 6, 49), "shop.v1.Order"),
    "RESERVED_MESSAGE_NO_DELETE": ((5, 1, 10, 2), "shop.v1.Order"),
    "EXTENSION_MESSAGE_NO_DELETE": ((5, 1, 9, 2), "shop.v1.Order"),
    "FIELD_SAME_NAME": ((7, 9, 7, 15), "shop.v1.Order.quantity"),
    "FIELD_SAME_JSON_NAME": ((6, 24, 6, 40), "shop.v1.Order.order_id"),
    "FIELD_SAME_ONEOF": ((8, 5, 8, 25), "shop.v1.Order.order_id"),
    "FIELD_SAME_DEFAULT": ((6, 42, 6, 43), "shop.v1.Order.quantity"),
    "FIELD_SAME_JSTYPE": ((6, 23, 6, 41), "shop.v1.Order.quantity"),
    "FIELD_SAME_CPP_STRING_TYPE": ((6, 24, 6, 36), "shop.v1.Order.order_id"),
    "FIELD_SAME_JAVA_UTF8_VALIDATION": ((5, 1, 5, 39), "shop.v1.Order.order_id"),
    "FIELD_SAME_UTF8_VALIDATION": ((6, 24, 6, 55), "shop.v1.Order.order_id"),
    "FIELD_SAME_TYPE": ((7, 3, 7, 8), "shop.v1.Order.quantity"),
    "FIELD_SAME_CARDINALITY": ((7, 3, 7, 31), "shop.v1.Order.quantity"),
    "FIELD_WIRE_COMPATIBLE_TYPE": ((7, 3, 7, 9), "shop.v1.Order.quantity"),
    "FIELD_WIRE_COMPATIBLE_CARDINALITY": ((7, 3, 7, 31), "shop.v1.Order.quantity"),
    "FIELD_WIRE_JSON_COMPATIBLE_TYPE": ((7, 3, 7, 8), "shop.v1.Order.quantity"),
    "FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY": ((6, 3, 6, 32), "shop.v1.Order.quantities"),
    "ENUM_SAME_TYPE": ((6, 3, 6, 38), "shop.v1.Size"),
    "ENUM_SAME_JSON_FORMAT": ((6, 3, 6, 52), "shop.v1.Size"),
    "ENUM_VALUE_NO_DELETE": ((5, 1, 8, 2), "shop.v1.Size.SIZE_LARGE"),
    "ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED": ((5, 1, 9, 2), "shop.v1.Size.SIZE_LARGE"),
    "ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED": ((5, 1, 9, 2), "shop.v1.Size.SIZE_LARGE"),
    "ENUM_VALUE_SAME_NAME": ((8, 14, 8, 15), "shop.v1.Size.SIZE_BIG"),
    "RESERVED_ENUM_NO_DELETE": ((5, 1, 10, 2), "shop.v1.Size"),
    "RPC_NO_DELETE": ((10, 1, 12, 2), "shop.v1.OrderService.SaveOrder"),
    "RPC_SAME_REQUEST_TYPE": ((12, 16, 12, 21), "shop.v1.OrderService.GetOrder"),
    "RPC_SAME_RESPONSE_TYPE": ((12, 42, 12, 47), "shop.v1.OrderService.GetOrder"),
    "RPC_SAME_CLIENT_STREAMING": ((12, 3, 12, 67), "shop.v1.OrderService.GetOrder"),
    "RPC_SAME_SERVER_STREAMING": ((12, 3, 12, 67), "shop.v1.OrderService.GetOrder"),
    "RPC_SAME_IDEMPOTENCY_LEVEL": ((13, 5, 13, 43), "shop.v1.OrderService.GetOrder"),
}
# They object to what is gone with its file, of which nothing is left to point at.
WITHOUT_FILE = {"FILE_NO_DELETE", "PACKAGE_NO_DELETE"}


@pytest.mark.parametrize("rule", EXPECTED)
def test_a_rule_finds_the_change_of_its_fixture_where_it_stands(rule: str) -> None:
    previous, current = (state(FIXTURES / rule / side) for side in ("previous", "current"))

    (found,) = (breach.objection for breach in compare(previous, current, [ROWS[rule]]))

    place = found.span and (found.span.start_line, found.span.start_column, found.span.end_line, found.span.end_column)
    assert (place, found.element) == EXPECTED[rule]
    assert found.path == ("" if rule in WITHOUT_FILE else "shop/v1/shop.proto")


@pytest.mark.parametrize("rule", EXPECTED)
def test_a_rule_has_nothing_against_what_stays(rule: str) -> None:
    previous, again = (state(FIXTURES / rule / "previous") for _ in range(2))

    assert compare(previous, again, [ROWS[rule]]) == []


def test_every_rule_of_buf_is_in_the_table_with_a_fixture() -> None:
    assert EXPECTED.keys() == ROWS.keys()
    assert len(ROWS) == 64
