"""Replay of recorded events: ``python -m bench.event_replay [--events 10000] [--faults] [--only NAME]``.

Times the replay of so many events to the billing of ``tests/samples/billing`` and the comparison of its effects, stores
and all phases included; the time of the stores is told apart. With ``--faults`` each seeded fault, and each safe
change, is made and replayed instead. Exit code 1 if less than 95 % of the faults are named as they have to be, or if
a safe change raises an alarm. Rates depend on the host.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.event_replay.faults import CHANGES
from bench.event_replay.many import measured
from bench.event_replay.trial import Trial, accept, tried
from servanda.infra import Endpoints, choose, start

_SHARE = 0.95


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, or try every fault."""
    options = _parser().parse_args(arguments)
    console = Console(soft_wrap=True, highlight=False)
    began = time.monotonic()
    with (
        start(["postgres", "kafka"], choose(None, os.environ, stores=["postgres", "kafka"])) as endpoints,
        tempfile.TemporaryDirectory(prefix="event-replay-") as folder,
    ):
        console.print(f"stores: {time.monotonic() - began:.1f} s; load {os.getloadavg()[0]:.1f}")
        if not options.faults:
            for line in asyncio.run(measured(Path(folder), options.events, _environ(endpoints), endpoints)):
                console.print(line)
            return 0
        trials = asyncio.run(_tried(Path(folder, "accepted"), options.only, _environ(endpoints), endpoints))
    console.print(_table(trials))
    return 0 if _holds(trials, console) else 1


async def _tried(
    accepted: Path, only: Sequence[str], environ: Mapping[str, str], endpoints: Endpoints
) -> Mapping[str, Trial]:
    await accept(accepted, environ, endpoints)
    found: dict[str, Trial] = {}
    for change in CHANGES:
        if not only or change.name in only:
            trial = found[change.name] = await tried(change, accepted, environ, endpoints)
            said = "as it should be" if trial.is_right else f"NOT as it should be: {trial.told}"
            print(f"{change.name}: {said} ({trial.seconds} s)", file=sys.stderr)
    return found


def _table(trials: Mapping[str, Trial]) -> Table:
    table = Table("change", "fault", "as it should be", "seconds", "the first that is told")
    for change in CHANGES:
        if (trial := trials.get(change.name)) is not None:
            first = trial.told[0] if trial.told else ""
            marks = ("fault" if change.is_fault else "safe", "yes" if trial.is_right else "no")
            table.add_row(change.name, *marks, str(trial.seconds), first[:160])
    return table


def _holds(trials: Mapping[str, Trial], console: Console) -> bool:
    faults = [trials[change.name].is_right for change in CHANGES if change.is_fault and change.name in trials]
    safe = [trials[change.name].is_right for change in CHANGES if not change.is_fault and change.name in trials]
    named = f"faults named: {sum(faults)} of {len(faults)}"
    console.print(f"{named}; safe changes without an alarm: {sum(safe)} of {len(safe)}")
    return sum(faults) >= _SHARE * len(faults) and all(safe)


def _environ(endpoints: Endpoints) -> Mapping[str, str]:
    stores = {"POSTGRES_DSN": endpoints.postgres.dsn, "KAFKA_BOOTSTRAP_SERVERS": endpoints.kafka.bootstrap}
    return {**os.environ, **stores, "SERVANDA_INFRA": "external"}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.event_replay")
    parser.add_argument("--events", type=int, default=10_000, metavar="NUMBER", help="events to replay; default 10,000")
    parser.add_argument("--faults", action="store_true", help="try the seeded faults instead")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="only this change; repeatable")
    return parser


if __name__ == "__main__":
    sys.exit(main())
