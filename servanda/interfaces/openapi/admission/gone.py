"""Values of simple types that could come and cannot any more: harmless to most, but some may wait for just these."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from servanda.interfaces.openapi.admission.case import Case
from servanda.interfaces.openapi.admission.gaps import counted
from servanda.interfaces.openapi.admission.merging import admits_listed

_SIMPLE: Final = ("boolean", "number", "string")


def gone_values(before: Sequence[Case], after: Sequence[Case]) -> frozenset[str] | None:
    """Return the listed values that are admitted no more, as JSON; ``None`` if any came and only listed ones do now.

    Types that are admitted no more at all are left out.
    """
    found = frozenset[str]()
    for kind in _SIMPLE:
        were, are = ([case for case in cases if case.kind == kind] for cases in (before, after))
        if not were or not are:
            continue
        listed = [counted(case) for case in were]
        if None in listed:
            if None not in [counted(case) for case in are]:
                return None
            continue
        values = frozenset[str]().union(*(each for each in listed if each is not None))
        found |= {text for text in values if all(admits_listed(case, text) is False for case in are)}
    return found


def fractions_gone(before: Sequence[Case], after: Sequence[Case]) -> bool:
    """Tell whether numbers of any kind came, and only whole ones do now."""
    were, are = ([case for case in cases if case.kind == "number"] for cases in (before, after))
    came = any(not case.is_whole and case.values is None for case in were)
    return came and bool(are) and all(case.is_whole for case in are)


def gone_examples(
    before: Sequence[Case], types: Collection[str], values: frozenset[str] | None
) -> Iterator[tuple[Case, frozenset[str]]]:
    """Yield the cases that had values that cannot come any more, with these values if they are listed."""
    for case in before:
        if case.kind in types or (values is None and case.kind in _SIMPLE):
            yield case, frozenset()
        elif values and case.kind in _SIMPLE:
            own = frozenset(text for text in values if admits_listed(case, text) is not False)
            if own:
                yield case, own
