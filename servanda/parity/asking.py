"""One call, made on both sides, and how the answers differ."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from servanda.parity.beside import UNKNOWN_NAME, Beside, in_body_field, unknown_number
from servanda.parity.call import Call, Side
from servanda.parity.comparison import Aspect, Difference, differences
from servanda.parity.identifiers import Identifiers, texts_of
from servanda.parity.outcome import Outcome

_LATE: Final = "DEADLINE_EXCEEDED"
_REFUSED: Final = "INVALID_ARGUMENT"
_UNSERVED: Final = "UNIMPLEMENTED"
REFUSAL: Final = "refusal"
"""Path of the difference that one side refuses an unknown field by name and the other one skips it."""


async def compared(
    call: Call, sides: tuple[Side, Side], identifiers: Identifiers
) -> tuple[Outcome, Outcome, tuple[Difference, ...]]:
    """Make a call on both sides, and return both outcomes and how they differ.

    Raises:
        InexpressibleError: HTTP has no form for it.
        VerificationError: A side does not answer at all.
    """
    grpc, http = await _asked(call, sides)
    found: list[Difference] = []
    if call.beside is Beside.UNKNOWN_FIELD:
        refusals = _refuses(call, grpc), _refuses(call, http)
        if all(refusals):
            return grpc, http, ()
        if any(refusals):
            found.append(_treated_otherwise(grpc, http, refusals))
            grpc, http = await _again_without(call, sides, (grpc, http), refusals)
    elif call.beside is Beside.SHORT_DEADLINE and (grpc.code == _LATE) != (http.code == _LATE):
        # One of them was in time by chance.
        return grpc, http, ()
    elif call.beside is Beside.EXPIRED_DEADLINE and grpc.code not in (_LATE, _UNSERVED):
        # Whatever the service says too late, every client of gRPC tells this, in words of its own.
        grpc = Outcome(_LATE)
        http = replace(http, text="", details=()) if http.code == _LATE else http
    sent = texts_of(call.grpc) | texts_of(call.http)
    found += differences(_as_http_shows(call, grpc), http, identifiers, sent)
    return grpc, http, _attributed(call.beside, found)


async def _asked(call: Call, sides: tuple[Side, Side]) -> tuple[Outcome, Outcome]:
    over_grpc, over_http = sides
    # HTTP first: what it cannot write changes nothing on the other side.
    http = asyncio.ensure_future(over_http.send(call))
    await asyncio.sleep(0)
    if http.done():
        http.result()
    grpc, answered = await asyncio.gather(over_grpc.send(call), http)
    return grpc, answered


async def _again_without(
    call: Call, sides: tuple[Side, Side], outcomes: tuple[Outcome, Outcome], refusals: tuple[bool, bool]
) -> tuple[Outcome, Outcome]:
    """Ask a side that refused the unknown field again without it, so that both have done the same."""
    plain = replace(call, beside=Beside.NOTHING)
    grpc, http = [
        await side.send(plain) if refused else outcome
        for side, outcome, refused in zip(sides, outcomes, refusals, strict=True)
    ]
    return grpc, http


def _refuses(call: Call, outcome: Outcome) -> bool:
    target: Any = getattr(call.grpc, call.route.body) if in_body_field(call.route, call.grpc) else call.grpc
    told = f"{outcome.text} {list(outcome.details)!r}"
    names = (UNKNOWN_NAME, str(unknown_number(target.DESCRIPTOR)))
    return outcome.code == _REFUSED and any(name in told for name in names)


def _treated_otherwise(grpc: Outcome, http: Outcome, refusals: tuple[bool, bool]) -> Difference:
    one, two = (
        f"refused: {outcome.code}: {outcome.text}" if refused else f"skipped: {outcome.code}"
        for outcome, refused in zip((grpc, http), refusals, strict=True)
    )
    return Difference(Aspect.UNKNOWN_FIELDS, REFUSAL, one, two)


def _attributed(beside: Beside, found: Sequence[Difference]) -> tuple[Difference, ...]:
    """Return differences as those of the aspect that the call was about."""
    if beside is Beside.NOTHING:
        return tuple(found)
    aspect = Aspect.UNKNOWN_FIELDS if beside is Beside.UNKNOWN_FIELD else Aspect.DEADLINES
    return tuple(
        each if each.aspect is aspect else replace(each, aspect=aspect, path=_place(each), plain=each) for each in found
    )


def _place(difference: Difference) -> str:
    return f"{difference.aspect} of {difference.path}" if difference.path else str(difference.aspect)


def _as_http_shows(call: Call, outcome: Outcome) -> Outcome:
    """Return the outcome without what ``response_body`` leaves out."""
    name = call.route.response_body
    if not name or outcome.response is None:
        return outcome
    shown = type(outcome.response)()
    shown.CopyFrom(outcome.response)
    for each, _ in outcome.response.ListFields():
        if each.name != name:
            shown.ClearField(each.name)
    return replace(outcome, response=shown)
