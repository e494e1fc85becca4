"""Every rule beyond buf finds the change of its fixture where it stands, and lets a harmless neighbour pass."""

import datetime as dt
from pathlib import Path

import pytest

from servanda.interfaces.protobuf.comparison import compare
from servanda.interfaces.protobuf.rules.subject import Conventions
from servanda.interfaces.protobuf.rules.table import BEYOND_BUF, BUF_RULES, RULES
from servanda.interfaces.rule import Objection
from tests.unit.interfaces.conftest import state

FIXTURES = Path(__file__).parents[1] / "fixtures"
CONVENTIONS = Conventions(event_option="shop.event.v1.event", today=dt.date(2026, 11, 22))
ROWS = {rule.id: rule for rule in BEYOND_BUF}
Place = tuple[int, int, int, int]
EXPECTED: dict[str, tuple[Place | None, str]] = {
    "HTTP_RULE_NO_DELETE": ((17, 3, 19, 4), "shop.v1.ShopService.GetOrder"),
    "HTTP_SAME_VERB": ((18, 5, 21, 7), "shop.v1.ShopService.GetOrder"),
    "HTTP_SAME_PATH": ((18, 5, 21, 7), "shop.v1.ShopService.GetOrder"),
    "HTTP_SAME_BODY": ((19, 5, 23, 7), "shop.v1.ShopService.GetOrder"),
    "HTTP_SAME_RESPONSE_BODY": ((18, 5, 22, 7), "shop.v1.ShopService.GetOrder"),
    "HTTP_SAME_PATH_VARIABLE": ((16, 5, 16, 59), "shop.v1.ShopService.GetOrder"),
    "HTTP_ADDITIONAL_BINDING_NO_DELETE": ((18, 5, 20, 7), "shop.v1.ShopService.GetOrder"),
    "HTTP_ROUTE_NO_SHADOW": ((24, 5, 24, 59), "shop.v1.ShopService.GetLatestOrder"),
    "HTTP_SAME_DEFAULT_HOST": ((10, 3, 10, 59), "shop.v1.ShopService"),
    "VALIDATION_PRESENCE_INPUT_NO_TIGHTEN": ((8, 21, 8, 57), "shop.v1.SaveOrderRequest.title"),
    "VALIDATION_LENGTH_INPUT_NO_TIGHTEN": ((8, 21, 8, 61), "shop.v1.SaveOrderRequest.title"),
    "VALIDATION_RANGE_INPUT_NO_TIGHTEN": ((8, 20, 8, 54), "shop.v1.SaveOrderRequest.title"),
    "VALIDATION_FORMAT_INPUT_NO_TIGHTEN": ((8, 21, 8, 60), "shop.v1.SaveOrderRequest.title"),
    "VALIDATION_VALUES_INPUT_NO_TIGHTEN": ((8, 21, 8, 62), "shop.v1.SaveOrderRequest.title"),
    "VALIDATION_ENUM_INPUT_NO_TIGHTEN": ((8, 19, 8, 80), "shop.v1.SaveOrderRequest.title"),
    "VALIDATION_ITEMS_INPUT_NO_TIGHTEN": ((8, 30, 8, 73), "shop.v1.SaveOrderRequest.title"),
    "VALIDATION_CEL_INPUT_NO_TIGHTEN": ((8, 21, 8, 88), "shop.v1.SaveOrderRequest.title"),
    "VALIDATION_PRESENCE_OUTPUT_NO_LOOSEN": ((12, 21, 12, 58), "shop.v1.SaveOrderResponse.title"),
    "VALIDATION_LENGTH_OUTPUT_NO_LOOSEN": ((12, 21, 12, 61), "shop.v1.SaveOrderResponse.title"),
    "VALIDATION_RANGE_OUTPUT_NO_LOOSEN": ((12, 20, 12, 55), "shop.v1.SaveOrderResponse.title"),
    "VALIDATION_FORMAT_OUTPUT_NO_LOOSEN": ((12, 21, 12, 63), "shop.v1.SaveOrderResponse.title"),
    "VALIDATION_VALUES_OUTPUT_NO_LOOSEN": ((12, 21, 12, 72), "shop.v1.SaveOrderResponse.title"),
    "VALIDATION_ENUM_OUTPUT_NO_LOOSEN": ((12, 19, 12, 55), "shop.v1.SaveOrderResponse.title"),
    "VALIDATION_ITEMS_OUTPUT_NO_LOOSEN": ((12, 30, 12, 73), "shop.v1.SaveOrderResponse.title"),
    "VALIDATION_CEL_OUTPUT_NO_LOOSEN": ((12, 21, 12, 89), "shop.v1.SaveOrderResponse.title"),
    "VALIDATION_MESSAGE_INPUT_NO_TIGHTEN": ((8, 3, 11, 5), "shop.v1.SaveOrderRequest"),
    "VALIDATION_MESSAGE_OUTPUT_NO_LOOSEN": ((11, 1, 13, 2), "shop.v1.SaveOrderResponse"),
    "VALIDATION_ONEOF_INPUT_NO_TIGHTEN": ((9, 5, 9, 49), "shop.v1.SaveOrderRequest.payment"),
    "VALIDATION_ONEOF_OUTPUT_NO_LOOSEN": ((15, 3, 18, 4), "shop.v1.SaveOrderResponse.payment"),
    "VALIDATION_NEW_FIELD_ACCEPTS_ZERO": ((9, 24, 9, 59), "shop.v1.SaveOrderRequest.currency"),
    "VALIDATION_FIELD_NO_UNPROVEN_CHANGE": ((8, 21, 8, 74), "shop.v1.SaveOrderRequest.title"),
    "VALIDATION_MESSAGE_NO_UNPROVEN_CHANGE": ((8, 3, 11, 5), "shop.v1.SaveOrderRequest"),
    "BEHAVIOR_NO_BECOME_REQUIRED": ((8, 21, 8, 59), "shop.v1.SaveOrderRequest.title"),
    "BEHAVIOR_NO_NEW_REQUIRED_FIELD": ((9, 24, 9, 62), "shop.v1.SaveOrderRequest.currency"),
    "BEHAVIOR_SAME_OUTPUT_ONLY": ((8, 21, 8, 62), "shop.v1.SaveOrderRequest.title"),
    "BEHAVIOR_NO_BECOME_INPUT_ONLY": ((12, 21, 12, 61), "shop.v1.SaveOrderResponse.title"),
    "BEHAVIOR_NO_REVEAL_INPUT_ONLY": ((12, 3, 12, 20), "shop.v1.SaveOrderResponse.title"),
    "BEHAVIOR_NO_BECOME_IMMUTABLE": ((8, 21, 8, 60), "shop.v1.SaveOrderRequest.title"),
    "BEHAVIOR_NO_BECOME_IMMUTABLE_WITHOUT_UPDATE": ((8, 21, 8, 60), "shop.v1.PlaceOrderRequest.title"),
    "BEHAVIOR_SAME_IDENTIFIER": ((8, 21, 8, 61), "shop.v1.SaveOrderRequest.title"),
    "BEHAVIOR_NO_BECOME_UNORDERED": ((12, 31, 12, 75), "shop.v1.SaveOrderResponse.titles"),
    "BEHAVIOR_SAME_NON_EMPTY_DEFAULT": ((8, 21, 8, 68), "shop.v1.SaveOrderRequest.title"),
    "BEHAVIOR_SAME_PRESENCE": ((6, 3, 6, 29), "shop.v1.SaveOrderRequest.title"),
    "BEHAVIOR_SAME_DEFAULT": ((6, 42, 6, 43), "shop.v1.SaveOrderRequest.quantity"),
    "BEHAVIOR_SAME_DOCUMENTED_DEFAULT": ((7, 3, 7, 19), "shop.v1.SaveOrderRequest.boxes"),
    "BEHAVIOR_NEW_FIELD_ZERO_IS_NEUTRAL": ((8, 3, 8, 22), "shop.v1.SaveOrderRequest.confirmed"),
    "DIRECTION_ENUM_VALUE_NO_ADD_IF_READ": ((13, 3, 13, 22), "shop.v1.Status.STATUS_SHIPPED"),
    "DIRECTION_ENUM_VALUE_NO_DELETE_IF_WRITTEN": ((5, 1, 9, 2), "shop.v1.Size.SIZE_SMALL"),
    "DIRECTION_ONEOF_MEMBER_NO_ADD_IF_READ": ((26, 5, 26, 25), "shop.v1.SaveOrderResponse.transfer"),
    "DEPRECATION_BEFORE_DELETE": ((5, 1, 14, 2), "shop.v1.Order.title"),
    "DEPRECATION_SUNSET_BEFORE_DELETE": ((5, 1, 13, 2), "shop.v1.Order.phone"),
    "DEPRECATION_SUNSET_NO_ADVANCE": ((13, 3, 13, 40), "shop.v1.Order.phone"),
    "DEPRECATION_SUNSET_NO_OVERDUE": ((11, 3, 11, 42), "shop.v1.Order.address"),
    "DEPRECATION_SUNSET_IS_DATE": ((13, 3, 13, 40), "shop.v1.Order.phone"),
    "EVENT_SAME_TOPIC": ((8, 3, 13, 5), "shop.v1.OrderPlaced"),
    "EVENT_SAME_KEY": ((8, 3, 13, 5), "shop.v1.OrderPlaced"),
    "EVENT_HEADER_NO_DELETE": ((8, 3, 12, 5), "shop.v1.OrderPlaced"),
    "EVENT_HEADER_NO_ADD": ((8, 3, 13, 5), "shop.v1.OrderPlaced"),
    "EVENT_RETENTION_NO_SHORTEN": ((8, 3, 13, 5), "shop.v1.OrderPlaced"),
    "EVENT_OPTION_NO_DELETE": ((7, 1, 10, 2), "shop.v1.OrderPlaced"),
    "EVENT_TYPE_NO_DELETE": (None, "shop.v1.OrderPlaced"),
}


def objections(rule: str, changed: str) -> list[Objection]:
    previous, current = (state(FIXTURES / rule / name) for name in ("previous", changed))
    return [breach.objection for breach in compare(previous, current, [ROWS[rule]], CONVENTIONS)]


def test_every_rule_has_an_expectation() -> None:
    assert EXPECTED.keys() == ROWS.keys()


def test_no_rule_takes_an_identifier_of_buf() -> None:
    assert len(RULES) == len({rule.id for rule in RULES})
    assert not ROWS.keys() & {rule.id for rule in BUF_RULES}


@pytest.mark.parametrize("rule", EXPECTED)
def test_the_change_is_found_where_it_stands(rule: str) -> None:
    (found,) = objections(rule, "current")

    span = found.span
    place = (span.start_line, span.start_column, span.end_line, span.end_column) if span else None
    assert (found.path, place, found.element) == ("shop/v1/shop.proto", *EXPECTED[rule])


@pytest.mark.parametrize("rule", EXPECTED)
def test_the_harmless_change_passes(rule: str) -> None:
    assert objections(rule, "allowed") == []


@pytest.mark.parametrize("rule", EXPECTED)
def test_nothing_is_found_where_nothing_changed(rule: str) -> None:
    assert objections(rule, "previous") == []
