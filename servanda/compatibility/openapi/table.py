"""The rows about OpenAPI documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from servanda.compatibility.openapi.difference import Difference
from servanda.compatibility.openapi.document import Document
from servanda.compatibility.openapi.operations import differences
from servanda.compatibility.rules.rule import Category, Handler, Kind, Objection, Rule


@dataclass(frozen=True)
class Documents:
    """One document in both states."""

    previous: Document
    current: Document

    @cached_property
    def differences(self) -> Mapping[str, tuple[Difference, ...]]:
        """What changed, by rule; what several operations share is told once."""
        grouped: dict[str, dict[tuple[str, str], Difference]] = {}
        for difference in differences(self.previous, self.current):
            told = (difference.element, difference.message)
            grouped.setdefault(difference.rule, {}).setdefault(told, difference)
        return {rule: tuple(found.values()) for rule, found in grouped.items()}


def _handler(rule: str) -> Handler:
    def handler(documents: Documents) -> Iterator[Objection]:
        for difference in documents.differences.get(rule, ()):
            file, previous = difference.node.document, documents.previous
            span = file.span(difference.node.pointer)
            yield Objection(file.path, span, difference.element, difference.message, previous.path)

    return handler


_PURPOSES = {
    "PATH_NO_DELETE": "paths, webhooks and callbacks are not deleted",
    "PATH_PARAMETER_SAME_NAME": "parameters of paths keep their name",
    "OPERATION_NO_DELETE": "operations are not deleted",
    "OPERATION_SAME_ID": "operations keep their operationId, after which clients are named",
    "PARAMETER_NO_DELETE": "parameters are not deleted",
    "PARAMETER_NO_NEW_REQUIRED": "no parameter is new and required, or becomes required",
    "PARAMETER_SAME_STYLE": "parameters keep the way in which they are written",
    "REQUEST_BODY_NO_DELETE": "request bodies are not deleted",
    "REQUEST_BODY_NO_NEW_REQUIRED": "no request body is new and required, or becomes required",
    "REQUEST_MEDIA_TYPE_NO_DELETE": "media types of requests are not deleted",
    "REQUEST_TYPE_NO_NARROW": "types and formats in requests do not become narrower",
    "REQUEST_ENUM_NO_DELETE": "values of enums in requests are not deleted",
    "REQUEST_LIMIT_NO_TIGHTEN": "limits in requests do not become tighter",
    "REQUEST_PROPERTY_NO_DELETE": "properties of requests are not deleted and do not become readOnly",
    "REQUEST_PROPERTY_NO_NEW_REQUIRED": "no property of a request is new and required, or becomes required",
    "REQUEST_ADDITIONAL_PROPERTIES_NO_FORBID": "additional properties of requests are not forbidden",
    "REQUEST_ALTERNATIVE_NO_DELETE": "alternatives in requests are not deleted",
    "REQUEST_SAME_DEFAULT": "defaults in requests stay the same",
    "REQUEST_SAME_KEYWORD": "other keywords of schemas in requests stay the same",
    "RESPONSE_NO_DELETE": "responses are not deleted",
    "RESPONSE_SUCCESS_NO_ADD": "no response is added that says something else than an error",
    "RESPONSE_MEDIA_TYPE_NO_DELETE": "media types of responses are not deleted",
    "RESPONSE_HEADER_NO_DELETE": "headers of responses are not deleted and stay required",
    "RESPONSE_TYPE_NO_WIDEN": "types and formats in responses do not become wider",
    "RESPONSE_ENUM_NO_ADD": "no value is added to enums in responses",
    "RESPONSE_LIMIT_NO_LOOSEN": "limits in responses do not become looser",
    "RESPONSE_LIMIT_NO_TIGHTEN": "limits in responses do not become tighter than older answers are",
    "RESPONSE_PROPERTY_NO_DELETE": "properties of responses are not deleted and do not become writeOnly",
    "RESPONSE_PROPERTY_NO_BECOME_OPTIONAL": "properties of responses stay required",
    "RESPONSE_ADDITIONAL_PROPERTIES_NO_ALLOW": "responses that have no additional properties stay so",
    "RESPONSE_ALTERNATIVE_NO_ADD": "no alternative is added in responses",
    "RESPONSE_SAME_KEYWORD": "other keywords of schemas in responses stay the same",
    "SECURITY_NO_TIGHTEN": "who was let in is let in with the same credentials and scopes",
    "SECURITY_SAME_SCHEME": "security schemes stay as they are",
    "SERVER_NO_DELETE": "servers keep their URL",
}
OPENAPI: tuple[Rule, ...] = tuple(
    Rule(f"OPENAPI_{name}", f"Checks that {purpose}.", (Category.OPENAPI,), Kind.OPENAPI, _handler(name))
    for name, purpose in _PURPOSES.items()
)
