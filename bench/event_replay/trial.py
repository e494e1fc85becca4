"""One change of the billing under a replay of the shop's orders."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.event_replay.faults import Change
from servanda import infra
from servanda.configuration import Configuration, load
from servanda.errors import ServandaError
from servanda.events.corpus import Corpus, open_corpus
from servanda.events.formats import Formats
from servanda.events.recording.selection import Seen
from servanda.events.replay import effects
from servanda.events.replay.examination import Examination, Wanted, examine, prepare
from servanda.topics.cluster import Placed
from servanda.topics.record import Record
from tests.samples.billing.orders import ORDERS

BILLING = Path(__file__).parents[2] / "tests" / "samples" / "billing"


@dataclass(frozen=True, slots=True)
class Trial:
    """Result of a change.

    Attributes:
        told: What the replay said, one line for each difference.
        is_right: Whether a fault is named as it has to be; for a safe change, whether nothing was said.
        seconds: Wall time of the replay.
    """

    change: str
    told: tuple[str, ...]
    is_right: bool
    seconds: float


async def accept(root: Path, environ: Mapping[str, str], endpoints: infra.Endpoints) -> None:
    """Make a repository of the billing, with recorded orders and accepted effects."""
    shutil.copytree(BILLING, root, ignore=shutil.ignore_patterns("__pycache__"))
    configuration = load(root / "servanda.toml")
    recorded = corpus_of(root, configuration, (Record(**parts) for parts in ORDERS))
    recorded.save()
    found = await replayed(configuration, environ, endpoints, accept_all=True)
    for each in found.effects:
        effects.save(each, configuration.events.corpus)
    if found.differences:
        raise SystemExit(f"the billing does not hold as it is: {found.differences[0].reason().message}")


def corpus_of(root: Path, configuration: Configuration, records: Iterable[Record]) -> Corpus:
    """Return the corpus of records."""
    seen = Seen()
    placed = (Placed(record, 0, number) for number, record in enumerate(records))
    seen.add(placed, "shop", "orders", Formats(configuration.events, None))
    return open_corpus(root / "contracts" / "events").with_events(seen.chosen(()), seen.days, {"orders": 168})


async def replayed(
    configuration: Configuration, environ: Mapping[str, str], endpoints: infra.Endpoints, *, accept_all: bool = False
) -> Examination:
    """Replay what a repository has recorded."""
    prepared = prepare(open_corpus(configuration.events.corpus), configuration, Wanted(accept=accept_all))
    return await examine(prepared, configuration, environ, mode="external", endpoints=endpoints)


async def tried(change: Change, accepted: Path, environ: Mapping[str, str], endpoints: infra.Endpoints) -> Trial:
    """Make a change in a copy of an accepted repository, and replay its events.

    Raises:
        ValueError: A text to be replaced is not there.
    """
    with tempfile.TemporaryDirectory(prefix="event-fault-") as folder:
        root = Path(folder, "shop")
        shutil.copytree(accepted, root, ignore=shutil.ignore_patterns(".servanda"))
        file = root / "billing.py"
        text = file.read_text(encoding="utf-8")
        for before, after in change.edits:
            if before not in text:
                raise ValueError(f"{change.name}: billing.py has no {before!r}")
            text = text.replace(before, after)
        file.write_text(text, encoding="utf-8")
        began = time.monotonic()
        told = await _told(root, environ, endpoints)
        whole = "\n".join(told)
        is_right = all(name in whole for name in change.named) and bool(told) is change.is_fault
        return Trial(change.name, told, is_right, round(time.monotonic() - began, 1))


async def _told(root: Path, environ: Mapping[str, str], endpoints: infra.Endpoints) -> tuple[str, ...]:
    try:
        found = await replayed(load(root / "servanda.toml"), environ, endpoints)
    except ServandaError as error:
        return (f"could not tell: {error}",)
    reasons = [each.reason() for each in found.differences]
    return tuple(f"{each.message} {each.path} {each.expected} {each.actual}" for each in reasons)
