"""Many events: replayed in order, a second time and in another order, and compared."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from pathlib import Path

from bench.event_replay.trial import BILLING
from servanda import infra
from servanda.configuration import load
from servanda.events.corpus import KeptEvent, Manifest
from servanda.events.corpus.corpus import Corpus
from servanda.events.corpus.document import shape_of
from servanda.events.replay import effects
from servanda.events.replay.difference import Phase
from servanda.events.replay.examination import Wanted, examine, prepare
from servanda.topics.record import Record
from tests.samples.billing.orders import order


def _events(count: int) -> tuple[KeptEvent, ...]:
    """Return so many events, two of each key, as a corpus keeps them."""
    found = []
    for number in range(count):
        key, paid = f"order-{number // 2}", number % 2
        parts = order(number, key, "paid") if paid else order(number, key, "placed", amount=number, currency="EUR")
        signature = (f"{number}",)
        found.append(KeptEvent("shop", "", shape_of("", signature), signature, "", Record(**parts)))
    return tuple(found)


async def measured(folder: Path, count: int, environ: Mapping[str, str], endpoints: infra.Endpoints) -> tuple[str, ...]:
    """Accept the effects of many events, then replay and compare them; return lines with the time of the latter."""
    root = folder / "shop"
    shutil.copytree(BILLING, root, ignore=shutil.ignore_patterns("__pycache__"))
    configuration = load(root / "servanda.toml")
    corpus = Corpus(configuration.events.corpus, Manifest(), _events(count))
    wanted = prepare(corpus, configuration, Wanted(accept=True))
    first = await examine(wanted, configuration, environ, mode="external", endpoints=endpoints)
    for each in first.effects:
        effects.save(each, configuration.events.corpus)
    began = time.monotonic()
    prepared = prepare(corpus, configuration, Wanted())
    found = await examine(prepared, configuration, environ, mode="external", endpoints=endpoints)
    ended = time.monotonic()
    sent = found.records * len(Phase)
    return (
        f"{found.records} events recorded, {sent} sent in three phases, all compared: {ended - began:.1f} s",
        f"differences: {len(found.differences)}",
    )
