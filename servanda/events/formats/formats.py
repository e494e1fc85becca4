"""The format of a record: a tombstone, a message of the definitions, or JSON."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from servanda.configuration import Events
from servanda.events.formats import json_values
from servanda.events.formats.redaction import StandIns
from servanda.events.formats.understood import Understood, UnreadableRecordError
from servanda.topics.record import Record

if TYPE_CHECKING:
    from servanda.events.formats.messages import Messages

TOMBSTONE: Final = "tombstone"
_HEADER: Final = "header."
_KEY: Final = "key"


class Formats:
    """The formats that a repository uses.

    Args:
        settings: How it declares events, and what nobody may read.
        messages: Its definitions; ``None`` if it has none.
    """

    def __init__(self, settings: Events, messages: Messages | None) -> None:
        self._settings = settings
        self._messages = messages

    def understand(self, record: Record) -> Understood:
        """Tell what a record says.

        Raises:
            UnreadableRecordError: It cannot be read.
        """
        return self._with_hidden_parts(self._understood(record))

    def retention_hours(self, topic: str) -> int | None:
        """Return how long the definitions say that a topic keeps a record; ``None`` if they do not."""
        declared = self._messages.declared.values() if self._messages is not None else ()
        return max((hours for name, hours in declared if name == topic and hours > 0), default=None)

    def _understood(self, record: Record) -> Understood:
        name = self._messages.type_of(record) if self._messages is not None else ""
        if record.value is None:
            return Understood(name or json_values.type_in(record), (TOMBSTONE,), "", record)
        # Which of both it is, its headers say where they can; an event in JSON may be described by a message too.
        if self._messages is not None and name and "json" not in record.header("content-type"):
            return self._messages.understand(record, name)
        try:
            return json_values.understand(record, self._settings)
        except UnreadableRecordError as error:
            hint = "name its message by topic: messages in [events]"
            raise UnreadableRecordError(error.what, where=record.topic, hint=hint) from None

    def _with_hidden_parts(self, understood: Understood) -> Understood:
        hidden, record = self._settings.redact, understood.record
        stand_ins = StandIns(record.digest)
        names = {each.removeprefix(_HEADER) for each in hidden if each.startswith(_HEADER)}
        headers = tuple(
            (name, stand_ins.text(value.decode("utf-8", "replace")).encode() if name in names else value)
            for name, value in record.headers
        )
        key = record.key
        if key is not None and _KEY in hidden:
            key = stand_ins.text(key.decode("utf-8", "replace")).encode()
        return replace(understood, record=replace(record, key=key, headers=headers))
