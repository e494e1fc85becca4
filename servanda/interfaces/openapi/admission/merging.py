"""Cases that have to hold together, and cases in their simplest form."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from servanda.interfaces.limit import Limit, Order
from servanda.interfaces.openapi.admission.case import Case, Term, joined, keys, nothing
from servanda.interfaces.openapi.document import Node
from servanda.interfaces.openapi.formats import formatted
from servanda.interfaces.openapi.limits import holds, is_empty, stepped, together
from servanda.interfaces.openapi.values import as_json, type_of

_SCALARS = frozenset({"null", "boolean", "number", "string"})


def both(one: Case, other: Case) -> Case:
    """Return what two cases of one type admit together."""
    values = [each.values for each in (one, other) if each.values is not None]
    hidden = one.hidden | other.hidden
    names = [name for name in {**one.properties, **other.properties} if name not in hidden]
    return Case(
        kind=one.kind,
        node=other.node if other.alternative is not None else one.node,
        alternative=other.alternative or one.alternative,
        choice=other.choice or one.choice,
        values=frozenset.intersection(*values) if values else None,
        excluded=one.excluded | other.excluded,
        is_whole=one.is_whole or other.is_whole,
        formats=one.formats | other.formats,
        limits=together(one.limits, other.limits),
        properties={name: _all(one, other, name) for name in names},
        hidden=hidden,
        required=(one.required | other.required) - hidden,
        additional=_both_additional(one.additional, other.additional),
        items=joined(one.items, other.items),
        opaque={
            name: one.opaque.get(name, frozenset()) | other.opaque.get(name, frozenset())
            for name in {**one.opaque, **other.opaque}
        },
        tags=(*one.tags, *other.tags),
        rivals=(*one.rivals, *other.rivals),
        is_denied=one.is_denied or other.is_denied,
    )


def _all(one: Case, other: Case, name: str) -> Term:
    first, second = one.of(name), other.of(name)
    if first is None or second is None:
        return nothing((first or second or (one.node,))[0])
    return joined(first, second) if name in one.properties else joined(second, first)


def _both_additional(one: Term | None, other: Term | None) -> Term | None:
    return None if one is None or other is None else joined(one, other)


def simplest(case: Case) -> Case | None:
    """Return a case in its simplest form; ``None`` if it cannot admit any value."""
    if case.kind == "null" and case.excluded:
        return None
    if case.kind == "number" and case.limits:
        case = replace(case, limits=stepped(case.limits, is_whole=case.is_whole))
    if case.excluded and case.values is None:
        case = _tightened(case)
    if is_empty(case.limits):
        return None
    if case.values is not None:
        return _listed(case)
    # Where one schema alone requires a property that it forbids, that is a slip; of alternatives it rules one out.
    if case.alternative is not None and any(case.of(name) is None for name in case.required):
        return None
    return case


def _tightened(case: Case) -> Case:
    """Return a case whose bounds are values that are admitted, as far as steps lead to them."""
    limits, excluded = dict(case.limits), set(case.excluded)
    if case.kind == "string" and '""' in excluded:
        limits.setdefault("minLength", Limit("LENGTH", "minLength", Order.LOWER, 1, "1", ()))
    for name, inward in (("minimum", 1), ("maximum", -1)) if case.is_whole and "multipleOf" not in limits else ():
        while (limit := limits.get(name)) is not None and (text := as_json(int(limit.value[0]))) in excluded:
            excluded.remove(text)
            limits[name] = replace(limit, value=(limit.value[0] + inward, limit.value[1]))
    kept = (text for text in excluded if all(holds(each, json.loads(text)) is not False for each in limits.values()))
    return replace(case, limits=limits, excluded=frozenset(kept))


def _listed(case: Case) -> Case | None:
    """Return a case with listed values as those of them that keep the limits."""
    values = frozenset(
        text
        for text in (case.values or frozenset()) - case.excluded
        if not (case.is_whole and isinstance(number := json.loads(text), float) and not number.is_integer())
        and all(holds(limit, json.loads(text)) is not False for limit in case.limits.values())
    )
    if not values:
        return None
    if case.kind not in _SCALARS:
        return replace(case, values=values, excluded=frozenset())
    return replace(case, values=values, excluded=frozenset(), limits={}, formats=frozenset(), is_whole=False)


def admits_listed(case: Case, text: str) -> bool | None:
    """Tell whether a case admits a value that is given as JSON, ``None`` if nobody can tell."""
    value = json.loads(text)
    if text in case.excluded or (case.values is not None and text not in case.values):
        return False
    if case.is_whole and type_of(value) != "integer":
        return False
    told = {formatted(form, value) for form in case.formats} | {holds(each, value) for each in case.limits.values()}
    if False in told:
        return False
    is_odd = case.opaque or case.rivals or case.kind not in _SCALARS
    return None if is_odd or None in told else True


def distinct_cases(cases: Iterable[Case], holder: Node) -> Iterator[Case]:
    """Yield cases without repetition; those that differ in their listed values alone become one.

    Args:
        cases: The cases.
        holder: The schema that they are the cases of.
    """
    told: dict[tuple[object, ...], Case] = {}
    merged: dict[tuple[object, ...], list[Case]] = {}
    for case in cases:
        said = (case.kind, case.values is not None, *_said(case))
        before = told.get(said)
        if before is None:
            told[said] = case
        elif before.values is not None and case.values is not None:
            merged.setdefault(said, [before]).append(case)
            values = before.values | case.values
            told[said] = replace(before, node=holder, alternative=None, choice="", values=values, rivals=())
    for said, case in told.items():
        values = (case.values or frozenset()) - _of_several(merged.get(said, ()))
        if said not in merged:
            yield case
        elif values:
            yield replace(case, values=values)


def _of_several(cases: Sequence[Case]) -> frozenset[str]:
    """Return the values that several alternatives of a ``oneOf`` list, which refuses them."""
    listed: dict[tuple[Term, ...], dict[str, set[int]]] = {}
    for case in cases:
        for rivals in case.rivals:
            for value in case.values or ():
                listed.setdefault(rivals.terms, {}).setdefault(value, set()).add(rivals.own)
    return frozenset(value for each in listed.values() for value, owners in each.items() if len(owners) > 1)


def _said(case: Case) -> tuple[object, ...]:
    """Return all that a case says, its listed values and its place apart."""
    return (
        *(() if case.values is not None and case.kind in _SCALARS else (case.formats, case.is_whole)),
        frozenset((limit.name, repr(limit.value)) for limit in case.limits.values()),
        frozenset((name, keys(found)) for name, found in case.properties.items()),
        case.hidden,
        case.required,
        None if case.additional is None else keys(case.additional),
        keys(case.items),
        frozenset(case.opaque.items()),
        case.excluded,
        case.tags,
    )
