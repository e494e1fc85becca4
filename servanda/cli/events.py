"""``servanda events``."""

from __future__ import annotations

import asyncio
import datetime as dt
import functools
import os
import sys
import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import click

from servanda import infra
from servanda.cache import cache_folder
from servanda.cli.deadline import deadline
from servanda.cli.ending import run
from servanda.cli.group import pass_configuration
from servanda.cli.reporting import report_options
from servanda.configuration import Configuration, Store
from servanda.errors import ConfigurationError
from servanda.extensions import STORES
from servanda.extras import naming_extra
from servanda.gate.stage import EVENTS
from servanda.gate.versions import versions
from servanda.report.console import console_for
from servanda.report.delivery import prepare as make_ready
from servanda.report.delivery import tell
from servanda.report.files import clear
from servanda.report.line import plain
from servanda.report.progress import progress
from servanda.report.terminal import answer, deliver, say
from servanda.verdict import StoreFact, decide

if TYPE_CHECKING:
    from servanda.events.corpus import Corpus
    from servanda.events.recording.recording import Recorded

_RECORD, _REPLAY, _DROP = "record", "replay", "drop"
_ACTIONS: Final = (_RECORD, _REPLAY, _DROP)
_ONLY_FOR: Final[Mapping[str, str]] = MappingProxyType(
    {"bootstrap": _RECORD, "namespace": _RECORD, "live": _REPLAY, "only": _REPLAY, "accept": _REPLAY, "report": _REPLAY}
)
_FORMS: Final = ("text", "json")
_CLEARING_UP: Final = 60.0


@click.command("events")
@click.argument("action", type=click.Choice(_ACTIONS))
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--bootstrap", metavar="HOST:PORT", help="record: read the topics of this Kafka; start nothing.")
@click.option("--namespace", default="", help="record: what the names of topics end with there.")
@click.option("--live", default="", metavar="VERSION", help="replay: expect the effects of this version.")
@click.option("--only", default="", metavar="SHAPE", help="replay: send the events of the keys of this shape alone.")
@click.option("--seed", type=int, default=1, show_default=True, help="replay: the same seed makes the same order.")
@click.option("--accept", is_flag=True, help="replay: write the effects as those that are expected from now on.")
@click.option("--dry-run", is_flag=True, help="Tell what would be done; start and write nothing.")
@click.option(
    "--infra", "mode", type=click.Choice(["auto", *map(str, infra.Provisioning)]), help="Provisioning of the stores."
)
@report_options
@pass_configuration
def command(configuration: Configuration, /, action: str, names: tuple[str, ...], **given: Any) -> None:
    """Record events of every shape, and replay them to their consumers.

    "record" reads topics (NAME; default: all that services publish to) and keeps one event of each new shape, without
    what nobody may read: from a running Kafka, or from the platform after its journeys and contracts. "replay" starts
    consumers (NAME; default: all) on real stores, sends them the recorded events, again, and in another order among
    unreadable ones, and compares the effects. "drop" removes shapes (NAME) that no topic can hold any more.

    Examples:
      servanda events record --bootstrap kafka.example.org:9092 --dry-run
      servanda events replay audit --live 1.4.0
      servanda events drop 3f9a02c41d77
    """
    for option, only in _ONLY_FOR.items():
        if given[option] and action != only:
            raise ConfigurationError(f"--{option} is for 'servanda events {only}'", hint="leave it out")
    from servanda.events.corpus import open_corpus  # noqa: PLC0415 - the help needs none

    corpus = open_corpus(configuration.events.corpus)
    # Libraries of extras: the help needs none of them.
    with naming_extra():
        match action:
            case "record":
                _record(corpus, configuration, names, given)
            case "replay":
                _replay(corpus, configuration, names, given)
            case _:
                _drop(corpus, names, dry_run=given["dry_run"])


