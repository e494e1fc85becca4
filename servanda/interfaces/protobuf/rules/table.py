"""The table of rules about protobuf: those of buf v2 by its identifiers and categories, and those beyond buf."""

from __future__ import annotations

from servanda.interfaces.protobuf.rules import (
    behavior,
    deletion,
    deprecation,
    direction,
    enumeration,
    events,
    field,
    file,
    file_options,
    hosts,
    http,
    meaning,
    message,
    rpc,
    validation_input,
    validation_output,
    validation_unproven,
    wire,
)
from servanda.interfaces.rule import Rule

BUF_RULES: tuple[Rule, ...] = (
    *file.RULES,
    *file_options.RULES,
    *deletion.RULES,
    *message.RULES,
    *field.RULES,
    *wire.RULES,
    *enumeration.RULES,
    *rpc.RULES,
)
BEYOND_BUF: tuple[Rule, ...] = (
    *http.RULES,
    *hosts.RULES,
    *validation_input.RULES,
    *validation_output.RULES,
    *validation_unproven.RULES,
    *behavior.RULES,
    *meaning.RULES,
    *direction.RULES,
    *deprecation.RULES,
    *events.RULES,
)
RULES: tuple[Rule, ...] = (*BUF_RULES, *BEYOND_BUF)
