"""Field values written as matching definitions, such as ``matching(regex, '[A-Z]+', 'ABC')``.

The language is that of the stock plugin: ``matching``, ``notEmpty``, ``eachKey``, ``eachValue``, ``atLeast``,
``atMost`` and ``fromProviderState``, one or more of them separated by commas.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from servanda.errors import RecordingError

_FUNCTIONS: Final = ("matching", "notEmpty", "eachKey", "eachValue", "atLeast", "atMost", "fromProviderState")
_STARTS = re.compile(rf"\s*({'|'.join(_FUNCTIONS)})\s*\(")
_TOKEN = re.compile(r"\s*(?:(?P<text>'(?:[^'\\]|\\.)*')|(?P<reference>\$'[^']*')|(?P<word>[\w.+-]+)|(?P<mark>[(),]))")
# https://docs.rs/pact_models, module matchingrules::expressions
_ESCAPE = re.compile(r"\\(?:u\{(?P<long>[0-9a-fA-F]{1,6})\}|u(?P<short>[0-9a-fA-F]{4})|(?P<one>.))", re.DOTALL)
_ESCAPED: Final = {"'": "'", "\\": "\\", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_LAST: Final = 0x10FFFF
_REPLACEMENT: Final = "\ufffd"

_MATCHERS: Final = {
    "equalTo": "equality",
    "datetime": "timestamp",
}
_WITH_ATTRIBUTE: Final = {
    "regex": "regex",
    "date": "format",
    "time": "format",
    "datetime": "format",
    "contentType": "value",
}
_PLAIN: Final = frozenset({"type", "number", "integer", "decimal", "boolean", "equalTo", "semver"})


@dataclass(frozen=True, slots=True)
class Definition:
    """Definition of one field by a consumer.

    Attributes:
        value: The example; ``None`` if only rules were given.
        rules: Matching rules as a pact file holds them.
        generator: The generator as a pact file holds it, if the value comes from a provider state.
        reference: Name of another member that describes the elements, from ``matching($'name')``.
    """

    value: object = None
    rules: tuple[Mapping[str, object], ...] = ()
    generator: Mapping[str, object] = field(default_factory=dict)
    reference: str = ""


def is_expression(value: object) -> bool:
    """Tell whether a value is written in this language and not a plain example."""
    return isinstance(value, str) and _STARTS.match(value) is not None


def parse(text: str) -> Definition:
    """Return what an expression says.

    Raises:
        RecordingError: It cannot be read; the error shows where.
    """
    reader = _Reader(text)
    definition = _one(reader)
    while reader.accept(","):
        definition = _merged(definition, _one(reader))
    reader.end()
    return definition


def _merged(first: Definition, second: Definition) -> Definition:
    return Definition(
        first.value if first.value is not None else second.value,
        first.rules + second.rules,
        first.generator or second.generator,
        first.reference or second.reference,
    )


class _Reader:
    """The tokens of an expression, one after the other."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0

    def fail(self, expected: str) -> RecordingError:
        rest = self._text[self._position :] or "its end"
        return RecordingError(f"the matching definition {self._text!r} has {rest!r} where {expected} was expected")

    def accept(self, mark: str) -> bool:
        found = _TOKEN.match(self._text, self._position)
        if found is None or found["mark"] != mark:
            return False
        self._position = found.end()
        return True

    def expect(self, mark: str) -> None:
        if not self.accept(mark):
            raise self.fail(f"'{mark}'")

    def take(self, kind: str, expected: str) -> str:
        found = _TOKEN.match(self._text, self._position)
        if found is None or found[kind] is None:
            raise self.fail(expected)
        self._position = found.end()
        return found[kind]

    def reference(self) -> str | None:
        found = _TOKEN.match(self._text, self._position)
        if found is None or found["reference"] is None:
            return None
        self._position = found.end()
        return found["reference"][2:-1]

    def literal(self) -> object:
        found = _TOKEN.match(self._text, self._position)
        if found is not None and found["text"] is not None:
            self._position = found.end()
            return _ESCAPE.sub(_unescaped, found["text"][1:-1])
        word = self.take("word", "a quoted string, a number, true, false or null")
        try:
            return json.loads(word)
        except ValueError:
            raise self.fail("a quoted string, a number, true, false or null") from None

    def pattern(self) -> str:
        r"""Return a regular expression, where ``\b`` is the edge of a word and no backspace."""
        text = self.take("text", "a regular expression in quotes")
        return _ESCAPE.sub(lambda found: found[0] if found[0] == "\\b" else _unescaped(found), text[1:-1])

    def end(self) -> None:
        if self._text[self._position :].strip():
            raise self.fail("its end")


