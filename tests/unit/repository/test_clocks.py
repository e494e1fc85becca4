"""Whose clock decides: that of a process may not, where instances have to agree."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[3]
WALL_CLOCKS = {"datetime.now", "datetime.utcnow", "date.today", "time.time", "time.time_ns"}

READS_ITS_OWN_CLOCK = {
    "platformkit/events/consumer.py": "delay of an event, in a metric",
    "platformkit/lifecycle/serve.py": "start of an instance",
    "platformkit/service/clock.py": "record time of the audit trail",
    "platformkit/tokens": "lifetime of a token",
}
"""What reads the wall clock of its process, and for what; docs/reference/service-process.md lists it too."""


def test_nothing_but_what_is_listed_reads_the_wall_clock_of_its_process() -> None:
    readers = {
        path.relative_to(ROOT).as_posix()
        for room in ("platformkit", "services")
        for path in (ROOT / room).rglob("*.py")
        if any(ast.unparse(node) in WALL_CLOCKS for node in ast.walk(ast.parse(path.read_text())) if _is_name(node))
    }
    assert [reader for reader in sorted(readers) if not reader.startswith(tuple(READS_ITS_OWN_CLOCK))] == []


def _is_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute)
