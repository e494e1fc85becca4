"""A run: calls on both sides, the differences that they show, and the smallest call that shows each."""

from __future__ import annotations

import fnmatch
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message

from servanda.configuration import AcceptedDifference
from servanda.parity.asking import compared
from servanda.parity.beside import Beside
from servanda.parity.call import Call, Side
from servanda.parity.comparison import Aspect, Difference
from servanda.parity.http_form import InexpressibleError
from servanda.parity.identifiers import Identifiers, SameStore
from servanda.parity.outcome import OK, Outcome
from servanda.parity.requests import Requests, has_no_effect
from servanda.parity.spelling import Spelling

_INDEX: Final = re.compile(r"\[\d+\]")
_MOST_SHRINKING: Final = 150
# How often a call without side effects goes to one instance over both transports.
_TOGETHER: Final = 0.5

# What the two say about an rpc that is not there.
_NOT_SERVED: Final = frozenset({("UNIMPLEMENTED", "NOT_FOUND"), ("UNIMPLEMENTED", "UNIMPLEMENTED")})

_Key: TypeAlias = tuple[str, Aspect, str]
_KindKey: TypeAlias = tuple[_Key, str]
"""A kind of difference, and why it is accepted: one that is not must not hide behind one that is."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference, with the smallest call that shows it.

    Attributes:
        call: The call.
        difference: The difference.
        grpc: Outcome over gRPC.
        http: Outcome over HTTP.
        repeats: Whether the call alone shows it again; if not, it hangs on calls before it.
        accepted: Why it is meant to be; empty if it is not.
    """

    call: Call
    difference: Difference
    grpc: Outcome
    http: Outcome
    repeats: bool
    accepted: str = ""


@dataclass(slots=True)
class Tally:
    """Calls of one rpc.

    Attributes:
        calls: Calls that were answered on both sides.
        accepted: Those that both sides accepted.
        inexpressible: Requests that HTTP has no form for.
        unserved: Whether the service does not have the rpc.
        differing: Calls that differ, by aspect.
        codes: Calls by the status over gRPC.
        beside: Calls by what they carried beside their messages.
        why_inexpressible: An example of why HTTP has no form.
    """

    calls: int = 0
    accepted: int = 0
    inexpressible: int = 0
    unserved: bool = False
    differing: Counter[Aspect] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    beside: Counter[Beside] = field(default_factory=Counter)
    why_inexpressible: str = ""


@dataclass(frozen=True, slots=True)
class Parity:
    """Result of a run.

    Attributes:
        tallies: By full name of the rpc.
        findings: Differences, each kind once.
    """

    tallies: dict[str, Tally]
    findings: tuple[Finding, ...]

    @property
    def unexpected(self) -> tuple[Finding, ...]:
        """Return the differences that nobody accepted."""
        return tuple(finding for finding in self.findings if not finding.accepted)


@dataclass(frozen=True, slots=True)
class Instance:
    """A running instance of the service, with both of its transports.

    Attributes:
        grpc: Over gRPC.
        http: Over HTTP.
    """

    grpc: Side
    http: Side


async def compare_sides(
    requests: Requests,
    instances: Sequence[Instance],
    count: int,
    *,
    accepted: Sequence[AcceptedDifference] = (),
    progress: Callable[[int], None] = lambda _: None,
) -> Parity:
    """Make calls on both sides and compare their outcomes.

    Args:
        requests: Draws the calls.
        instances: Two instances on stores of their own, of which one is asked over gRPC and the other over HTTP, so
            that each sees every call once; or one, for rpcs without side effects.
        count: How many calls.
        accepted: Differences that are meant to be.
        progress: Told the number of each call.

    Raises:
        VerificationError: A side does not answer at all.
    """
    run = _Run(requests, instances, accepted)
    for number in range(1, count + 1):
        if not requests.routes:
            break
        await run.make(requests.call(number))
        progress(number)
    return Parity(run.tallies, tuple(run.findings.values()))


