"""Tables of who uses what, as a part of the page and of the comment."""

from __future__ import annotations

from collections.abc import Iterator

from servanda.escaping.documents import html_text
from servanda.report.markup import bullets, table
from servanda.verdict import ElementUse, InterfaceUse, Verdict

_LEGEND = (
    "What each consumer does with each element, and over which transport. \u201cmay\u201d: nothing shows it for "
    "certain. \u201c?\u201d: not known, assumed to be in use. Empty: observed without it."
)


def tables(verdict: Verdict) -> Iterator[str]:
    """Show a table for each interface, elements x consumers, and what nobody uses; nothing if nothing is known."""
    if verdict.uses:
        yield f"<p>{html_text(_LEGEND)}</p>"
    for interface in verdict.uses:
        found = f"{len(interface.elements)} elements, {len(interface.unused)} unused"
        yield f"<details><summary><code>{html_text(interface.interface)}</code>: {found}</summary>"
        yield from bullets(f"{element}: nobody uses it" for element in interface.unused)
        header = ("element", *map(html_text, interface.consumers), "nobody")
        rows = (_row(element, interface) for element in interface.elements)
        yield table(f"Elements of {interface.interface} and their consumers", header, rows)
        yield "</details>"


def summary(verdict: Verdict) -> Iterator[tuple[InterfaceUse, tuple[str, ...]]]:
    """Yield each interface with elements that nobody uses, and these, by their names within it."""
    for interface in verdict.uses:
        if interface.unused:
            yield interface, tuple(_short(element, interface) for element in interface.unused)


def _row(element: ElementUse, interface: InterfaceUse) -> tuple[str, ...]:
    name = f'<code title="{html_text(element.element)}">{html_text(_short(element.element, interface))}</code>'
    cells = (_cell(element, consumer) for consumer in interface.consumers)
    return name, *cells, "<strong>nobody</strong>" if element.unused else ""


def _cell(element: ElementUse, consumer: str) -> str:
    if acts := element.uses.get(consumer):
        return "<br>".join(map(html_text, acts))
    return "?" if consumer in element.unknown else ""


def _short(element: str, interface: InterfaceUse) -> str:
    return element.removeprefix(interface.interface).lstrip(".#") or element
