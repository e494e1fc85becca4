"""Spellings: the ways in which ProtoJSON and URLs let one message be written."""

from __future__ import annotations

from enum import StrEnum


class Spelling(StrEnum):
    """Forms of a message that is written for HTTP; every one of them means the same message.

    https://protobuf.dev/programming-guides/json/ says what a parser accepts.
    """

    CANONICAL = "canonical"
    PROTO_NAMES = "proto names"
    ENUM_NUMBERS = "enum numbers"
    INT64_NUMBERS = "int64 as numbers"
    URL_SAFE_BYTES = "url-safe bytes"
    NULLS = "nulls"
    ESCAPED_PATH = "escaped path"