def _unescaped(found: re.Match[str]) -> str:
    r"""Return the character that an escape stands for; what is no escape stays: ``\d`` is the same as ``\\d``."""
    if found["one"] is not None:
        return _ESCAPED.get(found["one"], found[0])
    number = int(found["long"] or found["short"], 16)
    return chr(number) if number <= _LAST and not 0xD800 <= number <= 0xDFFF else _REPLACEMENT


def _one(reader: _Reader) -> Definition:
    name = reader.take("word", f"one of {', '.join(_FUNCTIONS)}")
    reader.expect("(")
    definition = _arguments(name, reader)
    reader.expect(")")
    return definition


def _arguments(name: str, reader: _Reader) -> Definition:
    match name:
        case "matching":
            return _matching(reader)
        case "notEmpty":
            inner = _example(reader)
            return Definition(inner.value, ({"match": "notEmpty"}, *inner.rules), inner.generator)
        case "eachKey" | "eachValue":
            inner = _one(reader)
            if name == "eachValue" and inner.reference:
                # Without rules of its own, the stock plugin takes "eachValue" for a rule that nothing satisfies.
                return Definition(None, ({"match": "values"},), reference=inner.reference)
            rule: dict[str, object] = {"match": name, "rules": list(inner.rules)}
            if inner.value is not None:
                rule["value"] = inner.value
            return Definition(None, (rule,), reference=inner.reference)
        case "atLeast" | "atMost":
            limit = reader.literal()
            return Definition(None, ({"match": "type", "min" if name == "atLeast" else "max": limit},))
        case "fromProviderState":
            return _from_state(reader)
    raise reader.fail(f"one of {', '.join(_FUNCTIONS)}")


def _matching(reader: _Reader) -> Definition:
    reference = reader.reference()
    if reference is not None:
        return Definition(reference=reference)
    kind = reader.take("word", "the name of a matcher")
    rule: dict[str, object] = {"match": _MATCHERS.get(kind, kind)}
    reader.expect(",")
    if kind == "include":
        rule["value"] = reader.literal()
        # What has to be in a text is an example of it.
        return Definition(rule["value"], (rule,)) if not reader.accept(",") else Definition(reader.literal(), (rule,))
    if kind in _WITH_ATTRIBUTE:
        rule[_WITH_ATTRIBUTE[kind]] = reader.pattern() if kind == "regex" else reader.literal()
        reader.expect(",")
    elif kind not in _PLAIN:
        raise reader.fail(f"one of {', '.join(sorted(_PLAIN | {'include', *_WITH_ATTRIBUTE}))}")
    inner = _example(reader)
    return Definition(inner.value, (rule,), inner.generator)


def _example(reader: _Reader) -> Definition:
    """Return an example, which may itself come from a provider state."""
    start = _STARTS.match(reader._text, reader._position)  # noqa: SLF001 - the reader is a part of this module
    if start is not None and start[1] == "fromProviderState":
        return _one(reader)
    return Definition(reader.literal())


def _from_state(reader: _Reader) -> Definition:
    expression = reader.literal()
    reader.expect(",")
    generator: dict[str, object] = {"type": "ProviderState", "expression": expression}
    return Definition(reader.literal(), (), generator)
