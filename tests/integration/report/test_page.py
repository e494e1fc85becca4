"""The page of a verdict in a real browser: readable in light and dark, by keyboard, on a narrow screen and on paper."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from servanda.report.html import SECTIONS
from tests.integration.report.conftest import CONTRAST, FULL, PAGES, Scheme, Visited

Visit = Callable[..., Visited]
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])
EVERY = pytest.mark.parametrize("name", PAGES)
STRUCTURE = """() => {
  const all = selector => [...document.querySelectorAll(selector)];
  const ids = all('[id]').map(each => each.id);
  const levels = all('h1, h2, h3, h4').map(each => Number(each.tagName[1]));
  return {
    language: document.documentElement.lang,
    title: document.title,
    tops: levels.filter(level => level === 1).length,
    skipped: levels.filter((level, index) => index && level > levels[index - 1] + 1),
    repeated: ids.filter((id, index) => ids.indexOf(id) !== index),
    dead: all('a[href^="#"]').map(each => each.getAttribute('href').slice(1))
      .filter(id => !document.getElementById(id)),
    tables: all('table').filter(t => !t.caption?.textContent || !t.querySelector('thead th[scope=col]')
      || [...t.tBodies[0].rows].some(row => row.cells[0].scope !== 'row')).length,
    unnamed: all('[role=region], nav, svg[role]').filter(e => !e.getAttribute('aria-label')).length,
    unreachable: all('.wide').filter(each => each.tabIndex !== 0).length,
    landmarks: [all('header').length, all('main').length],
  };
}"""


@EVERY
@SCHEMES
def test_the_browser_has_nothing_to_say_and_nothing_to_ask_for(visit: Visit, name: str, scheme: Scheme) -> None:
    visited = visit(PAGES[name], scheme)

    assert visited.said == []
    assert [url for url in visited.asked if not url.endswith("/report.html")] == []
    assert len(visited.asked) == 1


@EVERY
@SCHEMES
def test_every_text_stands_out_from_its_ground(visit: Visit, name: str, scheme: Scheme) -> None:
    assert visit(PAGES[name], scheme).page.evaluate(CONTRAST) == []


@EVERY
def test_headings_tables_links_and_pictures_have_names_and_order(visit: Visit, name: str) -> None:
    found = visit(PAGES[name]).page.evaluate(STRUCTURE)

    assert found == {
        "language": "en",
        "title": f"Servanda: {PAGES[name].answer}",
        "tops": 1,
        "skipped": [],
        "repeated": [],
        "dead": [],
        "tables": 0,
        "unnamed": 0,
        "unreachable": 0,
        "landmarks": [1, 1],
    }


def test_the_page_of_a_broken_gate_has_every_section(visit: Visit) -> None:
    shown = visit(FULL).page.locator("main > section").evaluate_all("all => all.map(each => each.id)")

    assert shown == list(SECTIONS)


def test_light_and_dark_differ(visit: Visit) -> None:
    grounds = {
        scheme: visit(FULL, scheme).page.evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    }

    assert grounds == {"light": "rgb(255, 255, 255)", "dark": "rgb(22, 24, 28)"}


@EVERY
def test_a_narrow_screen_need_not_be_moved_sideways(visit: Visit, name: str) -> None:
    assert visit(PAGES[name], width=400).page.evaluate("document.documentElement.scrollWidth") <= 400


def test_the_keyboard_skips_to_the_content(visit: Visit) -> None:
    page = visit(FULL).page

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box() is not None
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


def test_the_keyboard_reaches_and_opens_everything_that_is_folded(visit: Visit) -> None:
    page = visit(FULL).page
    folded = page.locator("summary").count()

    opened = 0
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "SUMMARY":
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
            page.keyboard.press("Enter")
            opened += 1
        if opened == folded:
            break

    assert folded > 10
    assert page.locator("details[open]").count() == folded


def test_paper_shows_what_the_screen_folds_in_the_colours_of_paper(visit: Visit) -> None:
    page = visit(FULL, "dark").page
    page.emulate_media(media="print", color_scheme="dark")

    shown = page.locator("details > :last-child").evaluate_all("all => all.map(each => each.checkVisibility())")
    assert len(shown) > 10
    assert all(shown)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate(CONTRAST) == []


def test_the_page_prints(visit: Visit) -> None:
    assert visit(FULL).page.pdf().startswith(b"%PDF-")


def test_the_picture_shows_every_party_and_arrow_within_its_frame(visit: Visit) -> None:
    page = visit(FULL).page
    inside = page.evaluate("""() => {
      const frame = document.querySelector('svg.system').getBoundingClientRect();
      return [...document.querySelectorAll('svg.system *:not(title)')].every(each => {
        const box = each.getBoundingClientRect();
        return box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom;
      });
    }""")

    assert inside
    assert page.locator("svg.system .party").count() == 11
    assert page.locator("svg.system .head").count() == 12


def test_no_name_is_wider_than_its_box(visit: Visit) -> None:
    assert (
        visit(FULL).page.evaluate("""() => [...document.querySelectorAll('svg.system .name')]
      .filter(each => each.getBBox().width + 8 > each.previousElementSibling.getBBox().width)
      .map(each => each.textContent)""")
        == []
    )
