"""Cost of traces, side by side in one run: ``python -m bench.telemetry [ROUNDS]``.

A gateway and an identity run without traces, with traces that are switched off, with every tenth trace sampled and with
all of them; each round sends the same requests to one after the other. Between the first two only chance differs.
What a request costs is processor time of a process with all its threads, those that send spans among them. The ratio is
the median of those of the rounds, which other load on the host disturbs less.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import timeit
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack
from itertools import count

import aiohttp
from rich.console import Console
from rich.table import Table

from bench.telemetry.processes import Pair, collector, pair
from platformkit.telemetry import Kind, span
from servanda.infra import choose, isolate, start

ROUNDS = 12
REQUESTS = 400
AT_ONCE = 8
SETTLE_SECONDS = 1.0
SPANS = 200_000
SERVICES = ("gateway", "identity")

Request = Callable[[aiohttp.ClientSession], Awaitable[None]]
Costs = dict[tuple[str, str, str], list[float]]
"""Microseconds for a request, by variant, kind of request and service, round by round."""


def variants(endpoint: str) -> Mapping[str, Mapping[str, str]]:
    """Return what each variant has in its environment; spans leave within a round."""
    on = {"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint, "OTEL_BSP_SCHEDULE_DELAY": "500"}
    tenth = {"OTEL_TRACES_SAMPLER": "parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0.1"}
    return {"off": {}, "switched off": {**on, "OTEL_SDK_DISABLED": "true"}, "10 %": {**on, **tenth}, "100 %": on}


async def create(session: aiohttp.ClientSession, url: str, number: int) -> str:
    user = {"email": f"user-{number}@example.org", "profile": {"displayName": "Ada"}}
    async with session.post(f"{url}/v1/users", json={"user": user}) as response:
        response.raise_for_status()
        return str((await response.json())["user"]["userId"])


async def read(session: aiohttp.ClientSession, url: str) -> None:
    async with session.get(url) as response:
        response.raise_for_status()
        await response.read()


async def cost(target: Pair, requests: Iterator[Callable[[], Awaitable[object]]]) -> dict[str, float]:
    """Return the microseconds that a request cost each process."""
    before = target.spent()

    async def send() -> None:
        for request in requests:
            await request()

    await asyncio.gather(*(send() for _ in range(AT_ONCE)))
    # What a request leaves behind, events and spans, is part of its cost.
    await asyncio.sleep(SETTLE_SECONDS)
    after = target.spent()
    return {name: (after[name] - before[name]) / 1000 / REQUESTS for name in SERVICES}


async def measured(targets: Mapping[str, Pair], rounds: int) -> Costs:
    found: Costs = {}
    numbers = count()
    async with aiohttp.ClientSession() as session:
        users = {name: await create(session, target.url, next(numbers)) for name, target in targets.items()}
        # The first round warms up, and is not counted.
        for number in range(rounds + 1):
            for name, target in targets.items():
                page = f"{target.url}/v1/users/{users[name]}"
                kinds: dict[str, Callable[[], Awaitable[object]]] = {
                    "read": lambda page=page: read(session, page),  # type: ignore[misc]
                    "create": lambda target=target: create(session, target.url, next(numbers)),  # type: ignore[misc]
                }
                for kind, request in kinds.items():
                    spent = await cost(target, iter([request] * REQUESTS))
                    for service in SERVICES if number else ():
                        found.setdefault((name, kind, service), []).append(spent[service])
    return found


def silent_span() -> float:
    """Return the nanoseconds that a span takes in a process without traces: what the code costs that is off."""
    facts = {"rpc.system.name": "grpc"}

    def begun() -> None:
        with span("bench", Kind.SERVER, facts):
            pass

    return min(timeit.repeat(begun, number=SPANS)) / SPANS * 1e9


def shown(costs: Costs, names: tuple[str, ...]) -> Table:
    table = Table(title=f"microseconds of processor time for a request, and the ratio to the variant {names[0]!r}")
    for heading in ("request", "process", *names):
        table.add_column(heading, justify="left" if heading in {"request", "process"} else "right")
    for kind in ("read", "create"):
        for service in SERVICES:
            base = costs[names[0], kind, service]
            cells = []
            for name in names:
                own = costs[name, kind, service]
                ratio = statistics.median(mine / other for mine, other in zip(own, base, strict=True))
                cells.append(f"{statistics.median(own):.0f}  {ratio:.2f}")
            table.add_row(kind, service, *cells)
    return table


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with ExitStack() as stack:
        endpoints = stack.enter_context(start(["postgres", "redis", "kafka"], choose(None, os.environ)))
        wanted = variants(stack.enter_context(collector()))
        targets = {
            name: stack.enter_context(pair(stack.enter_context(isolate(endpoints)), environ))
            for name, environ in wanted.items()
        }
        costs = asyncio.run(measured(targets, rounds))
    Console().print(shown(costs, tuple(wanted)))
    Console().print(f"a span where traces are off: {silent_span():.0f} ns")


if __name__ == "__main__":
    main()
