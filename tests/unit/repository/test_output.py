"""Everything that the suite prints goes through the places that escape it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PRINTING = {
    "servanda/report/terminal.py": {"click.echo"},
    "servanda/report/console.py": {"Console", "Text", "Text.assemble", "console.print"},
    # Its parent reads one line of JSON there, as the interface of pact's plugins asks.
    "servanda/recording/plugin/__main__.py": {"sys.stdout.write"},
}
STREAMS = {"sys.stdout", "sys.stderr", "sys.__stdout__", "sys.__stderr__"}
CALLS = {
    "print",
    "click.echo",
    "click.secho",
    "click.echo_via_pager",
    "Console",
    "Text",
    "Text.assemble",
    "Text.from_markup",
}


def printing_calls(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            owner, _, method = called.rpartition(".")
            written = method in ("write", "writelines", "buffer") and owner.removesuffix(".buffer") in STREAMS
            if called in CALLS or (method == "print" and owner) or (method == "log" and "console" in owner) or written:
                yield called


def test_only_the_places_that_escape_print() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): set(printing_calls(path.read_text(encoding="utf-8")))
        for path in (ROOT / "servanda").rglob("*.py")
    }

    assert {name: calls for name, calls in found.items() if calls} == PRINTING


@pytest.mark.parametrize(
    "source",
    ["print(x)", "click.echo(x)", "sys.stderr.write(x)", "sys.stdout.buffer.write(x)", "console.print(x)", "Console()"],
)
def test_a_print_elsewhere_would_be_found(source: str) -> None:
    assert list(printing_calls(source)) != []
