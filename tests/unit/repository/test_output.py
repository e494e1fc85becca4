"""Everything that the suite prints goes through the places that escape it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PRINTING = {
    "servanda/report/terminal.py": {"click.echo"},
    "servanda/report/console.py": {"_Console", "Text", "Text.assemble", "console.print"},
    "servanda/pytest_plugin.py": {"terminalreporter.line"},
    # They run within a service, where nothing of the suite is.
    "servanda/recording/sql/inside/servanda_statements/notes.py": {"sys.stderr.write"},
    "servanda/recording/sql/inside/sitecustomize.py": {"sys.stderr.write"},
    # Its parent reads one line of JSON there, as the interface of pact's plugins asks.
    "servanda/recording/plugin/__main__.py": {"sys.stdout.write"},
}
CALL = re.compile(
    r"print|click\.(echo|secho|echo_via_pager)|\w*Console|Text(\.\w+)?|.*\.print|.*console\.(log|out)"
    r"|.*terminalreporter\.(line|write|write_line)|sys\.(__)?std(out|err)(__)?(\.buffer)?\.write(lines)?"
)


def printing_calls(source: str) -> set[str]:
    calls = (ast.unparse(node.func) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return {call for call in calls if CALL.fullmatch(call)}


def test_only_the_places_that_escape_print() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): printing_calls(path.read_text(encoding="utf-8"))
        for path in (ROOT / "servanda").rglob("*.py")
    }

    assert {name: calls for name, calls in found.items() if calls} == PRINTING


@pytest.mark.parametrize(
    "source",
    ["print(x)", "click.echo(x)", "sys.stderr.write(x)", "sys.stdout.buffer.write(x)", "console.print(x)", "Console()"],
)
def test_a_print_elsewhere_would_be_found(source: str) -> None:
    assert printing_calls(source) != set()
