"""Routes that google.api.http gives an rpc.

Source: "HttpRule" in google/api/http.proto (AIP-127).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from google.protobuf.descriptor_pb2 import MethodDescriptorProto
from google.protobuf.message import Message

from servanda.interfaces.protobuf.options import HTTP, Options
from servanda.interfaces.protobuf.schema import Element

_VARIABLE = re.compile(r"\{(?P<field>[^{}=]+)(?:=(?P<pattern>[^{}]*))?\}")
_VERBS = ("get", "put", "post", "delete", "patch")
ONE, REST = "*", "**"


@dataclass(frozen=True, slots=True)
class Route:
    """One way to call an rpc over HTTP.

    Attributes:
        verb: HTTP method, or the kind of a custom pattern.
        path: Path template as it is written.
        body: Request field that is the body; ``*`` for all that the path does not bind, empty for none.
        response_body: Response field that is the body; empty for the whole response.
    """

    verb: str
    path: str
    body: str
    response_body: str

    @property
    def address(self) -> tuple[str, str]:
        """Return verb and path, as a caller has to know them; ``{x}`` and ``{x=*}`` are one path."""
        return self.verb, self.path.replace(f"={ONE}}}", "}")

    def __str__(self) -> str:
        return f"{self.verb} {self.path}"

    @property
    def binding(self) -> str:
        """Return the route as one line of the option; a verb that has no field of its own is a custom pattern."""
        known = self.verb.lower() in _VERBS
        head = (
            f'{self.verb.lower()}: "{self.path}"' if known else f'custom {{ kind: "{self.verb}" path: "{self.path}" }}'
        )
        parts = {"body": self.body, "response_body": self.response_body}
        return " ".join([head, *(f'{name}: "{part}"' for name, part in parts.items() if part)])

    @property
    def pattern(self) -> tuple[list[str], str]:
        """Segments of the path, variables replaced by their patterns, and what follows the colon."""
        plain = _VARIABLE.sub(lambda found: found["pattern"] or ONE, self.path)
        front, colon, suffix = plain.rpartition(":")
        return (front if colon else plain).strip("/").split("/"), suffix if colon else ""


def routes(method: Element[MethodDescriptorProto], options: Options) -> tuple[Route, ...]:
    """Return the routes of an rpc, the main one first; none if it has no annotation."""
    return options.once(method, HTTP, _routes)


def _routes(rule: Message | None) -> tuple[Route, ...]:
    return tuple(_bindings(rule)) if rule is not None else ()


# ``Any``: the class of the rule is made when an image is read, so that nothing knows its fields beforehand.
def _bindings(rule: Any) -> Iterator[Route]:
    yield _route(rule)
    for each in rule.additional_bindings:
        yield _route(each)


def _route(rule: Any) -> Route:
    pattern = rule.WhichOneof("pattern")
    if pattern in _VERBS:
        return Route(pattern.upper(), getattr(rule, pattern), rule.body, rule.response_body)
    return Route(rule.custom.kind, rule.custom.path, rule.body, rule.response_body)
