"""Path templates of google.api.http: parsing, matching and expanding.

The grammar is the one in ``google/api/http.proto``::

    Template = "/" Segments [ Verb ] ;          Segment   = "*" | "**" | LITERAL | Variable ;
    Segments = Segment { "/" Segment } ;        Variable  = "{" FieldPath [ "=" Segments ] "}" ;
    Verb     = ":" LITERAL ;                    FieldPath = IDENT { "." IDENT } ;
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import quote, unquote

_TOKEN: Final = re.compile(r"\{(?P<path>[A-Za-z_][\w.]*)(?:=(?P<segments>[^{}]+))?\}|(?P<plain>[^{}/]+)|(?P<slash>/)")
# What the definition leaves unencoded in a variable; quote() itself leaves the other unreserved characters.
_MANY: Final = "**"
_ONE: Final = "[^/]+"
_SINGLE_SAFE: Final = ""
_MULTI_SAFE: Final = "/"
_ENCODED_SLASH: Final = re.compile(r"(%2[Ff])")


class TemplateError(ValueError):
    """A path template does not follow the grammar."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A part of the path that fills a field.

    Attributes:
        path: Path of the field, in proto names.
        segments: What it matches: literals, ``*`` and ``**``.
    """

    path: str
    segments: tuple[str, ...]

    @property
    def multiple(self) -> bool:
        """Tell whether slashes in it are kept as they are."""
        return self.segments != ("*",)


@dataclass(frozen=True)
class Template:
    """A parsed path template.

    Attributes:
        text: The template as it was written.
        parts: Literals, ``*``, ``**`` and variables, one for each segment or variable.
        verb: The custom verb after the last segment, empty without one.
    """

    text: str
    parts: tuple[str | Variable, ...]
    verb: str

    @property
    def variables(self) -> tuple[Variable, ...]:
        """Return the variables, from left to right."""
        return tuple(part for part in self.parts if isinstance(part, Variable))

    @property
    def specificity(self) -> tuple[int, ...]:
        """Return a sort key: templates that say more about a path come first."""
        segments = (segment for part in self.parts for segment in _segments(part))
        return (*({"**": 2, "*": 1}.get(segment, 0) for segment in segments), -bool(self.verb))

    @property
    def shape(self) -> str:
        """Return the template without the names of its variables: two with one shape match the same paths."""
        segments = "/".join(segment for part in self.parts for segment in _segments(part))
        return f"/{segments}:{self.verb}"

    def match(self, path: str) -> Mapping[str, str] | None:
        """Texts of the variables for a path that is still percent-encoded; None if it does not match.

        Raises:
            UnicodeDecodeError: The path matches, but a variable is not UTF-8.
        """
        found = self._pattern.fullmatch(path)
        if found is None:
            return None
        # A group that took no part is "**" without a segment.
        return {
            variable.path: _decoded(found[f"v{index}"] or "", multiple=variable.multiple)
            for index, variable in enumerate(self.variables)
        }

    def expand(self, values: Mapping[str, str]) -> str:
        """Return the path for the texts of the variables.

        Raises:
            TemplateError: A text cannot stand in the place of its variable.
        """
        parts = [
            quote(values[part.path], safe=_MULTI_SAFE if part.multiple else _SINGLE_SAFE)
            if isinstance(part, Variable)
            else part
            for part in self.parts
        ]
        if len(parts) > 1 and not parts[-1] and _segments(self.parts[-1]) == (_MANY,):
            parts.pop()
        path = "/" + "/".join(parts) + (f":{self.verb}" if self.verb else "")
        if self._pattern.fullmatch(path) is None:
            raise TemplateError(f"{path} is not a path of the template {self.text}")
        return path

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        pattern = ""
        index = 0
        for part in self.parts:
            piece = _regex(_segments(part))
            if isinstance(part, Variable):
                piece = f"(?P<v{index}>{piece})"
                index += 1
            # Zero segments have no slash before them, but the path itself begins with one.
            alone = _segments(part) == (_MANY,)
            pattern += f"(?:/{piece})?" if alone and pattern else f"/(?:{piece})?" if alone else f"/{piece}"
        verb = f":{_literal(self.verb)}" if self.verb else ""
        return re.compile(f"{pattern}{verb}", re.DOTALL)


def parse_template(text: str) -> Template:
    """Parse a path template.

    Raises:
        TemplateError: The text does not follow the grammar.
    """
    if not text.startswith("/"):
        raise TemplateError(f"a path template starts with '/': {text!r}")
    body, verb = _split_verb(text[1:])
    parts: list[str | Variable] = []
    expect_part, at = True, 0
    while at < len(body):
        token = _TOKEN.match(body, at)
        if token is None or expect_part is (token["slash"] is not None):
            raise TemplateError(f"unexpected {body[at : at + 10]!r} in the path template {text!r}")
        if token["path"] is not None:
            parts.append(Variable(token["path"], tuple((token["segments"] or "*").split("/"))))
        elif token["plain"] is not None:
            parts.append(token["plain"])
        expect_part, at = token["slash"] is not None, token.end()
    template = Template(text, tuple(parts), verb)
    _check(template, complete=not expect_part)
    return template


def _split_verb(body: str) -> tuple[str, str]:
    head, colon, verb = body.rpartition(":")
    if not colon or "/" in verb or "}" in verb:
        return body, ""
    return head, verb


def _check(template: Template, *, complete: bool) -> None:
    segments = [segment for part in template.parts for segment in _segments(part)]
    paths = [variable.path for variable in template.variables]
    if not complete or not segments or "" in segments:
        raise TemplateError(f"a segment is empty in the path template {template.text!r}")
    if "**" in segments[:-1]:
        raise TemplateError(f"'**' is not the last segment of the path template {template.text!r}")
    if len(set(paths)) != len(paths):
        raise TemplateError(f"a field stands twice in the path template {template.text!r}")


def _segments(part: str | Variable) -> tuple[str, ...]:
    return part.segments if isinstance(part, Variable) else (part,)


def _regex(segments: tuple[str, ...]) -> str:
    """Return the pattern of some segments; ``**``, which is the last one, may be none."""
    *first, last = segments
    pieces = [_ONE if segment == "*" else _literal(segment) for segment in (first if last == _MANY else segments)]
    if last != _MANY:
        return "/".join(pieces)
    many = f"{_ONE}(?:/{_ONE})*"
    return f"{'/'.join(pieces)}(?:/{many})?" if pieces else many


def _literal(text: str) -> str:
    # A client may encode what it need not encode.
    return "".join(re.escape(char) if quote(char, safe="") == char else _either(char) for char in text)


def _either(char: str) -> str:
    encoded = "".join(f"%{byte:02X}" for byte in char.encode())
    return f"(?:{re.escape(char)}|(?i:{encoded}))"


def _decoded(text: str, *, multiple: bool) -> str:
    if not multiple:
        return unquote(text, errors="strict")
    return "".join(
        piece if _ENCODED_SLASH.fullmatch(piece) else unquote(piece, errors="strict")
        for piece in _ENCODED_SLASH.split(text)
    )