def _record(corpus: Corpus, configuration: Configuration, names: tuple[str, ...], given: Mapping[str, Any]) -> None:
    from servanda.report.events import recorded_document, recorded_text  # noqa: PLC0415 - of an extra

    if given["form"] not in _FORMS:
        raise ConfigurationError(f"a recording has no format '{given['form']}'", hint=f"choose {' or '.join(_FORMS)}")
    with deadline("the recording", configuration.limits.gate_seconds, "gate_seconds", reserve=_CLEARING_UP):
        recorded = _recorded(corpus, configuration, names, given)
    if not given["dry_run"]:
        recorded.corpus.save()
    document = given["form"] == "json"
    deliver(recorded_document(recorded) if document else recorded_text(recorded, dry_run=given["dry_run"]))


def _replay(corpus: Corpus, configuration: Configuration, names: tuple[str, ...], given: Mapping[str, Any]) -> None:
    from servanda.events.replay.effects import save  # noqa: PLC0415 - of an extra
    from servanda.events.replay.examination import Listeners, Wanted, prepare  # noqa: PLC0415 - the same
    from servanda.gate.events import carried_out  # noqa: PLC0415 - the same
    from servanda.report.events import phase_begins, replay_lines  # noqa: PLC0415 - the same

    if given["report"] is not None:
        clear(given["report"], [configuration.contracts.pacts])
    if given["accept"] and (given["only"] or given["live"]):
        raise ConfigurationError("effects are accepted as a whole", hint="leave out --only and --live")
    wanted = Wanted(names, given["only"], given["live"], given["seed"], given["accept"])
    prepared = prepare(corpus, configuration, wanted)
    if given["dry_run"]:
        deliver(plain(replay_lines(prepared)))
        return
    talk = console_for(sys.stderr)
    facts: dict[Store, StoreFact] = {}
    began = time.time_ns() // 1_000_000
    with (
        deadline(EVENTS, configuration.limits.gate_seconds, "gate_seconds", reserve=_CLEARING_UP),
        progress(talk) as stores,
    ):

        def heard(event: infra.Event) -> None:
            if isinstance(event, infra.StoreReady):
                facts[event.store] = event.fact
            stores(event)

        listeners = Listeners(heard, phases=functools.partial(phase_begins, console=talk))
        found = run(carried_out(prepared, configuration, os.environ, mode=given["mode"], listeners=listeners))
    if given["accept"]:
        for accepted in found.examination.effects:
            say(f"written: {save(accepted, configuration.events.corpus)}")
    used = [facts[store] for store in STORES.ordered(facts)]
    verdict = decide([found.stage], used, versions(configuration), found.examination.instances, started=began)
    tell(make_ready(verdict, given["form"], given["report"]))
    click.get_current_context().exit(verdict.answer.exit_code)


def _recorded(
    corpus: Corpus, configuration: Configuration, names: tuple[str, ...], given: Mapping[str, Any]
) -> Recorded:
    from servanda.events.recording.platform import after_use  # noqa: PLC0415 - of an extra
    from servanda.events.recording.recording import formats_of, record, topics_of  # noqa: PLC0415 - the same
    from servanda.topics.cluster import Cluster  # noqa: PLC0415 - the same
    from servanda.topics.names import Names  # noqa: PLC0415 - the same

    topics = topics_of(configuration, names)
    formats = formats_of(configuration, cache_folder(os.environ))
    if given["bootstrap"]:
        named = Names(configuration.events.topic, given["namespace"])
        return record(corpus, topics, Cluster(given["bootstrap"]), named, formats)

    async def recorded() -> Recorded:
        with progress(console_for(sys.stderr)) as stores:
            source = after_use(configuration, os.environ, tuple(topics), mode=given["mode"], stores=stores)
            async with source as (cluster, named):
                return await asyncio.to_thread(record, corpus, topics, cluster, named, formats)

    return run(recorded())


def _drop(corpus: Corpus, shapes: tuple[str, ...], *, dry_run: bool) -> None:
    if not shapes:
        raise ConfigurationError("no shape is named", hint="servanda events drop SHAPE; the manifest lists them")
    left = corpus.without(shapes, dt.datetime.now(tz=dt.UTC).date())
    for gone in left.manifest.dropped:
        if gone not in corpus.manifest.dropped:
            answer(f"{'would drop' if dry_run else 'dropped'} {gone.type or gone.topic} {gone.shape}")
    if not dry_run:
        left.save()
