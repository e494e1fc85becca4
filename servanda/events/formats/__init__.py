"""Formats of payloads: what a record says, the shape that it has, and the same record without what nobody may read."""

from servanda.events.formats.formats import Formats
from servanda.events.formats.understood import Understood, UnreadableRecordError

__all__ = ["Formats", "Understood", "UnreadableRecordError"]
