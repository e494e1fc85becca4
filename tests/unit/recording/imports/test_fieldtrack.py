"""Fields that Go's linker tracks."""

from collections.abc import Callable
from typing import Any

import pytest

from servanda.interfaces.usage.log import Noted, UsageLog
from servanda.recording.imports.fieldtrack import go_name
from servanda.verdict import Transport

Import = Callable[..., UsageLog]
PACKAGE = "example.org/gen/shop/v1"


def tracked(*fields: str) -> str:
    return "".join(f"{PACKAGE}.{field}\tmain.show\tmain.main\truntime.main\n" for field in fields)


@pytest.mark.parametrize(
    ("field", "element"),
    [
        ("Order.OrderId", "shop.v1.Order.order_id"),
        ("Order.GiftNote", "shop.v1.Order.gift_note"),
        ("Order_Card.Card", "shop.v1.Order.card"),
        ("Order.Payment", "shop.v1.Order.payment"),
        ("Order_Line2.Sku", "shop.v1.Order.Line2.sku"),
    ],
)
def test_a_go_field_is_found_in_the_interface(imported: Import, field: str, element: str) -> None:
    log = imported("fieldtrack", tracked(field))

    assert log.reads == (Noted(element, Transport.GRPC, "main.show", possible=True),)
    assert log.writes == log.reads


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("order_id", "OrderId"),
        ("_id", "XId"),
        ("a1b", "A1B"),
        ("http_2", "Http_2"),
        ("URL", "URL"),
        ("x_Y", "X_Y"),
        ("Outer.Inner", "Outer_Inner"),
        ("outer.inner", "OuterInner"),
    ],
)
def test_go_names_are_made_as_the_generator_makes_them(name: str, made: str) -> None:
    assert go_name(name) == made


def test_fields_of_other_packages_are_left_out(imported: Import) -> None:
    assert len(imported("fieldtrack", f"main.T.X\n{tracked('Order.OrderId')}").reads) == 1


def test_the_escapes_of_the_linker_are_understood(imported: Import) -> None:
    text = tracked("Order.OrderId").replace("example.org/gen", "example%2eorg/gen")

    assert len(imported("fieldtrack", text).reads) == 1


def test_tracked_fields_prove_no_absence_whatever_somebody_says(imported: Import, run: Any) -> None:
    text = tracked("Order.OrderId")

    assert imported("fieldtrack", text).complete == frozenset()
    assert run("fieldtrack", text, "--complete").exit_code == 2


def test_a_transport_and_a_day_can_be_given(imported: Import) -> None:
    log = imported("fieldtrack", tracked("Order.OrderId"), "--transport", "kafka", "--date", "2026-11-02")

    assert (log.reads[0].transport, log.observation.date) == (Transport.KAFKA, "2026-11-02")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("main.T.X\n", "none of 1 tracked fields"),
        ("", "none of 0 tracked fields"),
        (f"{tracked('Order.OrderId')}panic: no such file\n", "from.txt:2"),
    ],
)
def test_what_tells_nothing_is_refused(run: Any, text: str, told: str) -> None:
    ran = run("fieldtrack", text)

    assert (ran.exit_code, told in ran.output) == (2, True), ran.output


def test_an_unknown_transport_is_refused(run: Any) -> None:
    ran = run("fieldtrack", tracked("Order.OrderId"), "--transport", "pigeon")

    assert (ran.exit_code, "pigeon" in ran.output) == (2, True)


def test_a_consumer_is_no_path(run: Any) -> None:
    assert run("fieldtrack", tracked("Order.OrderId"), "--consumer", "../web").exit_code == 2
