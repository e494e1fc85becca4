"""Values that one state accepts and the other refuses: the proof that a change of rules hits somebody."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final

from google.protobuf.message import DecodeError, Message

from servanda.interfaces.protobuf.constraints.aspects import WHOLE_MESSAGE, Aspect, aspect_of
from servanda.interfaces.protobuf.constraints.demands import demand, expression
from servanda.interfaces.protobuf.constraints.leaves import Leaf, leaves
from servanda.interfaces.protobuf.constraints.messages import Candidate, names_in, of_fields, with_field
from servanda.interfaces.protobuf.constraints.seeds import Seeds, seeds_of
from servanda.interfaces.protobuf.constraints.shift import NO_SHIFT, Field, Shift, Type, Witness
from servanda.interfaces.protobuf.constraints.validator import Refusal, StateRules, Tried, UndecidedError

MOST_TRIALS: Final = 20_000
MOST_SECONDS: Final = 5.0


def shift_of_field(before: Field, after: Field, former: StateRules, present: StateRules) -> Shift:
    """Return what a field accepts less, and what it accepts more."""
    sides = ((former, before), (present, after))
    sets = [[state.read(rules) for rules in state.rules_of(field)] for state, field in sides]
    if not any(sets) or (leaves(sets[0]) == leaves(sets[1]) and not _means_more(sets[0])):
        return NO_SHIFT
    nested = _settings(sets[0]) != _settings(sets[1])
    whole = any(leaf.is_opaque for leaf in leaves((*sets[0], *sets[1])))
    try:
        old, new = (state.field(field, whole=whole, nested=nested) for state, field in sides)
        seeds = seeds_of_sides((former, old), (present, new))
        tightened, one = _found(_with_field(before, old, seeds), old, new)
        # A new value of an enum is for rules about enums: that it may be sent is no change of what was promised.
        same = leaves(sets[0]) == leaves(sets[1]) and not any(leaf.is_predefined for leaf in leaves(sets[0]))
        loosened, other = ({}, "") if same else _found(_with_field(after, new, seeds), new, old)
    except UndecidedError as error:
        return Shift({}, {}, undecided=str(error))
    return Shift(tightened, loosened, tuple(_unproven(old, new, tightened, loosened)), one or other)


def shift_of_message(before: Type, after: Type, former: StateRules, present: StateRules) -> Shift:
    """Return what a message as a whole accepts less, and what it accepts more."""
    try:
        old, new = former.message(before), present.message(after)
        if leaves(old.rules) == leaves(new.rules):
            return NO_SHIFT
        seeds = seeds_of_sides((former, old), (present, new))
        mentioned = names_in((*seeds.expressions, *seeds.texts))
        tightened, one = _found(of_fields(old.kind, seeds, mentioned), old, new, whole=True)
        loosened, other = _found(of_fields(new.kind, seeds, mentioned), new, old, whole=True)
    except UndecidedError as error:
        return Shift({}, {}, undecided=str(error))
    return Shift(tightened, loosened, tuple(_unproven(old, new, tightened, loosened)), one or other)


def refusal_of_absence(field: Field, state: StateRules) -> str:
    """Return what refuses a message in which a field is not set; empty if nothing does, or if nobody can tell."""
    if not state.rules_of(field):
        return ""
    try:
        return next((refusal.said for refusal in state.field(field).refusals(b"")), "")
    except UndecidedError:
        return ""


def _with_field(field: Field, tried: Tried, seeds: Seeds) -> Iterator[Candidate]:
    def is_good(data: bytes, keys_only: bool) -> bool:
        return not any(refusal.for_key if keys_only else refusal.inside for refusal in tried.refusals(data))

    described = tried.kind.DESCRIPTOR.fields_by_number[field.proto.number]
    return with_field(tried.kind, described, seeds, is_good)


def _found(
    candidates: Iterable[Candidate], accepting: Tried, refusing: Tried, *, whole: bool = False
) -> tuple[dict[str, Witness], str]:
    """Return a value for each aspect about which one state accepts it and the other does not, and why any is left out.

    What was found counts, even if the rest could not be tried.
    """
    found: dict[str, Witness] = {}
    wanted = _wanted(leaves(accepting.rules), leaves(refusing.rules))
    if wanted and whole:
        wanted = frozenset({WHOLE_MESSAGE})
    if wanted is not None and not wanted:
        return found, ""
    started = time.thread_time()
    for candidate in islice(candidates, MOST_TRIALS):
        if time.thread_time() - started > MOST_SECONDS:
            return found, f"to try values took longer than {MOST_SECONDS:g} s"
        try:
            refusals = () if accepting.refusals(candidate.data) else refusing.refusals(candidate.data)
        except DecodeError:
            continue  # the type changed as well, which is for another rule to tell
        except UndecidedError as error:
            return found, str(error)
        for refusal in refusals:
            about = aspect(refusal, candidate, accepting, refusing)
            if about not in found:
                found[about] = witness(candidate, refusal, refusing)
        if wanted is not None and wanted <= found.keys():
            break
    return found, ""


def witness(candidate: Candidate, refusal: Refusal, refusing: Tried) -> Witness:
    """Return what a candidate shows that some rule refuses."""
    # What refuses something further inside belongs to another definition.
    place = refusal.place if len(refusal.field) < 2 else ()
    named = demand(refusing.rules, refusal.names, place) or expression(refusing.rules, refusal.identifier)
    return Witness(candidate.data, candidate.shown, named, refusal.said, place)


def _wanted(accepting: frozenset[Leaf], refusing: frozenset[Leaf]) -> frozenset[str] | None:
    """Return the aspects under which something can be found; ``None`` if that cannot be told beforehand."""
    added, gone = refusing - accepting, accepting - refusing
    if any(leaf.is_predefined for leaf in refusing) or any(leaf.is_setting for leaf in (*added, *gone)):
        return None
    if any(leaf.is_bound for leaf in gone) or not (added or gone):
        return None
    return frozenset(leaf.aspect for leaf in added)


def aspect(refusal: Refusal, candidate: Candidate, accepting: Tried, refusing: Tried) -> str:
    """Return what a refusal is about: presence, if what refuses the absence of a field is another setting of it."""
    if not refusal.field:
        return WHOLE_MESSAGE
    same = _said_by(accepting, refusal.names) == _said_by(refusing, refusal.names)
    if candidate.is_absence and same and _settings(accepting.rules) != _settings(refusing.rules):
        return Aspect.PRESENCE
    return aspect_of(refusal.names)


def _said_by(tried: Tried, names: tuple[str, ...]) -> frozenset[object]:
    return frozenset(leaf.says for leaf in leaves(tried.rules) if leaf.names[: len(names)] == names)


def seeds_of_sides(*sides: tuple[StateRules, Tried]) -> Seeds:
    """Return what the rules of a definition mention in both states, predefined ones included."""
    rules = [each for _, tried in sides for each in tried.rules]
    predefined = [text for state, tried in sides for each in tried.rules for text in state.predefined(each)]
    return seeds_of(rules, predefined)


def _unproven(
    old: Tried, new: Tried, tightened: Mapping[str, Witness], loosened: Mapping[str, Witness]
) -> Iterator[str]:
    # A rule that is shown to accept more, and by nothing to accept less, was loosened.
    shown = {*tightened, *loosened}
    for leaf in sorted(leaves(new.rules) - leaves(old.rules), key=lambda leaf: (leaf.names, repr(leaf.says))):
        if leaf.is_opaque and leaf.aspect not in shown and WHOLE_MESSAGE not in shown:
            yield f"{'.'.join(leaf.names)} {leaf.says!r}"


def _settings(sets: Iterable[Message]) -> frozenset[Leaf]:
    return frozenset(leaf for leaf in leaves(sets) if leaf.names[-1] == "ignore")


def _means_more(sets: Iterable[Message]) -> bool:
    """Tell whether a rule means what something else says: the values of an enum, or a predefined expression."""
    return any(leaf.names[-1] == "defined_only" or leaf.is_predefined for leaf in leaves(sets))
