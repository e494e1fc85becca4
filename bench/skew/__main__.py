"""Faults that ``servanda versions`` finds: ``python -m bench.skew [--only NAME] [--save FILE]``.

Each fault, and each safe change, is made in a copy of the shop of ``tests/samples/rollout``; that copy is run beside
the shop as it is, on stores that are started once, and its own contracts and journeys are run without the other version
as well. What is saved is not run again. Exit code 1 if less than 95 % of the faults are caught and named as they have
to be, or if a safe change raises an alarm.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec
from rich.console import Console

from bench.skew.change import Change
from bench.skew.faults import CHANGES
from bench.skew.summary import shares_hold, table, totals
from bench.skew.trial import Trial, tried
from servanda.infra import Endpoints, choose, start


def main(arguments: Sequence[str] | None = None) -> int:
    """Try every change that was not tried yet, and tell."""
    options = _parser().parse_args(arguments)
    chosen = [change for change in CHANGES if not options.only or change.name in options.only]
    if unknown := set(options.only) - {change.name for change in chosen}:
        print(f"no such change: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    known = read(options.save) if options.save and options.save.exists() else {}
    left = [change for change in chosen if change.name not in known]
    if left:
        with start(["postgres", "redis", "kafka"], choose(None, os.environ)) as endpoints:
            asyncio.run(_try_all(left, known, _environ(endpoints), options))
    trials = [known[change.name] for change in chosen]
    console = Console(soft_wrap=True, highlight=False)
    console.print(table(chosen, known))
    for line in totals(chosen, known):
        console.print(line, markup=False)
    return 0 if shares_hold(chosen, trials) else 1


async def _try_all(
    changes: Iterable[Change], known: dict[str, Trial], environ: Mapping[str, str], options: argparse.Namespace
) -> None:
    free = asyncio.Semaphore(options.at_once)

    async def one(change: Change) -> None:
        async with free:
            trial = await tried(change, environ)
        known[change.name] = trial
        said = "as it should be" if trial.is_right else "NOT as it should be"
        print(f"{change.name}: {trial.step or 'no break'} {trial.caught}: {said} ({trial.seconds} s)", file=sys.stderr)
        if options.save:
            options.save.write_bytes(msgspec.json.format(msgspec.json.encode(list(known.values())), indent=1))

    await asyncio.gather(*map(one, changes))


def read(file: Path) -> dict[str, Trial]:
    """Read the trials of an earlier run."""
    return {trial.change: trial for trial in msgspec.json.decode(file.read_bytes(), type=list[Trial])}


def _environ(endpoints: Endpoints) -> Mapping[str, str]:
    return {
        **os.environ,
        "POSTGRES_DSN": endpoints.postgres.dsn,
        "REDIS_URL": endpoints.redis.url,
        "KAFKA_BOOTSTRAP_SERVERS": endpoints.kafka.bootstrap,
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.skew")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="only this change; repeatable")
    parser.add_argument("--save", type=Path, metavar="FILE", help="save the trials as JSON, and go on from there")
    parser.add_argument("--at-once", type=int, default=2, metavar="NUMBER", help="so many changes at a time")
    return parser


if __name__ == "__main__":
    sys.exit(main())
