"""Right answers and time of the review of migrations: ``python -m bench.migrations [STATEMENTS]``.

Forty migrations on real PostgreSQL, each against the statements of version 1.0.0 of a shop: a table tells what each
answer has to be and what it is. Then the same migrations with STATEMENTS statements of each of three live versions, in
two processes.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

from rich.console import Console
from rich.table import Table

from bench.migrations.cases import CASES, Case
from bench.migrations.shop import FIRST, SCHEMA, SECOND, STATEMENTS, migration, version
from servanda.infra import PostgresEndpoint, choose, start
from servanda.interfaces.sql.check import check_review
from servanda.interfaces.sql.document import Recorded, Statements
from servanda.interfaces.sql.review import Review, steps_between
from servanda.migrations.proof import prove

MANY = 500
PROCESSES = 2
SHARED = 0.8


def answer(server: PostgresEndpoint, case: Case, versions: tuple[Statements, ...]) -> frozenset[str]:
    """Return the rules that object to a migration."""
    migrations = (migration(FIRST, SCHEMA), migration(SECOND, case.sql))
    proven = prove(server, "shop", steps_between(versions, migrations, "shop"))
    return frozenset(each.rule.id for each in check_review(Review(hits=proven.hits, refused=proven.refused)))


def statements(count: int, name: str) -> Iterator[Recorded]:
    """Yield that many statements of a version; four in five of them are those of every version."""
    for number in range(count):
        model = STATEMENTS[number % len(STATEMENTS)]
        mark = "every" if number < count * SHARED else name
        yield Recorded(f"{model.sql} /* {mark} {number} */", model.callers, model.nulls)


def timed(server: PostgresEndpoint, case: Case, count: int) -> frozenset[str]:
    """Answer for three live versions."""
    names = ("1.0.0", "1.1.0", "1.2.0")
    return answer(server, case, tuple(version(name, tuple(statements(count, name))) for name in names))


def main(arguments: list[str]) -> int:
    """Print the table and the time; answer 1 if an answer is wrong."""
    count = int(arguments[0]) if arguments else MANY
    table = Table("migration", "expected", "found")
    wrong = 0
    with start(["postgres"], choose(None, os.environ, stores=["postgres"])) as endpoints:
        server = endpoints.of(PostgresEndpoint)
        for case in CASES:
            found = answer(server, case, (version("1.0.0"),))
            wrong += found != case.rules
            table.add_row(case.name, " ".join(sorted(case.rules)) or "safe", " ".join(sorted(found)) or "safe")
        began = time.monotonic()
        with ProcessPoolExecutor(PROCESSES) as pool:
            later = [pool.submit(timed, server, case, count) for case in CASES]
            wrong += sum(each.result() != case.rules for each, case in zip(later, CASES, strict=True))
        seconds = time.monotonic() - began
    Console(width=140).print(table)
    print(f"{len(CASES)} migrations, {count} statements of each of three versions: {seconds:.1f} s; wrong: {wrong}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
