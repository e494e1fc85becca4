"""The table of elements and consumers, as CSV and as a page."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Collection

from servanda.interfaces.effect import Access
from servanda.interfaces.usage.inventory import Inventory, Listed
from servanda.interfaces.usage.use import Observation, Usage, Use
from servanda.report import usage_markdown, usage_page
from servanda.report.usage_table import Part, Table, csv_text, interface_uses, table
from servanda.verdict import Consumer, ElementUse, Evidence, InterfaceUse, Transport

TODAY = dt.date(2026, 11, 29)
APP, WEB = Consumer("app"), Consumer("web", "team-web")
SEEN = Observation("app", "2026-11-22", "contracts/usage/app.json")
ELEMENTS = tuple(Listed(f"shop.v1.Order.{name}", f"shop.v1.Order.{name}", "shop.v1") for name in ("gift", "note"))
OPERATION = Listed("#/paths/~1orders/get", "shop.yaml#/paths/~1orders/get", "shop.yaml", "GET /orders")


def use(consumer: str, *, date: str = "2026-11-22", possible: bool = False, access: Access = Access.READ) -> Use:
    proof = Evidence("usage-log", "contracts/usage/app.json", date=date, possible=possible)
    return Use("shop.v1.Order.note", consumer, access, Transport.GRPC, named=False, evidence=proof)


def shown(*uses: Use, observed: Collection[Observation] = (SEEN,), consumers: tuple[Consumer, ...] = (APP,)) -> Table:
    return table([Part(Inventory("proto", ELEMENTS, lambda: Usage(uses, observed)), consumers)])


def rows(found: Table) -> dict[str, list[str]]:
    _, *lines = csv.reader(io.StringIO(csv_text(found, TODAY)))
    return {line[1].rpartition(".")[2]: line[2:] for line in lines}


def test_a_cell_says_what_is_done_over_which_transport_and_since_when() -> None:
    assert rows(shown(use("app"), use("app", access=Access.WRITE, date="2026-11-20")))["note"] == [
        "read grpc 2026-11-22; write grpc 2026-11-20",
        "",
    ]


def test_a_possible_use_is_told_from_a_certain_one() -> None:
    assert rows(shown(use("app", possible=True)))["note"] == ["may read grpc 2026-11-22", ""]
    assert rows(shown(use("app", possible=True), use("app")))["note"] == ["read grpc 2026-11-22", ""]


def test_the_newest_proof_gives_the_day() -> None:
    assert rows(shown(use("app", date="2026-01-01"), use("app")))["note"][0] == "read grpc 2026-11-22"


def test_what_nobody_uses_says_so() -> None:
    assert rows(shown(use("app")))["gift"] == ["not-used", "nobody"]


def test_who_was_not_observed_is_named() -> None:
    assert rows(shown(use("app"), consumers=(APP, WEB)))["gift"] == ["not-used", "unknown", "not known: web"]


def test_a_consumer_of_another_interface_has_an_empty_cell() -> None:
    other = Part(Inventory("shop.yaml", (OPERATION,), Usage), (WEB,))
    own = Part(Inventory("proto", ELEMENTS, lambda: Usage([use("app")], [SEEN])), (APP,))

    found = rows(table([own, other]))

    assert found["note"] == ["read grpc 2026-11-22", "", ""]
    assert found["yaml#/paths/~1orders/get"] == ["", "unknown", "not known: web"]


def test_a_call_is_not_told_as_something_written_as_well() -> None:
    found = shown(use("app", access=Access.CALL), use("app", access=Access.WRITE))

    assert rows(found)["note"][0] == "call grpc 2026-11-22"


def test_a_value_that_may_come_is_not_known_to_those_who_read_the_enum() -> None:
    note = Listed("shop.v1.Order.note.A", "shop.v1.Order.note.A", "shop.v1")
    usage = Usage([use("app")], [SEEN, Observation("web", "2026-11-22", "contracts/usage/web.json")])
    inventory = Inventory("proto", (note,), lambda: usage, lambda _: frozenset({note.name}))

    assert rows(table([Part(inventory, (APP, WEB))]))["A"] == ["unknown", "not-used", ""]


def test_a_report_is_given_the_table_of_each_interface() -> None:
    other = Part(Inventory("shop.yaml", (OPERATION,), Usage), (WEB,))
    own = Part(Inventory("proto", ELEMENTS, lambda: Usage([use("app", possible=True)], [SEEN])), (APP,))

    assert interface_uses(table([own, other])) == (
        InterfaceUse(
            "shop.v1",
            ("app",),
            (
                ElementUse("shop.v1.Order.gift", {}, unused=True),
                ElementUse("shop.v1.Order.note", {"app": ("may read grpc",)}),
            ),
        ),
        InterfaceUse("shop.yaml", ("web",), (ElementUse(OPERATION.label, {}, ("web",)),)),
    )


def test_markdown_counts_the_elements_and_shows_those_that_nobody_uses() -> None:
    other = Part(Inventory("shop.yaml", (OPERATION,), Usage), (WEB,))
    own = Part(Inventory("proto", ELEMENTS, lambda: Usage([use("app")], [SEEN])), (APP,))

    told = usage_markdown.render(table([own, other]), TODAY).splitlines()

    assert [line for line in told if line.startswith("| ") and "`app`" not in line and "---" not in line] == [
        "| interface | elements | used | nobody | not known |",
        "| `shop.v1` | 2 | 1 | 1 | 0 |",
        "| `shop.yaml` | 1 | 0 | 0 | 1 |",
        "| all | 3 | 1 | 1 | 1 |",
        "| `shop.v1.Order.gift` | no |  | nobody |",
        "| `shop.v1.Order.note` | read grpc |  |  |",
        "| `GET /orders` |  | ? | not known: web |",
    ]


def test_a_part_can_be_asked_for() -> None:
    part = Part(Inventory("proto", ELEMENTS, Usage), ())

    assert [row.element.name for row in table([part], "shop.v1.Order.note").rows] == ["shop.v1.Order.note"]
    assert len(table([part], "shop.v1.Order").rows) == 2
    assert len(table([part], "shop.v1").rows) == 2
    assert table([part], "shop.v1.Ord").rows == ()


def test_what_a_spreadsheet_would_compute_is_text() -> None:
    header, *_ = csv.reader(io.StringIO(csv_text(shown(consumers=(Consumer("=1+1"),)), TODAY)))

    assert header == ["interface", "element", "'=1+1", "nobody"]


def test_the_page_needs_nothing_else() -> None:
    page = usage_page.render(shown(use("app")), TODAY)

    assert "default-src 'none'" in page
    assert not any(word in page for word in ("http:", "https:", "<script", "src=", "@import", "url("))


def test_the_page_shows_the_age_in_days() -> None:
    assert '<span class="used">read grpc</span> <small title="2026-11-22">7 d</small>' in usage_page.render(
        shown(use("app")), TODAY
    )


def test_the_page_has_rows_by_interface_and_requests_by_their_names() -> None:
    part = Part(Inventory("shop.yaml", (OPERATION,), Usage), (WEB,))
    page = usage_page.render(table([part, Part(Inventory("proto", ELEMENTS, Usage), (WEB,))]), TODAY)

    assert (
        page.index(">shop.yaml<") < page.index(">GET /orders<") < page.index(">shop.v1<") < page.index(">Order.note<")
    )


def test_an_outdated_proof_is_crossed_out() -> None:
    usage = Usage([use("app")], [SEEN]).aged(TODAY)
    page = usage_page.render(table([Part(Inventory("proto", ELEMENTS, lambda: usage), (APP,))]), TODAY)

    assert 'class="used outdated"' in page
