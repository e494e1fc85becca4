"""Calls drawn from the interface of a live version.

Its old and its new instances have to answer them alike, and none may fail at them that did not from the beginning.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias

from google.protobuf import text_format
from google.protobuf.message import Message

from servanda.configuration import Limits
from servanda.interfaces.protobuf.usage.routes import Route
from servanda.parity import GrpcSide, Requests, callable_routes
from servanda.parity.beside import Beside
from servanda.parity.call import Call
from servanda.parity.outcome import OK, Outcome
from servanda.supervision import Running
from servanda.verdict import Transport
from servanda.verification import ProviderCode, request_filter
from servanda.versions.oracle import Answer, Break, BreakKind, Difference, differences
from servanda.versions.phases.definitions import catalogue_of
from servanda.versions.phases.ready import Ready
from servanda.versions.plan import Phase, Step

CALLS: Final = 100
"""How many calls a service gets while it has an old and a new instance."""
CALLS_ALONE: Final = 25
"""How many calls a service gets while all its instances are of one version."""
_PAUSE_SECONDS: Final = 0.3
_LONGEST: Final = 400
_UNSERVED: Final = "UNIMPLEMENTED"
# Answers that hang on what else is going on.
_BUSY: Final = frozenset({"UNAVAILABLE", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED", "CANCELLED", "ABORTED"})
_FAULTS: Final = frozenset({"UNKNOWN", "INTERNAL", "DATA_LOSS", _UNSERVED})
_Pair: TypeAlias = "tuple[Outcome, Outcome]"


class Asked(Protocol):
    """An instance that can be called: :class:`servanda.parity.GrpcSide`, or what stands in for it."""

    async def send(self, call: Call) -> Outcome:
        """Make a call."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Result of the calls of a step.

    Attributes:
        breaks: What an old caller would see.
        calls: How many calls were answered.
    """

    breaks: tuple[Break, ...] = ()
    calls: int = 0


class GeneratedCalls:
    """Draws calls without side effects from the interface of the old version, for both instances of a service.

    Args:
        versions: The versions by name, the candidate last.
        cache: Folder of what is kept of interfaces.
        volatile: Paths of answers that are never compared.
        code: Processes with code of the instances.
        seed: The same seed draws the same calls, as long as the answers are the same.
    """

    def __init__(
        self, versions: Mapping[str, Ready], cache: Path, volatile: Iterable[str], code: ProviderCode, seed: int
    ) -> None:
        self._versions, self._cache, self._code, self._seed = versions, cache, code, seed
        self._volatile = frozenset(volatile)
        self._routes: dict[str, tuple[Route, ...]] = {}
        self._usual: set[tuple[str, str]] = set()

    async def examine(self, step: Step, running: Running) -> Drawn:
        """Ask both instances of the service that a step exchanges, or each service where a step exchanges none.

        Returns:
            What an old and a new instance answer differently, and at which calls an instance fails.

        Raises:
            InterfaceError: The interface of the old version cannot be read.
            VerificationError: An instance does not answer at all, or the request filter failed.
        """
        if step.phase is Phase.ROLLING:
            return await self._beside(step, running) if len(set(step.live[step.service])) > 1 else Drawn()
        breaks: list[Break] = []
        calls = 0
        for service, names in step.live.items():
            found = await self._alone(step, service, names[-1], running)
            breaks += found.breaks
            calls += found.calls
        return Drawn(tuple(breaks), calls)

    async def _beside(self, step: Step, running: Running) -> Drawn:
        old, *_, new = step.live[step.service]
        if not (routes := await self._routes_to(step.service, old, new)):
            return Drawn()
        limits = self._versions[old].configuration.limits
        async with AsyncExitStack() as stack:
            sides = [
                await stack.enter_async_context(_side(self._versions[name], step.service, running, self._code, limits))
                for name in (old, new)
            ]
            return await drawn(step, Requests(routes, self._seed), (sides[0], sides[1]), self._volatile)

    async def _alone(self, step: Step, service: str, live: str, running: Running) -> Drawn:
        old = next(iter(self._versions))
        if not (routes := await self._routes_to(service, old, live)):
            return Drawn()
        limits = self._versions[live].configuration.limits
        async with _side(self._versions[live], service, running, self._code, limits) as side:
            found, calls = await failed(Requests(routes, self._seed), side)
        if step.phase is Phase.OLD:
            self._usual |= found.keys()
        unusual = (each for key, each in found.items() if key not in self._usual)
        return Drawn(tuple(_failure(step, call, outcome) for call, outcome in unusual), calls)

    async def _routes_to(self, service: str, *names: str) -> tuple[Route, ...]:
        """Return the rpcs of the first of these versions; none if one of them does not serve gRPC there."""
        services = [self._versions[name].configuration.services.get(service) for name in names]
        if any(each is None or Transport.GRPC not in each.transports for each in services):
            return ()
        if (old := names[0]) not in self._routes:
            self._routes[old] = await asyncio.to_thread(_routes_of, self._versions[old], self._cache)
        return self._routes[old]


async def drawn(
    step: Step,
    requests: Requests,
    sides: tuple[Asked, Asked],
    ignored: frozenset[str] = frozenset(),
    pause_seconds: float = _PAUSE_SECONDS,
) -> Drawn:
    """Make calls on an old and a new instance.

    Args:
        step: The step, whose service both are instances of.
        requests: Draws the calls, from the interface of the old one.
        sides: The old instance and the new one.
        ignored: Paths that are not compared.
        pause_seconds: Time after which what differs is asked for again.

    Returns:
        What differs, each place of each rpc once. An error of the old instance may become another answer; an answer may
        not become an error, and no member of it another value.
    """
    found: dict[tuple[str, str], Break] = {}
    answered = 0
    for number in range(1, CALLS + 1):
        if not requests.routes:
            break
        call = requests.call(number)
        # On the same stores an identifier stands for itself, and nobody is late on purpose.
        call = replace(call, http=call.grpc, beside=Beside.NOTHING)
        before = await sides[0].send(call)
        if before.code == _UNSERVED:
            requests.leave_out(call.method)
            continue
        now = await sides[1].send(call)
        answered += 1
        if before.response is not None:
            requests.identifiers.harvest(call.grpc, call.grpc)
            requests.identifiers.harvest(before.response, before.response)
        if any(each.path not in ignored for each in judged((before, now))):
            await asyncio.sleep(pause_seconds)
            for each in await _confirmed(call, sides, ignored):
                found.setdefault((call.method.full_name, each.path), _break(step, call, each))
    return Drawn(tuple(found.values()), answered)


async def failed(
    requests: Requests, side: Asked, pause_seconds: float = _PAUSE_SECONDS
) -> tuple[Mapping[tuple[str, str], tuple[Call, Outcome]], int]:
    """Make calls on one instance.

    Args:
        requests: Draws the calls.
        side: The instance.
        pause_seconds: Time after which a call that fails is made again.

    Returns:
        At which calls it fails each time, by rpc and status: the first of each; and how many it answered.
    """
    found: dict[tuple[str, str], tuple[Call, Outcome]] = {}
    answered = 0
    for number in range(1, CALLS + 1):
        if not requests.routes or answered == CALLS_ALONE:
            break
        call = requests.call(number)
        call = replace(call, http=call.grpc, beside=Beside.NOTHING)
        outcome = await side.send(call)
        if outcome.code == _UNSERVED:
            requests.leave_out(call.method)
            continue
        answered += 1
        if outcome.response is not None:
            requests.identifiers.harvest(outcome.response, outcome.response)
        if _fails(outcome):
            await asyncio.sleep(pause_seconds)
            if _fails(again := await side.send(call)):
                found.setdefault((call.method.full_name, again.code), (call, again))
    return found, answered


def _fails(outcome: Outcome) -> bool:
    return outcome.code in _FAULTS or bool(outcome.unreadable)


async def _confirmed(call: Call, sides: tuple[Asked, Asked], ignored: frozenset[str]) -> Iterator[Difference]:
    """Ask again, as what was on its way has come; what the old instance answers anew each time is left out."""
    first, now, again = await sides[0].send(call), await sides[1].send(call), await sides[0].send(call)
    volatile = ignored | {each.path for pair in ((first, again), (again, first)) for each in judged(pair)}
    return (each for each in judged((first, now)) if each.path not in volatile)


def judged(pair: _Pair) -> Iterator[Difference]:
    """Yield what a caller of the old instance would miss, or find changed, at the new one."""
    before, now = pair
    if before.code in _BUSY or now.code in _BUSY:
        return
    if before.code != OK:
        if now.code in _FAULTS and before.code not in _FAULTS:
            yield Difference("status", before.code, _told(now))
        return
    if now.code != OK:
        yield Difference("status", OK, _told(now))
        return
    yield from differences(Answer(0, _document(before)), Answer(0, _document(now)))


def _document(outcome: Outcome) -> Any:
    return {"unreadable": outcome.unreadable} if outcome.response is None else _members(outcome.response)


def _members(message: Message) -> dict[str, Any]:
    # Not the JSON of protobuf, which has no form for times and durations out of range. The messages are those of the
    # old version: what it does not know is not there, and a default is a value unless the field has presence.
    return {
        field.name: _value(field, getattr(message, field.name))
        for field in message.DESCRIPTOR.fields
        if not field.has_presence or message.HasField(field.name)
    }


def _value(field: Any, value: Any) -> Any:
    kind = field.message_type
    if kind is not None and kind.GetOptions().map_entry:
        inner = kind.fields_by_name["value"]
        return {str(key): _single(inner, value[key]) for key in sorted(value)}
    return [_single(field, each) for each in value] if field.is_repeated else _single(field, value)


def _single(field: Any, value: Any) -> Any:
    if field.message_type is not None:
        return _members(value)
    if isinstance(value, float):
        return repr(value)  # not a number, and equal to itself
    return value.hex() if isinstance(value, bytes) else value


def _told(outcome: Outcome) -> str:
    return f"{outcome.code}: {outcome.text}" if outcome.text else outcome.code


def _break(step: Step, call: Call, found: Difference) -> Break:
    what = f"is answered in two ways while two versions of {step.service} live: {found.path}"
    return Break(BreakKind.ANSWER, step, _title(call), what, found.path, found.expected, found.actual)


def _failure(step: Step, call: Call, outcome: Outcome) -> Break:
    told = outcome.unreadable or _told(outcome)
    what = f"is answered with {told}, which the old versions alone do not"
    return Break(BreakKind.ERROR, step, _title(call), what, "status", None, outcome.code)


def _title(call: Call) -> str:
    request = text_format.MessageToString(call.grpc, as_one_line=True)
    return f"{call.method.full_name} {{{request[:_LONGEST]}}}"


def _routes_of(ready: Ready, cache: Path) -> tuple[Route, ...]:
    catalogue = catalogue_of(ready, cache)
    return callable_routes(catalogue, reading_only=True) if catalogue is not None else ()


@asynccontextmanager
async def _side(
    ready: Ready, service: str, running: Running, code: ProviderCode, limits: Limits
) -> AsyncIterator[GrpcSide]:
    instance = ready.instance(service).name
    port = ready.configuration.services[service].transports[Transport.GRPC]
    side = GrpcSide(running.address(instance, port), limits, request_filter(running.service(instance), code, limits))
    try:
        yield side
    finally:
        await side.close()
