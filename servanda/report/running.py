"""View of a running system: the progress, addresses and output of its services."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import cycle

from rich.console import Console

from servanda.escaping.shell import shell_line
from servanda.pact import PactFile
from servanda.report.console import put
from servanda.report.line import Part
from servanda.supervision import (
    Event,
    Exited,
    Listener,
    Migrated,
    Output,
    Ready,
    Running,
    Started,
    Stopped,
    describe_exit,
)
from servanda.transports.http.interaction import HttpInteraction

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
            if not output:
                yield from (f"  {line.expandtabs()}" for line in event.lines)
        case Stopped():
            how = "killed, because its drain time had passed," if event.killed else "stopped"
            yield f"{how} after {event.seconds:.1f} s", "yellow" if event.killed else "dim"


def addresses(running: Running, console: Console) -> None:
    """Print where each instance answers."""
    for name in running.names:
        for port in running.service(name).ports:
            put(console, f"{name} {port}: {running.address(name, port)}")


def commands(entry: str, contracts: Iterable[PactFile], count: int = 3) -> tuple[str, ...]:
    """Write commands for a shell that send to the address ``entry`` what the consumers there are known to send.

    Those come first that succeed, without anything in their path that a provider state has to prepare.
    """
    requests = [
        interaction
        for contract in contracts
        for interaction in contract.interactions
        if isinstance(interaction, HttpInteraction)
    ]
    chosen: dict[tuple[str, str], str] = {}
    for interaction in sorted(requests, key=_needs):
        request = interaction.request
        chosen.setdefault((request.method, request.path), _curl(entry, interaction))
    return tuple(chosen.values())[:count]


def _needs(interaction: HttpInteraction) -> tuple[bool, bool, int, bool, str]:
    request = interaction.request
    prepared = {str(value) for state in interaction.states for value in state.params.values()}
    about_prepared = any(value and value in request.path for value in prepared)
    fails = interaction.response.status >= 300
    return fails, about_prepared, request.path.count("/"), request.method != "POST", request.path


def _curl(entry: str, interaction: HttpInteraction) -> str:
    request = interaction.request
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