class _Run:
    def __init__(
        self,
        requests: Requests,
        instances: Sequence[Instance],
        accepted: Sequence[AcceptedDifference],
    ) -> None:
        self._requests = requests
        self._identifiers = requests.identifiers
        self._one_store = SameStore()
        self._instances = instances
        self._source = requests.source
        self._accepted = accepted
        self.tallies: dict[str, Tally] = {}
        self.findings: dict[_KindKey, Finding] = {}

    async def make(self, call: Call) -> None:
        tally = self.tallies.setdefault(call.method.full_name, Tally())
        call, sides, identifiers = self._placed(call)
        try:
            grpc, http, found = await compared(call, sides, identifiers)
        except InexpressibleError as error:
            tally.inexpressible += 1
            tally.why_inexpressible = str(error)
            return
        if (grpc.code, http.code) in _NOT_SERVED:
            self._leave_out(call.method)
            return
        tally.calls += 1
        tally.accepted += grpc.code == OK == http.code
        tally.codes[grpc.code] += 1
        tally.beside[call.beside] += 1
        tally.differing.update({each.aspect for each in found})
        if not found and identifiers is self._identifiers and grpc.response is not None and http.response is not None:
            self._identifiers.harvest(call.grpc, call.http)
            self._identifiers.harvest(grpc.response, http.response)
        for each in found:
            await self._find(call, sides, identifiers, Finding(call, each, grpc, http, repeats=False))

    def _leave_out(self, method: MethodDescriptor) -> None:
        """Call a method no more; nor any other one of its service, as long as none of them was ever served."""
        service: Any = method.containing_service
        others = [each for each in service.methods if self.tallies.get(each.full_name, Tally()).calls]
        for each in [method] if others else service.methods:
            self.tallies.setdefault(each.full_name, Tally()).unserved = True
            self._requests.leave_out(each)

    def _placed(self, call: Call) -> tuple[Call, tuple[Side, Side], Identifiers]:
        """Return the call as the sides are asked it, the sides, and what they made for themselves."""
        first, last = self._instances[0], self._instances[-1]
        together = first is last or (has_no_effect(call.method) and self._source.random() < _TOGETHER)
        if not together:
            return call, (first.grpc, last.http), self._identifiers
        # One instance over both transports: a token that one of them told is used over the other.
        if self._source.random() < 0.5:
            return replace(call, http=call.grpc), (first.grpc, first.http), self._one_store
        return replace(call, grpc=call.http), (last.grpc, last.http), self._one_store

    async def _find(self, call: Call, sides: tuple[Side, Side], identifiers: Identifiers, finding: Finding) -> None:
        rpc, difference = call.method.full_name, finding.difference
        reason = _reason(self._accepted, rpc, difference)
        key = _key(rpc, difference), reason
        if key in self.findings or (difference.plain and (_key(rpc, difference.plain), reason) in self.findings):
            return
        self.findings[key] = replace(finding, accepted=reason)
        if reason:
            return
        again = _Again(sides, identifiers, key[0], self._accepted)
        shown = await again.shown(call)
        if shown is not None:
            self.findings[key] = await again.shrunk(shown)


@dataclass(frozen=True, slots=True)
class _Again:
    """A difference that is looked for again, in calls that say less."""

    sides: tuple[Side, Side]
    identifiers: Identifiers
    key: _Key
    accepted: Sequence[AcceptedDifference]

    async def shrunk(self, shown: Finding) -> Finding:
        left = _MOST_SHRINKING
        smaller = True
        while smaller:
            smaller = False
            for candidate in _smaller(shown.call):
                left -= 1
                if left < 0:
                    return shown
                again = await self.shown(candidate)
                if again is not None:
                    shown, smaller = again, True
                    break
        return shown

    async def shown(self, call: Call) -> Finding | None:
        """Return the difference as this call shows it; ``None`` if it does not."""
        try:
            grpc, http, found = await compared(call, self.sides, self.identifiers.copy())
        except InexpressibleError:
            return None
        rpc = call.method.full_name
        for each in found:
            if self.key == _key(rpc, each) and not _reason(self.accepted, rpc, each):
                return Finding(call, each, grpc, http, repeats=True)
        return None


def _key(rpc: str, difference: Difference) -> _Key:
    return rpc, difference.aspect, _INDEX.sub("[]", difference.path)


def _reason(accepted: Sequence[AcceptedDifference], rpc: str, difference: Difference) -> str:
    return next((each.reason for each in accepted if _covers(each, rpc, difference)), "")


def _covers(accepted: AcceptedDifference, rpc: str, difference: Difference) -> bool:
    # What is meant to be of a call is meant to be of one that carries something beside its message, too.
    if difference.plain is not None and _covers(accepted, rpc, difference.plain):
        return True
    return (
        accepted.aspect == difference.aspect
        and fnmatch.fnmatchcase(rpc, accepted.rpc)
        and fnmatch.fnmatchcase(difference.path, accepted.path)
        and all(fnmatch.fnmatchcase(told, accepted.value) for told in (difference.grpc, difference.http))
    )


def _smaller(call: Call) -> Iterator[Call]:
    """Yield calls that say less: in the canonical spelling, or without one of the fields."""
    if call.spelling is not Spelling.CANONICAL:
        yield replace(call, spelling=Spelling.CANONICAL)
    for one, two in zip(_without(call.grpc), _without(call.http), strict=False):
        yield replace(call, grpc=one, http=two)


def _without(message: Message) -> Iterator[Message]:
    for field_, value in message.ListFields():
        lesser = type(message)()
        lesser.CopyFrom(message)
        lesser.ClearField(field_.name)
        yield lesser
        if (
            field_.is_repeated
            and len(value) > 1
            and not (field_.message_type is not None and field_.message_type.GetOptions().map_entry)
        ):
            halved = type(message)()
            halved.CopyFrom(message)
            del getattr(halved, field_.name)[len(value) // 2 :]
            yield halved
        if not field_.is_repeated and field_.message_type is not None:
            for inner in _without(value):
                nested = type(message)()
                nested.CopyFrom(message)
                getattr(nested, field_.name).CopyFrom(inner)
                yield nested
