"""Cost of recording, side by side in one run: ``python -m bench.statements [ROUNDS]``.

In each round a process without the recorder and one with it ask for the same rows by each driver, one after the other;
the ratio is the median of those of the rounds, which other load on the host disturbs less. The statements of a real
service cost more, so that recording weighs less there.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from servanda.infra import choose, start
from servanda.recording.sql.probe import probing

ROUNDS = 7
STATEMENTS = 5000
CHILD = Path(__file__).with_name("child.py")

Costs = dict[tuple[str, bool], list[tuple[float, float]]]
"""Microseconds of processor time and of wall time for a statement, by driver and whether it is recorded."""


def cost(driver: str, environ: Mapping[str, str]) -> tuple[float, float]:
    command = [sys.executable, str(CHILD), driver, str(STATEMENTS)]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    spent, wall = map(float, done.stdout.split())
    return spent, wall


def measured(dsn: str, rounds: int) -> Costs:
    found: Costs = defaultdict(list)
    plain = {**os.environ, "POSTGRES_DSN": dsn}
    with tempfile.TemporaryDirectory() as notes:
        # The first round warms up, and is not counted.
        for number in range(rounds + 1):
            for driver in ("asyncpg", "psycopg"):
                for is_recorded in (False, True):
                    environ = {**plain, **probing(Path(notes), plain)} if is_recorded else plain
                    spent = cost(driver, environ)
                    if number:
                        found[driver, is_recorded].append(spent)
    return found


def shown(costs: Costs) -> Table:
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    table = Table(title=f"microseconds for a statement, medians; load of the host: {load}")
    for heading in ("driver", "what", "without", "recorded", "difference", "ratio"):
        table.add_column(heading, justify="left" if heading in {"driver", "what"} else "right")
    for driver in ("asyncpg", "psycopg"):
        for at, what in enumerate(("processor", "wall")):
            before, after = ([each[at] for each in costs[driver, is_recorded]] for is_recorded in (False, True))
            pairs = list(zip(before, after, strict=True))
            more = statistics.median(now - was for was, now in pairs)
            ratio = statistics.median(now / was for was, now in pairs)
            medians = (f"{statistics.median(each):.1f}" for each in (before, after))
            table.add_row(driver, what, *medians, f"{more:.1f}", f"{ratio:.3f}")
    return table


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with start(["postgres"], choose("embedded", os.environ)) as endpoints:
        costs = measured(endpoints.postgres.dsn, rounds)
    Console().print(shown(costs))


if __name__ == "__main__":
    main()
