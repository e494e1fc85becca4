"""Rules of a message and of its fields, tried together: what one of them gave up another may have taken over."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from google.protobuf.message import DecodeError

from servanda.interfaces.protobuf.constraints.messages import Candidate, names_in, of_fields
from servanda.interfaces.protobuf.constraints.shift import Shift, Type, Witness
from servanda.interfaces.protobuf.constraints.validator import StateRules, Tried, UndecidedError
from servanda.interfaces.protobuf.constraints.witness import MOST_SECONDS, MOST_TRIALS, aspect, seeds_of_sides, witness
from servanda.interfaces.protobuf.schema.element import fields
from servanda.protobuf_runtime import equal

_OF_MESSAGE: Final = 0
"""Stands for the number of a field where a rule is about the message as a whole."""

Hits = Mapping[tuple[int, str], Witness]


@dataclass(frozen=True, slots=True)
class Together:
    """A message in two states, with its rules and those rules of its fields that changed.

    Attributes:
        old: The message by the former rules.
        new: The message by the present rules.
        tightened: What only the former rules accept, by number of the field that the refusal is about and aspect.
        loosened: What only the present rules accept.
    """

    old: Tried
    new: Tried
    tightened: Hits
    loosened: Hits

    def confirmed(self, shift: Shift, number: int = _OF_MESSAGE) -> Shift:
        """Return of a shift what stays when the rules are tried together.

        Args:
            shift: What a field or the message accepts less or more by its own rules.
            number: Number of the field; left out for the message.
        """
        return replace(
            shift,
            tightened=dict(_confirmed(shift.tightened, self.tightened, number, self.old)),
            loosened=dict(_confirmed(shift.loosened, self.loosened, number, self.new)),
        )


def together(before: Type, after: Type, former: StateRules, present: StateRules) -> Together | None:
    """Return a message with all rules of it that changed; ``None`` if only its own or those of fields did."""
    known = fields(after)
    numbers = {
        number
        for number, field in fields(before).items()
        if number in known and former.rules_of(field) != present.rules_of(known[number])
    }
    if not numbers or equal(before.proto.options, after.proto.options):
        return None
    try:
        old, new = former.together(before, numbers), present.together(after, numbers)
        seeds = seeds_of_sides((former, old), (present, new))
        mentioned = names_in((*seeds.expressions, *seeds.texts)) | {known[number].name for number in numbers}
        tightened = _hits(of_fields(old.kind, seeds, mentioned), old, new)
        loosened = _hits(of_fields(new.kind, seeds, mentioned), new, old)
    except UndecidedError:
        return None
    return Together(old, new, tightened, loosened)


def _hits(candidates: Iterator[Candidate], accepting: Tried, refusing: Tried) -> Hits:
    found: dict[tuple[int, str], Witness] = {}
    started = time.thread_time()
    for candidate in islice(candidates, MOST_TRIALS):
        if time.thread_time() - started > MOST_SECONDS:
            raise UndecidedError(f"to try values took longer than {MOST_SECONDS:g} s")
        try:
            refusals = () if accepting.refusals(candidate.data) else refusing.refusals(candidate.data)
        except DecodeError:
            continue  # the type changed as well, which is for another rule to tell
        for refusal in refusals:
            key = refusal.field[0] if refusal.field else _OF_MESSAGE, aspect(refusal, candidate, accepting, refusing)
            if key not in found:
                found[key] = witness(candidate, refusal, refusing)
    return found


def _confirmed(
    alone: Mapping[str, Witness], hits: Hits, number: int, accepting: Tried
) -> Iterator[tuple[str, Witness]]:
    for name, found in alone.items():
        hit = hits.get((number, name))
        if hit is not None and number == _OF_MESSAGE:
            yield name, hit
        elif hit is not None or not accepting.refusals(found.data):
            yield name, found
