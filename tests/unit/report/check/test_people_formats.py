"""The formats that people read."""

from html.parser import HTMLParser

from servanda.report.check import FORMATS
from servanda.report.check.markdown import MARKER
from servanda.verdict import Check

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


def test_the_position_comes_first_in_the_text(two_fields: Check) -> None:
    assert FORMATS["text"](two_fields).startswith("proto/shop.proto:12:3: FIELD_NO_DELETE Field 'note' was deleted.\n")


def test_the_text_names_the_owner_the_proof_and_its_date(two_fields: Check) -> None:
    told = FORMATS["text"](two_fields)

    assert "broken: app (team-app); contracts/pacts/app-shop.json 'an order' test_app.py::test_note" in told
    assert "[4f2a9c1d77e0 2026-11-01] and 1 more" in told


def test_the_text_says_what_to_do(two_fields: Check) -> None:
    told = FORMATS["text"](two_fields)

    assert [step in told for step in ("  expand: ", "  migrate: ", "  contract: ")] == [True] * 3


def test_a_consumer_without_proof_counts_as_in_use(two_fields: Check) -> None:
    assert "unknown, counts as in use: billing (team-money)" in FORMATS["text"](two_fields)


def test_the_comment_is_found_again_by_its_first_line(check: Check) -> None:
    assert FORMATS["markdown"](check).startswith(f"{MARKER}\n")


def test_no_name_breaks_a_table_of_the_comment(odd: Check) -> None:
    [row] = [line for line in FORMATS["markdown"](odd).splitlines() if line.startswith("| `a")]

    assert row.replace("\\|", "").count("|") == 5


def test_the_page_is_well_formed(check: Check) -> None:
    assert structure(FORMATS["html"](check)).open == []


def test_the_page_needs_nothing_else(check: Check) -> None:
    found = structure(FORMATS["html"](check))

    assert found.loads == []
    assert {"script", "link", "img"} & set(found.tags) == set()


def test_no_message_is_taken_for_markup(odd: Check) -> None:
    assert "<b>" not in FORMATS["html"](odd)


def test_the_picture_draws_a_line_for_each_impact(two_fields: Check) -> None:
    page = FORMATS["html"](two_fields)

    assert page.count("<title>broken</title>") == 1
    assert page.count("<title>unaffected</title>") == 3
