"""Pieces of a page of HTML: badges, tables, lists and sections, with what a keyboard and a reader of screens need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from servanda.escaping.documents import html_text


def badge(name: str) -> str:
    """Show an outcome, a severity or an impact in its colour."""
    return f'<span class="badge {name}">{html_text(name.replace("-", " "))}</span>'


def bullets(lines: Iterable[str]) -> Iterator[str]:
    """Show lines of text as a list; nothing if there are none."""
    items = "".join(f"<li>{html_text(line)}</li>" for line in lines)
    if items:
        yield f"<ul>{items}</ul>"


def sentence(line: str) -> str:
    """Show a line of text as a sentence."""
    return f"<p>{html_text(line[0].upper() + line[1:])}.</p>"


def place(path: str) -> str:
    """Show a place in a file."""
    return f'<p class="place"><code>{html_text(path)}</code></p>'


def table(caption: str, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Build a table of cells in HTML, the first of each row its header; what is too wide can be scrolled by keyboard.

    The caption is said to readers of screens alone: a heading tells it to everybody else.
    """
    head = "".join(f'<th scope="col">{name}</th>' for name in header)
    body = "\n".join(f"<tr>{_cells(row)}</tr>" for row in rows)
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{html_text(caption)}"><table>'
        f"<caption>{html_text(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div>"
    )


def _cells(row: tuple[str, ...]) -> str:
    first, *rest = row
    return f'<th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}'


def section(name: str, title: str, parts: Iterable[str]) -> Iterator[str]:
    """Put parts under a heading of the second level that links can lead to; nothing if there are none."""
    told = "\n".join(part for part in parts if part)
    if told:
        heading = f'<h2 id="{name}-title">{title}</h2>'
        yield f'<section id="{name}" aria-labelledby="{name}-title">\n{heading}\n{told}\n</section>'
