"""Rpc that an HTTP request calls, after ``google.api.http``.

Grammar of path templates: https://github.com/googleapis/googleapis/blob/master/google/api/http.proto
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from google.protobuf.descriptor import MethodDescriptor

from servanda.patterns import TEMPLATES, Expression

VARIABLE = re.compile(r"\{(?P<name>[^{=}]+)(?:=(?P<template>[^{}]*))?\}")
"""Variable of a path template: the path of its field, and its segments if they are not one."""
_PART = re.compile(rf"{VARIABLE.pattern}|(?P<deep>\*\*)|(?P<any>\*)|(?P<text>[^{{*]+)")


@dataclass(frozen=True, slots=True)
class Route:
    """One HTTP binding of an rpc.

    Attributes:
        body: Field that the body holds; ``*`` for all that the path does not hold; empty for none.
        response_body: Field of the response that the answer's body holds; empty for the whole response.
        variables: Field paths that the path holds, in the order of the pattern's groups.
    """

    method: MethodDescriptor
    verb: str
    template: str
    body: str
    response_body: str
    pattern: Expression
    variables: tuple[str, ...]

    @classmethod
    def parse(cls, method: MethodDescriptor, verb: str, template: str, body: str, response_body: str) -> Route:
        """Return the binding that these parts of a ``google.api.HttpRule`` declare."""
        pattern, names = "", []
        for part in _PART.finditer(template):
            if part["name"]:
                names.append(part["name"].strip())
                pattern += f"({_segments(part['template'] or '*')})"
            else:
                pattern += _segments(part.group())
        return cls(method, verb, template, body, response_body, Expression(pattern, TEMPLATES), tuple(names))

    @property
    def rank(self) -> tuple[int, int, str]:
        """Return a sort key by specificity: fewer variables first, then longer ones."""
        return (self.template.count("{") + self.template.count("*"), -len(self.template), self.template)

    def match(self, verb: str, path: str) -> Mapping[str, str] | None:
        """Return the values that a request's path holds, by field path; ``None`` if the request is not this one's."""
        if verb != self.verb:
            return None
        found = self.pattern.fullmatch(path)
        if found is None:
            return None
        return dict(zip(self.variables, map(unquote, found.groups()), strict=True))


def _segments(template: str) -> str:
    return re.escape(template).replace(r"\*\*", ".+").replace(r"\*", "[^/:]+")
