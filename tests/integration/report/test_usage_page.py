"""The table of who uses what in a real browser."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from servanda.interfaces.effect import Access
from servanda.interfaces.usage.inventory import Inventory, Listed
from servanda.interfaces.usage.use import Observation, Usage, Use
from servanda.report import usage_page
from servanda.report.usage_table import Part, table
from servanda.verdict import Consumer, Evidence, Transport
from tests.integration.report.conftest import CONTRAST, Scheme, Visited

SEEN = Evidence("usage-log", "contracts/usage/app.json", date="2026-11-22")
MAY = Evidence("usage-log", "contracts/usage/app.json", date="2026-11-22", possible=True)
USES = (
    Use("shop.v1.Order.note", "app", Access.READ, Transport.GRPC, named=False, evidence=SEEN),
    Use("shop.v1.Order.card", "app", Access.WRITE, Transport.HTTP, named=False, evidence=MAY),
)
ELEMENTS = tuple(
    Listed(f"shop.v1.Order.{name}", f"shop.v1.Order.{name}", "shop.v1") for name in ("gift", "note", "card")
)
OBSERVED = (Observation("app", "2026-11-22", "contracts/usage/app.json"),)
CONSUMERS = (Consumer("app", "team-app"), Consumer("web"))
KNOWN = Part(Inventory("proto", ELEMENTS, lambda: Usage(USES, OBSERVED)), CONSUMERS)
UNUSED = Part(
    Inventory("old", (Listed("old.v1.A.b", "old.v1.A.b", "old.v1"),), lambda: Usage((), OBSERVED)), CONSUMERS[:1]
)
PAGE = usage_page.render(table([KNOWN, UNUSED]), dt.date(2026, 11, 29))
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])


@SCHEMES
def test_it_loads_nothing_and_every_text_stands_out(visit: Callable[..., Visited], scheme: Scheme) -> None:
    visited = visit(PAGE, scheme)

    assert (visited.said, len(visited.asked)) == ([], 1)
    assert visited.page.evaluate(CONTRAST) == []


def test_rows_and_columns_have_headers_and_the_table_a_name(visit: Callable[..., Visited]) -> None:
    page = visit(PAGE).page

    assert page.locator("caption").text_content() == "Elements and consumers"
    assert page.locator("thead th:not([scope=col])").count() == 0
    assert page.locator("tbody tr > :first-child:not(th)").count() == 0
    assert (page.locator("header h1").count(), page.locator("main table").count()) == (1, 1)


def test_the_names_of_the_elements_stay_in_sight_on_a_narrow_screen(visit: Callable[..., Visited]) -> None:
    page = visit(PAGE, width=300).page
    page.evaluate("window.scrollTo(200, 0)")

    assert page.evaluate("document.querySelector('tbody th[scope=row]').getBoundingClientRect().left") >= 0
