"""View of a running system: the progress, addresses and output of its services."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import cycle

from rich.console import Console

from servanda.escaping.shell import shell_line
from servanda.pact import PactFile
from servanda.report.console import put
from servanda.report.line import Part
from servanda.supervision import (
    Changed,
    Event,
    Exited,
    Listener,
    Migrated,
    Output,
    Ready,
    Restarting,
    Running,
    Started,
    Stopped,
    Waiting,
    describe_exit,
)
from servanda.transports.http.interaction import HttpInteraction, HttpRequest

_COLOURS = ("cyan", "magenta", "yellow", "green", "blue", "bright_red")


def follow(instances: Iterable[str], console: Console, *, output: bool) -> Listener:
    """Make a listener that prints what happens to instances and, with ``output``, each line that they write."""
    names = tuple(instances)
    width = max(map(len, names), default=0)
    colours: Mapping[str, str] = dict(zip(names, cycle(_COLOURS), strict=False))

    def show(event: Event) -> None:
        for line in _lines(event, output=output):
            put(console, (f"{event.instance:<{width}} | ", colours.get(event.instance, "")), line)

    return show


def _lines(event: Event, *, output: bool) -> Iterator[Part]:
    match event:
        case Output():
            if output:
                yield event.line.expandtabs()  # as a terminal would
        case Migrated():
            yield f"schema up to date after {event.seconds:.1f} s", "dim"
        case Started():
            yield f"starting, log in {event.log}", "dim"
        case Ready():
            yield f"ready after {event.seconds:.1f} s", "green"
        case Exited():
            yield f"ended {describe_exit(event.code)}, unexpectedly", "bold red"
            yield from () if output else (f"  {line.expandtabs()}" for line in event.lines)
        case Restarting() | Changed() | Waiting():
            yield from _start_lines(event, output=output)
        case Stopped():
            how = "killed, because its drain time had passed," if event.killed else "stopped"
            yield f"{how} after {event.seconds:.1f} s", "yellow" if event.killed else "dim"


def _start_lines(event: Restarting | Changed | Waiting, *, output: bool) -> Iterator[Part]:
    match event:
        case Restarting():
            # The end of one that ran was told already.
            yield from [(event.reason, "red")] if event.attempt > 1 else []
            yield f"starting again in {event.seconds:g} s ({event.attempt} of {event.most})", "yellow"
        case Changed():
            yield f"changed: {', '.join(event.files)}", "cyan"
        case Waiting():
            yield f"{event.reason}; it waits for a change of its files", "bold red"
            yield from () if output else (f"  {line.expandtabs()}" for line in event.lines)


def addresses(running: Running, console: Console) -> None:
    """Print where each instance answers."""
    for name in running.names:
        for port in running.service(name).ports:
            put(console, f"{name} {port}: {running.address(name, port)}")


def commands(entry: str, contracts: Iterable[PactFile], count: int = 3) -> tuple[str, ...]:
    """Write commands for a shell that send to the address ``entry`` what the consumers there are known to send.

    Those come first that succeed without anything in their path that a provider state has to prepare. What is asked for
    in a query about such a thing is left out, so that the answer shows whatever there is.
    """
    requests = [
        interaction
        for contract in contracts
        for interaction in contract.interactions
        if isinstance(interaction, HttpInteraction)
    ]
    chosen: dict[tuple[str, str], str] = {}
    for interaction in sorted(requests, key=_needs):
        request = _about_anything(interaction)
        chosen.setdefault((request.method, request.path), _curl(entry, request))
    return tuple(chosen.values())[:count]


def _needs(interaction: HttpInteraction) -> tuple[bool, bool, int, bool, str]:
    request = interaction.request
    about_prepared = any(value in request.path for value in _prepared(interaction))
    fails = interaction.response.status >= 300
    return fails, about_prepared, request.path.count("/"), request.method != "POST", request.path


def _prepared(interaction: HttpInteraction) -> frozenset[str]:
    values = (str(value) for state in interaction.states for value in state.params.values())
    # A number is in an address for other reasons, such as the size of a page.
    return frozenset(value for value in values if value and not value.isdigit())


def _about_anything(interaction: HttpInteraction) -> HttpRequest:
    prepared = _prepared(interaction)
    kept = {
        name: values
        for name, values in interaction.request.query.items()
        if not any(text in (value or "") for value in values for text in prepared)
    }
    return replace(interaction.request, query=kept)


def _curl(entry: str, request: HttpRequest) -> str:
    parts = ["curl", "-sS"]
    if request.method != "GET":
        parts += ["-X", request.method]
    for name, values in request.fields.items():
        parts += ["-H", f"{name}: {', '.join(values)}"]
    if request.body is not None and request.body.content:
        if request.first("content-type") is None and request.body.content_type:
            parts += ["-H", f"Content-Type: {request.body.content_type}"]
        parts += ["-d", request.body.content.decode("utf-8", "replace")]
    return shell_line([*parts, f"http://{entry}{request.target}"])
