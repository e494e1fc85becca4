"""The formats that people read."""

import re
from html.parser import HTMLParser

from servanda.report.formats import FORMATS
from servanda.report.markdown import MARKERS
from servanda.verdict import Verdict
from tests.unit.report.conftest import VERDICTS

VOID = {"meta", "br"}


class Structure(HTMLParser):
    """Notes elements that do not close, and everything that a page would load."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        links = [value or "" for name, value in attrs if name in ("src", "href")]
        self.loads += [link for link in links if not link.startswith("#")]
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def structure(page: str) -> Structure:
    parser = Structure()
    parser.feed(page)
    parser.close()
    return parser


def test_the_position_comes_first_in_the_text(two_fields: Verdict) -> None:
    heading, rule, *_ = FORMATS["text"].render(two_fields).splitlines()

    assert heading == "proto/shop.proto:12:3: error: shop.v1.Order.note"
    assert rule.startswith("  FIELD_NO_DELETE Field 'note' was deleted. [")


def test_the_text_names_the_owner_the_proof_and_its_date(two_fields: Verdict) -> None:
    told = FORMATS["text"].render(two_fields)

    assert "broken: app (team-app); contracts/pacts/app-shop.json 'an order' test_app.py::test_note" in told
    assert "[4f2a9c1d77e0 2026-11-01] and 1 more" in told


def test_the_text_says_what_to_do(two_fields: Verdict) -> None:
    told = FORMATS["text"].render(two_fields)

    assert [step in told for step in ("  expand: ", "  migrate: ", "  contract: ")] == [True] * 3


def test_a_consumer_without_proof_counts_as_in_use(two_fields: Verdict) -> None:
    assert "unknown, assumed to be in use: billing (team-money)" in FORMATS["text"].render(two_fields)


def test_the_comment_of_a_check_is_found_again_by_its_first_line(check: Verdict) -> None:
    assert FORMATS["markdown"].render(check).startswith(f"{MARKERS[0]}\n")


def test_the_comment_of_the_gate_is_another_one() -> None:
    assert FORMATS["markdown"].render(VERDICTS["hit"]).startswith(f"{MARKERS[1]}\n")


def test_the_first_proof_is_shown_and_the_rest_is_folded(two_fields: Verdict) -> None:
    page, comment = FORMATS["html"].render(two_fields), FORMATS["markdown"].render(two_fields)

    assert re.search(r"\[4f2a9c1d77e0 2026-11-01\]<details><summary>and 1 more</summary>.*usage/app.json", page)
    assert re.search(r"<summary>More evidence \(1\)</summary>\n\n- app: `contracts/usage/app.json`", comment)


def test_no_name_breaks_a_table_of_the_comment(odd: Verdict) -> None:
    [row] = [line for line in FORMATS["markdown"].render(odd).splitlines() if line.startswith("| `a")]

    assert row.replace("\\|", "").count("|") == 5


def test_the_page_is_well_formed(check: Verdict) -> None:
    assert structure(FORMATS["html"].render(check)).open == []


def test_the_page_needs_nothing_else(check: Verdict) -> None:
    found = structure(FORMATS["html"].render(check))

    assert found.loads == []
    assert {"script", "link", "img"} & set(found.tags) == set()


def test_no_message_is_taken_for_markup(odd: Verdict) -> None:
    assert "<b>" not in FORMATS["html"].render(odd)


def test_the_picture_draws_a_line_for_each_impact(two_fields: Verdict) -> None:
    page = FORMATS["html"].render(two_fields)

    assert page.count("<title>broken</title>") == 1
    assert page.count("<title>unaffected</title>") == 3
