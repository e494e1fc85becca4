"""One state of all interfaces of a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import protovalidate

from bench.consumer_impact.replay.types import BEHAVIOR, REQUIRED, Types, messages_in


@dataclass(frozen=True)
class State:
    """Interfaces in one state, to make providers from.

    Attributes:
        types: The protobuf definitions.
        documents: OpenAPI documents by the name of their provider.
        event_option: Full name of the option that says how an event travels.
    """

    types: Types
    documents: Mapping[str, Mapping[str, Any]]
    event_option: str

    @cached_property
    def validator(self) -> protovalidate.Validator:
        """Validator of this state alone: it takes messages of one name for the same."""
        return protovalidate.Validator()

    def refusal(self, message: Any) -> str:
        """Say why the provider refuses a request; empty if it takes it."""
        missing = _missing(message)
        if missing:
            return f"{missing} is required"
        violations = self.validator.collect_violations(message)
        return f"{violations[0].proto.rule_id}: {violations[0].proto.message}" if violations else ""

    def transport_of(self, event: Any) -> Mapping[str, Any]:
        """Return topic, key and headers of an event; empty if it is none."""
        kind = self.types.message("google.protobuf.MessageOptions")
        if kind is None:
            return {}
        extension = self.types.pool.FindExtensionByName(self.event_option)
        options = kind.FromString(event.GetOptions().SerializeToString())
        if not options.HasExtension(extension):
            return {}
        told = options.Extensions[extension]
        return {"topic": told.topic, "key": told.key, "headers": list(told.headers)}


def _missing(message: Any) -> str:
    """Return the first required field that is not set, in any message that is."""
    for field in message.DESCRIPTOR.fields:
        value = getattr(message, field.name)
        is_set = bool(value) if field.is_repeated or not field.has_presence else message.HasField(field.name)
        if not is_set and REQUIRED in field.GetOptions().Extensions[BEHAVIOR]:
            return str(field.full_name)
        for inner in messages_in(field, value) if is_set else ():
            found = _missing(inner)
            if found:
                return found
    return ""
