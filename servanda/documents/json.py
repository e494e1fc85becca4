"""JSON (RFC 8259): the value at once, places when somebody asks for one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from servanda.documents import numbers
from servanda.documents.limits import DocumentLimits
from servanda.documents.parts import Outline, Part
from servanda.documents.text import DocumentText
from servanda.errors import ServandaError

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
_WORD = re.compile(r"-?[A-Za-z]+")
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# One that is not closed takes all the rest, and is not to be looked for at every quotation mark in it.
_STRING = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_STRING_OF_BYTES = re.compile(_STRING.pattern.encode(), re.DOTALL)
_CONTAINERS = (dict, list)
_PAYLOAD = DocumentLimits()
_STRINGS = json.JSONDecoder()
# Of the rest only the end matters; a number is not made of its digits.
_SKIPPED = json.JSONDecoder(parse_int=len, parse_float=len)


class _DuplicateKeyError(ValueError):
    """Two members of one object have the same name."""


def read_json(source: DocumentText, limits: DocumentLimits) -> Any:
    """Return the value of a document.

    Raises:
        ServandaError: It is no JSON, is beyond a limit, or has a name twice in one object (RFC 8259, section 4, leaves
            open what that means).
    """
    if _has_more(source.text, limits.values):
        raise source.fault(f"holds more than the limit of {limits.values:,} values", 0)
    try:
        value = json.loads(
            source.text,
            object_pairs_hook=_object,
            parse_int=partial(numbers.whole, limits=limits),
            parse_float=partial(numbers.real, limits=limits),
            parse_constant=numbers.no_constant,
        )
    except json.JSONDecodeError as error:
        raise source.fault(f"invalid JSON: {error.msg}", error.pos) from None
    except (_DuplicateKeyError, numbers.RefusedNumberError, RecursionError):
        raise _located(source, limits) from None
    if not _is_within(value, limits.depth) or (
        _ESCAPED_SURROGATE.search(source.text) and any(map(_SURROGATE.search, _texts(value)))
    ):
        raise _located(source, limits)
    return value


def outline_json(source: DocumentText) -> Part:
    """Return where the parts of a document are that :func:`read_json` has read.

    Each level is looked at when somebody asks for a part of it, and as far as that: most of a document is never asked
    for.
    """
    text = source.text
    return _part(text, _after_space(text, 0), len(text.rstrip(" \t\n\r")))


def parse_payload(content: bytes | str) -> Any:
    """Return the value of a payload in JSON: of what was sent, in which a name that is there twice is no error.

    Raises:
        ValueError: It is no JSON, or it nests more deeply or holds more values than a document may.
    """
    if _has_more(content, _PAYLOAD.values):
        raise ValueError(f"more than {_PAYLOAD.values:,} values")
    try:
        value = json.loads(content, parse_constant=_no_constant)
    except RecursionError:
        pass
    else:
        if _is_within(value, _PAYLOAD.depth):
            return value
    raise ValueError(f"nested more than {_PAYLOAD.depth} levels deep")


def _no_constant(name: str) -> Any:
    raise json.JSONDecodeError(f"{name} is no JSON", name, 0)


def _has_more(content: bytes | str, most: int) -> bool:
    """Tell whether a text in JSON holds more values, before any of them is made."""
    if len(content) <= most:
        return False
    if isinstance(content, str):
        return _separators(content) > most and _separators(_STRING.sub("", content)) > most
    return _separators(content) > most and _separators(_STRING_OF_BYTES.sub(b"", content)) > most


def _separators(content: bytes | str) -> int:
    # Each value but the first one follows one of them.
    if isinstance(content, str):
        return sum(map(content.count, ",[{"))
    return sum(map(content.count, (b",", b"[", b"{")))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _DuplicateKeyError
    return found


def _located(source: DocumentText, limits: DocumentLimits) -> ServandaError:
    """Return the error with its place, which only the scan knows."""
    try:
        _Scan(source, limits).run()
    except ServandaError as error:
        return error
    return source.fault("cannot be read as JSON", 0)


def _is_within(value: Any, depth: int) -> bool:
    level = [value] if isinstance(value, _CONTAINERS) else []
    for _ in range(depth):
        if not level:
            return True
        level = [
            inner
            for each in level
            for inner in (each.values() if isinstance(each, dict) else each)
            if isinstance(inner, _CONTAINERS)
        ]
    return not level


def _texts(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict):
            waiting += each
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each


def _part(text: str, start: int, end: int) -> Part:
    if text[start] not in "{[":
        return start, end
    outline = Outline(start, end)
    outline.rest = _inner(text, outline)
    return outline


def _inner(text: str, outline: Outline) -> Iterator[None]:
    """Put one member or item after the other into an outline."""
    at = _after_space(text, outline.start + 1)
    while at < outline.end - 1:
        key = None
        if text[outline.start] == "{":
            name, end = _SKIPPED.raw_decode(text, at)
            key = name, (at, end)
            at = _after_space(text, _after_space(text, end) + 1)
        _, end = _SKIPPED.raw_decode(text, at)
        part = _part(text, at, end)
        at = _after_space(text, _after_space(text, end) + 1)
        if key is None:
            outline.items.append(part)
        else:
            outline.members[key[0]] = key[1], part
        yield


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


class _Scan:
    """One pass over a text, without recursion: nesting is on a list.

    It finds where something is wrong. Syntax it follows only as far as it has to.
    """

    def __init__(self, source: DocumentText, limits: DocumentLimits) -> None:
        self._source, self._text, self._limits = source, source.text, limits
        self._at = 0
        self._open: list[tuple[Outline, str]] = []
        self._root: Part | None = None
        # The key that waits for its value, with its place.
        self._key: tuple[str, int, int] | None = None

    def run(self) -> Part:
        """Return the root's part."""
        while self._root is None or self._open:
            self._at = _after_space(self._text, self._at)
            if self._at >= len(self._text):
                raise self._unexpected()
            self._step(self._text[self._at])
        return self._root

    def _step(self, sign: str) -> None:
        if sign in "{[":
            self._begin("}" if sign == "{" else "]")
        elif self._open and sign == self._open[-1][1]:
            self._at += 1
            self._open.pop()[0].end = self._at
        elif sign == "," and self._open:
            self._at += 1
        elif sign == '"' and self._open and self._open[-1][1] == "}" and self._key is None:
            self._name()
        else:
            start = self._at
            self._at = self._scalar(sign)
            self._put((start, self._at))

    def _begin(self, closing: str) -> None:
        limit = self._limits.depth
        if len(self._open) >= limit:
            raise self._source.fault(f"nested more than {limit} levels deep", self._at)
        outline = Outline(self._at)
        self._put(outline)
        self._open.append((outline, closing))
        self._at += 1

    def _put(self, part: Part) -> None:
        if not self._open:
            self._root = part
        elif self._key is not None:
            name, start, end = self._key
            self._open[-1][0].members[name] = ((start, end), part)
            self._key = None
        else:
            self._open[-1][0].items.append(part)

    def _name(self) -> None:
        start = self._at
        name, self._at = self._string()
        known = self._open[-1][0].members.get(name)
        if known is not None:
            line, column = self._source.position(known[0][0])
            raise self._source.fault(f"duplicate key '{name}', first at {line}:{column}", start)
        self._key = (name, start, self._at)
        self._at = _after_space(self._text, self._at)
        if not self._text.startswith(":", self._at):
            raise self._unexpected()
        self._at += 1

    def _string(self) -> tuple[str, int]:
        try:
            text, end = _STRINGS.raw_decode(self._text, self._at)
        except json.JSONDecodeError as error:
            raise self._source.fault(f"invalid JSON: {error.msg}", error.pos) from None
        if _SURROGATE.search(text):
            raise self._source.fault("a string holds an unpaired surrogate", self._at)
        return text, end

    def _scalar(self, sign: str) -> int:
        if sign == '"':
            return self._string()[1]
        number, word = _NUMBER.match(self._text, self._at), _WORD.match(self._text, self._at)
        convert: Callable[..., object] = numbers.real if number and (number[1] or number[2]) else numbers.whole
        try:
            if number:
                convert(number[0], self._limits)
                return number.end()
            if word and word[0] not in ("true", "false", "null"):
                numbers.no_constant(word[0])
        except numbers.RefusedNumberError as error:
            raise self._source.fault(str(error), self._at) from None
        if word is None:
            raise self._unexpected()
        return word.end()

    def _unexpected(self) -> ServandaError:
        return self._source.fault("cannot be read as JSON", self._at)
