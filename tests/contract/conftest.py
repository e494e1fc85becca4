"""Prints what the gate said to each seeded fault."""

import pytest
from rich.console import Console
from rich.table import Table

PROPERTY = "seeded fault"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    passed: list[pytest.TestReport] = terminalreporter.stats.get("passed", [])
    rows: list[list[str]] = [
        value
        for report in passed
        for name, value in report.user_properties
        if name == PROPERTY and isinstance(value, list)
    ]
    if not rows:
        return
    table = Table("fault", "transport", "consumer", "interaction or rule", "what the gate says")
    for row in sorted(rows, key=lambda row: (row[1], row[0])):
        table.add_row(*row)
    terminalreporter.section(f"{len(rows)} seeded faults, each caught and named")
    console = Console(width=150, color_system=None)
    with console.capture() as capture:
        console.print(table)
    terminalreporter.write(capture.get())
