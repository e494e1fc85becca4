"""Formats of values: what is written under which keys, for how long, by whom and for whom."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from servanda.documents import ParsedDocument, Pointer
from servanda.interfaces.values.pattern import Pattern
from servanda.verdict import Span


class RedisType(enum.StrEnum):
    """Type of a value, as Redis calls it; a channel holds none, but its messages have a format, too."""

    STRING = "string"
    HASH = "hash"
    SET = "set"
    ZSET = "zset"
    LIST = "list"
    STREAM = "stream"
    CHANNEL = "channel"

    @property
    def has_fields(self) -> bool:
        """Tell whether such a value is made of named fields."""
        return self in (RedisType.HASH, RedisType.STREAM)


class Encoding(enum.StrEnum):
    """Encoding of a value, a member or a field."""

    JSON = "json"
    PROTOBUF = "protobuf"
    TEXT = "text"
    INTEGER = "integer"
    BINARY = "binary"


class Policy(enum.StrEnum):
    """Policy of changes of a format."""

    FULL = "full"
    """Each version reads what the other one wrote: a rollback leaves the values of the new version behind."""
    COLD_ON_CHANGE = "cold-on-change"
    """A change moves the values to a new prefix, where there are none yet."""


@dataclass(frozen=True, slots=True)
class Content:
    """Content of a value, a member or a field.

    Attributes:
        message: Full name of the message, if it is protobuf; name of the form, if it is binary.
        schema: JSON Schema of the value, if it says one.
        pointer: Where it stands in the document.
        is_required: Whether every value has this field.
    """

    encoding: Encoding
    message: str = ""
    schema: Mapping[str, object] | None = None
    pointer: Pointer = ()
    is_required: bool = True

    @property
    def shown(self) -> str:
        """Return the encoding with its name, for messages."""
        return f"{self.encoding} {self.message}" if self.message else str(self.encoding)


@dataclass(frozen=True, slots=True)
class Format:
    """Format of the values under the keys of one pattern.

    Attributes:
        owner: Service whose document declares it.
        contents: Content of each field by the pattern of its name; of a value, its members or its messages by "".
        ttl: The longest time that a value stays, in seconds; ``None`` for ever.
        document: The document that declares it.
    """

    owner: str
    name: str
    key: Pattern
    type: RedisType
    contents: Mapping[str, Content]
    ttl: int | None
    writers: tuple[str, ...]
    readers: tuple[str, ...]
    policy: Policy
    document: ParsedDocument = field(repr=False, compare=False)

    @property
    def element(self) -> str:
        """Return its full name."""
        return f"{self.owner}.{self.name}"

    def span(self, *inner: str) -> Span:
        """Return where it stands, or a part of it."""
        return Span(self.document.path, *self.document.span(("formats", self.name, *inner)))


@dataclass(frozen=True, slots=True)
class Formats:
    """All formats that a repository declares."""

    all: tuple[Format, ...]
