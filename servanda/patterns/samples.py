"""Texts that a regular expression matches, made from its syntax."""

from __future__ import annotations

import importlib
import itertools
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Protocol

from servanda.errors import LimitError, PatternError
from servanda.patterns.expression import compiled

_RANDOM_SAMPLES: Final = 60
_LONGEST: Final = 5_000
_MORE_THAN_LEAST: Final = 3
_SETS: Final = MappingProxyType(
    {
        "CATEGORY_DIGIT": "05",
        "CATEGORY_NOT_DIGIT": "a-",
        "CATEGORY_SPACE": " \t",
        "CATEGORY_NOT_SPACE": "a0-",
        "CATEGORY_WORD": "aZ0_",
        "CATEGORY_NOT_WORD": "- .",
    }
)
_ANY: Final = "aZ0-_. /é"
_PRINTABLE: Final = "".join(map(chr, range(32, 127)))


class _TooLongError(Exception):
    """A sample that would become longer than anybody needs."""


class _Choice(Protocol):
    """The way in which one sample takes what an expression leaves open."""

    def count(self, least: int, most: int) -> int: ...
    def one(self, options: Sequence[Any]) -> Any: ...


@dataclass(frozen=True, slots=True)
class _Edge:
    """The shortest sample, or the longest."""

    longest: bool
    index: int

    def count(self, least: int, most: int) -> int:
        return most if self.longest else least

    def one(self, options: Sequence[Any]) -> Any:
        return options[self.index % len(options)]


@dataclass(frozen=True, slots=True)
class _Chance:
    """Samples that are the same in every run."""

    random: random.Random

    def count(self, least: int, most: int) -> int:
        return self.random.randint(least, min(most, least + _MORE_THAN_LEAST))

    def one(self, options: Sequence[Any]) -> Any:
        return self.random.choice(options)


def samples(pattern: str) -> Iterator[str]:
    """Yield texts that are meant to match an expression, the same ones in every run; none of one that is not valid.

    Anchors and assertions are passed over, so that not every text need match: try it before you rely on it.
    """
    try:
        compiled(pattern)
        tree = list(
            importlib.import_module("re._parser").parse(pattern)
        )  # the library shows its syntax tree nowhere else
    except (PatternError, LimitError, ValueError, OverflowError, RecursionError, re.error):
        return
    seen: set[str] = set()
    edges: Iterator[_Choice] = (_Edge(longest, index) for index in range(4) for longest in (False, True))
    chances: Iterator[_Choice] = (_Chance(random.Random(seed)) for seed in range(_RANDOM_SAMPLES))  # noqa: S311  # no secret
    for choice in itertools.chain(edges, chances):
        try:
            text = "".join(_written(tree, choice, {}, [_LONGEST]))
        except (_TooLongError, RecursionError):
            continue
        if text not in seen:
            seen.add(text)
            yield text


def _written(tree: Any, choice: _Choice, groups: dict[int, str], left: list[int]) -> Iterator[str]:
    for operation, argument in tree:
        left[0] -= 1
        if left[0] < 0:
            raise _TooLongError
        write = _WRITERS.get(str(operation))
        if write is not None:
            yield write(argument, choice, groups, left)


def _text(tree: Any, choice: _Choice, groups: dict[int, str], left: list[int]) -> str:
    return "".join(_written(tree, choice, groups, left))


def _repeated(argument: Any, choice: _Choice, groups: dict[int, str], left: list[int]) -> str:
    least, most, tree = argument
    endless = str(most) == "MAXREPEAT"
    count = choice.count(least, least + _MORE_THAN_LEAST if endless else most)
    return "".join(_text(tree, choice, groups, left) for _ in range(count))


def _group(argument: Any, choice: _Choice, groups: dict[int, str], left: list[int]) -> str:
    number, *_, tree = argument
    text = _text(tree, choice, groups, left)
    if number is not None:
        groups[number] = text
    return text


def _of_set(argument: Any, choice: _Choice, _groups: dict[int, str], _left: list[int]) -> str:
    negated = any(str(operation) == "NEGATE" for operation, _ in argument)
    members = "".join(_members(argument))
    options = "".join(each for each in _PRINTABLE + "é\n" if each not in members) if negated else members
    return str(choice.one(options)) if options else ""


def _members(argument: Any) -> Iterator[str]:
    for operation, value in argument:
        if str(operation) == "LITERAL":
            yield chr(value)
        elif str(operation) == "RANGE":
            first, last = value
            yield from map(chr, range(first, min(last, first + len(_PRINTABLE)) + 1))
            yield chr(last)
        elif str(operation) == "CATEGORY":
            yield _SETS.get(str(value), "")


_Writer = Callable[[Any, _Choice, dict[int, str], list[int]], str]
_WRITERS: Final[Mapping[str, _Writer]] = MappingProxyType(
    {
        "LITERAL": lambda argument, *_: chr(argument),
        "NOT_LITERAL": lambda argument, choice, *_: str(choice.one([each for each in _ANY if each != chr(argument)])),
        "ANY": lambda _, choice, *__: str(choice.one(_ANY)),
        "IN": _of_set,
        "BRANCH": lambda argument, choice, *rest: _text(choice.one(argument[1]), choice, *rest),
        "SUBPATTERN": _group,
        "ATOMIC_GROUP": _text,
        "GROUPREF": lambda argument, _, groups, __: groups.get(argument, ""),
        "MAX_REPEAT": _repeated,
        "MIN_REPEAT": _repeated,
        "POSSESSIVE_REPEAT": _repeated,
    }
)
