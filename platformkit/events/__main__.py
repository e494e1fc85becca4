"""Command for people who look after events: dead letters and their way back, and events once more.

``KAFKA_BOOTSTRAP_SERVERS`` and ``NAMESPACE`` name the deployment; ``replay`` needs ``POSTGRES_DSN`` of the consumer's
service too. Data go to standard output, a line for each letter or partition; talk goes to standard error. Exit codes:
0 done, 1 there is no such letter, 2 could not do it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import asyncpg

from platformkit.events.archive import Archive
from platformkit.events.errors import EventError
from platformkit.events.kafka_archive import KafkaArchive
from platformkit.events.kafka_publisher import KafkaPublisher
from platformkit.events.redrive import Letter, letters, redrive
from platformkit.events.replay import forget_since, rewind
from platformkit.events.showing import line_of, shown
from platformkit.events.topics import DEAD_LETTER_SUFFIX, Topic

DONE, NONE, FAILED = 0, 1, 2


class UsageError(Exception):
    """The command is asked for something that it cannot do as it is asked."""


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Run the command, and return its exit code."""
    asked = _parser().parse_args(arguments)
    try:
        code: int = asked.run(asked, environ)
    except (EventError, UsageError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        sys.stderr.write(f"error: {str(error) or type(error).__name__}\n")
        return FAILED
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m platformkit.events", description="Look after events.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, run: object, purpose: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=purpose, description=purpose)
        added.set_defaults(run=run)
        return added

    listing = command("list", _list, "List dead letters, the oldest first.")
    listing.add_argument("topic", nargs="?", help="a topic or its topic of dead letters; by default all of them")
    listing.add_argument("--all", action="store_true", help="also those that went back")

    show = command("show", _show, "Show a dead letter as JSON: headers, key and value.")
    show.add_argument("topic", help="a topic or its topic of dead letters")
    show.add_argument("place", help="<partition>/<offset>, as 'list' prints it")
    show.add_argument("--values", action="store_true", help="show secrets and personal data as well")

    back = command("redrive", _redrive, "Send dead letters back to the consumer that gave them up.")
    back.add_argument("topic", help="a topic or its topic of dead letters")
    back.add_argument("places", nargs="*", metavar="place", help="<partition>/<offset>, as 'list' prints it")
    back.add_argument("--all", action="store_true", help="all that did not go back yet")
    back.add_argument("--consumer", help="with --all: only those of this consumer")

    again = command("replay", _replay, "Let a consumer apply the events of a topic again, from a moment on.")
    again.add_argument("topic", help="the topic")
    again.add_argument("--consumer", required=True, help="name of the consumer; none of its instances may run")
    again.add_argument("--since", required=True, metavar="TIME", help="RFC 3339 with an offset: 2026-01-02T03:04:05Z")
    return parser


def _list(asked: argparse.Namespace, environ: Mapping[str, str]) -> int:
    archive = _archive(environ)
    topics = archive.dead_letter_topics() if asked.topic is None else (_letters_of(asked.topic),)
    every = [letter for topic in topics for letter in letters(archive.records(topic))]
    found = [letter for letter in every if asked.all or not letter.redriven]
    for letter in found:
        sys.stdout.write(line_of(letter) + "\n")
    sys.stderr.write(f"{len(found)} dead letters in {len(topics)} topics\n")
    return DONE


def _show(asked: argparse.Namespace, environ: Mapping[str, str]) -> int:
    found = letters(_archive(environ).records(_letters_of(asked.topic)))
    letter = next((one for one in found if one.place == asked.place), None)
    if letter is None:
        return _missing([asked.place], asked.topic)
    sys.stdout.write(shown(letter, values=asked.values) + "\n")
    return DONE


def _redrive(asked: argparse.Namespace, environ: Mapping[str, str]) -> int:
    if asked.all == bool(asked.places):
        raise UsageError("name the places of letters, or give --all; 'list' prints them")
    if asked.consumer and not asked.all:
        raise UsageError("--consumer goes with --all")
    archive = _archive(environ)
    found = {letter.place: letter for letter in letters(archive.records(_letters_of(asked.topic)))}
    if missing := [place for place in asked.places if place not in found]:
        return _missing(missing, asked.topic)
    wanted = [found[place] for place in dict.fromkeys(asked.places)] if asked.places else list(found.values())
    chosen = [letter for letter in wanted if not letter.redriven and asked.consumer in {None, letter.consumer}]
    count = asyncio.run(_sent_back(chosen, archive, environ))
    left = len(wanted) - count
    why = f"; {left} did not, since they went before or are another consumer's" if left else ""
    sys.stderr.write(f"{count} dead letters went back{why}\n")
    return DONE


def _replay(asked: argparse.Namespace, environ: Mapping[str, str]) -> int:
    moment = _moment(asked.since)
    servers, dsn = _required(environ, "KAFKA_BOOTSTRAP_SERVERS"), _required(environ, "POSTGRES_DSN")
    places = rewind(servers, environ.get("NAMESPACE", ""), asked.consumer, asked.topic, moment)
    try:
        forgotten = asyncio.run(forget_since(dsn, asked.consumer, moment))
    except ValueError:
        # The value itself may hold a password.
        raise UsageError("POSTGRES_DSN is no address as postgresql://user:password@host:port/database") from None
    for partition, offset in sorted(places.items()):
        sys.stdout.write(f"{partition}\t{offset}\n")
    sys.stderr.write(f"{asked.consumer} goes on at these offsets; it forgot {forgotten} events that it had applied\n")
    return DONE


async def _sent_back(chosen: Sequence[Letter], archive: Archive, environ: Mapping[str, str]) -> int:
    servers = _required(environ, "KAFKA_BOOTSTRAP_SERVERS")
    publisher = KafkaPublisher(servers, environ.get("NAMESPACE", ""), ())
    try:
        return await redrive(chosen, archive, publisher)
    finally:
        await publisher.close()


def _archive(environ: Mapping[str, str]) -> Archive:
    # Its connection ends with this command.
    return KafkaArchive(_required(environ, "KAFKA_BOOTSTRAP_SERVERS"), environ.get("NAMESPACE", ""))


def _letters_of(topic: str) -> str:
    return topic if topic.endswith(DEAD_LETTER_SUFFIX) else Topic(topic).dead_letters().name


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise UsageError(f"--since: expected RFC 3339 with an offset, as 2026-01-02T03:04:05Z, found {text!r}")


def _missing(places: Sequence[str], topic: str) -> int:
    named = ", ".join(places)
    sys.stderr.write(f"no dead letter {named} in {_letters_of(topic)}; 'list' prints those that there are\n")
    return NONE


def _required(environ: Mapping[str, str], key: str) -> str:
    if not environ.get(key):
        raise UsageError(f"{key} is not set; set it to where the deployment has it")
    return environ[key]


if __name__ == "__main__":
    sys.exit(main())
