"""The protobuf library, where its supported versions differ: 5.29, the oldest, to the newest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import google.protobuf
from google.protobuf.message import Message

COMPARES_UNKNOWN_FIELDS: Final = int(google.protobuf.__version__.partition(".")[0]) > 5
"""Whether the library compares fields that a type does not know, in whatever order they are."""


def is_repeated(field: Any) -> bool:
    """Tell whether a field holds many values; before 6.31 its descriptor said that by its label alone.

    Args:
        field: A descriptor of a field, of whichever implementation of the library.
    """
    try:
        return bool(field.is_repeated)
    except AttributeError:
        return bool(field.label == field.LABEL_REPEATED)


def equal(one: Message, other: Message) -> bool:
    """Tell whether two messages hold the same, with what they hold of fields that their type does not know.

    Version 5 takes a message for equal to one that has the same unknown fields and more behind them: an option that was
    added would be passed over. There the bytes are compared as well, so that another order of unknown fields counts.
    """
    return one == other and (COMPARES_UNKNOWN_FIELDS or _written(one) == _written(other))


def all_equal(ones: Sequence[Message], others: Sequence[Message]) -> bool:
    """Tell whether two lists hold equal messages in the same order."""
    return len(ones) == len(others) and all(map(equal, ones, others))


def _written(message: Message) -> bytes:
    return message.SerializeToString(deterministic=True)
