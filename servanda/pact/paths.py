"""Paths of matching rules: the part of JSONPath that the Pact specification uses."""

from __future__ import annotations

import enum
import re
from functools import lru_cache
from typing import Final, TypeAlias

from servanda.errors import ContractError


class Wildcard(enum.Enum):
    """A step that stands for many."""

    ANY = "*"
    """Any field or index: ``.*``."""
    INDEX = "[*]"
    """Any index: ``[*]``."""


Step: TypeAlias = str | int | Wildcard
Path: TypeAlias = tuple[Step, ...]
"""Steps from the root of a document; the root itself is the empty tuple."""

ROOT: Final[Path] = ()
_SHOWN: Final = 200

_STEP = re.compile(
    r"""\.(?P<any>\*)
      | \.(?P<name>[^.\[\]*'"]+)
      | \[(?P<all>\*)\]
      | \[(?P<index>\d{1,1000})\]
      | \['(?P<single>(?:[^'\\]|\\.)*)'\]
      | \["(?P<double>(?:[^"\\]|\\.)*)"\]""",
    re.VERBOSE,
)
_PLAIN = re.compile(r"[^.\[\]*'\"\s]+")
_ESCAPE = re.compile(r"\\(.)")


@lru_cache(maxsize=1024)
def parse(text: str) -> Path:
    """Return the steps of a path such as ``$.users[*]['e-mail']``.

    Raises:
        ContractError: It is not a path of this kind.
    """
    if not text.startswith("$"):
        raise ContractError(f"'{text:.{_SHOWN}}' is not a path: expected it to start with '$'")
    steps: list[Step] = []
    position = 1
    while position < len(text):
        found = _STEP.match(text, position)
        if found is None:
            rest = text[position:]
            raise ContractError(f"'{text:.{_SHOWN}}' is not a path: '{rest:.{_SHOWN}}' cannot be read")
        steps.append(_step(found))
        position = found.end()
    return tuple(steps)


def _step(found: re.Match[str]) -> Step:
    if found["any"]:
        return Wildcard.ANY
    if found["all"]:
        return Wildcard.INDEX
    if found["index"] is not None:
        return int(found["index"])
    if found["name"] is not None:
        return found["name"]
    quoted = found["single"] if found["single"] is not None else found["double"]
    return _ESCAPE.sub(r"\1", quoted)


def render(path: Path) -> str:
    """Return the path as JSONPath."""
    return "$" + "".join(_render(step) for step in path)


def _render(step: Step) -> str:
    match step:
        case Wildcard.ANY:
            return ".*"
        case Wildcard.INDEX:
            return "[*]"
        case int():
            return f"[{step}]"
        case str() if _PLAIN.fullmatch(step):
            return f".{step}"
        case str():
            escaped = step.replace("\\", "\\\\").replace("'", "\\'")
            return f"['{escaped}']"


def weight(expression: Path, path: Path) -> int:
    """Tell how specifically an expression describes a path or one of its ancestors, after the Pact specification.

    The weights of the steps are multiplied: 2 for an exact step, 1 for a wildcard, 0 for a step that differs.
    """
    if len(expression) > len(path):
        return 0
    product = 2
    for expected, actual in zip(expression, path, strict=False):
        product *= _step_weight(expected, actual)
    return product


def _step_weight(expected: Step, actual: Step) -> int:
    if expected == actual:
        return 1 if isinstance(expected, Wildcard) else 2
    if expected is Wildcard.ANY:
        return 1
    # Writers make an index of a key that is a number, and a key of an index.
    if expected is Wildcard.INDEX:
        return 1 if not isinstance(actual, str) or actual.isdecimal() else 0
    return 2 if not isinstance(expected, Wildcard) and str(expected) == actual else 2 * (str(actual) == expected)
