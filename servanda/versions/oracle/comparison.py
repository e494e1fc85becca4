"""Comparing two answers to one question."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final

from servanda.versions.oracle.answer import Answer

_LONGEST: Final = 200
_STATUS: Final = "status"
_ROOT: Final = "$"


@dataclass(frozen=True, slots=True)
class Difference:
    """A place at which two answers differ.

    Attributes:
        path: Where: ``status``, or a JSONPath without indexes such as ``$.users[*].name``.
        expected: What was answered before, as JSON; ``None`` for nothing.
        actual: What is answered now, as JSON; ``None`` for nothing.
    """

    path: str
    expected: str | None
    actual: str | None


def differences(before: Answer, now: Answer, ignored: Collection[str] = ()) -> tuple[Difference, ...]:
    """Return where an answer differs from the one before; members that are new do not count.

    A caller has to pass over members that it does not know: this is how an answer may grow.

    Args:
        before: The answer that a caller got.
        now: The answer to the same question.
        ignored: Paths that are not compared.
    """
    if before.status != now.status:
        return (Difference(_STATUS, str(before.status), str(now.status)),)
    return tuple(_between(_ROOT, before.body, now.body, frozenset(ignored)))


def _between(path: str, before: Any, now: Any, ignored: frozenset[str]) -> Iterator[Difference]:
    if path in ignored:
        return
    if isinstance(before, dict) and isinstance(now, dict):
        for name, value in before.items():
            inner = f"{path}.{name}"
            if name in now:
                yield from _between(inner, value, now[name], ignored)
            elif inner not in ignored:
                yield Difference(inner, _shown(value), None)
    elif isinstance(before, list) and isinstance(now, list):
        inner = f"{path}[*]"
        if len(before) != len(now) and inner not in ignored:
            yield Difference(inner, f"{len(before)} elements", f"{len(now)} elements")
            return
        for one, other in zip(before, now, strict=False):
            yield from _between(inner, one, other, ignored)
    # In JSON, true is not 1.
    elif isinstance(before, bool) is not isinstance(now, bool) or before != now:
        yield Difference(path, _shown(before), _shown(now))


def members(body: Any, path: str = _ROOT) -> Iterator[str]:
    """Yield the path of every member of a body, without indexes."""
    if isinstance(body, dict):
        for name, value in body.items():
            inner = f"{path}.{name}"
            yield inner
            yield from members(value, inner)
    elif isinstance(body, list):
        for value in body:
            yield from members(value, f"{path}[*]")


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
