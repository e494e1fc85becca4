"""Media types, as far as they tell how a body is read."""

from __future__ import annotations


def bare(content_type: str) -> str:
    """Return the media type without parameters, in lower case."""
    return content_type.partition(";")[0].strip().lower()


def is_json(content_type: str) -> bool:
    """Tell whether bodies of this type are JSON (RFC 6839 for the suffix)."""
    name = bare(content_type)
    return name == "application/json" or name.endswith("+json")


def is_protobuf(content_type: str) -> bool:
    """Tell whether bodies of this type are protobuf messages."""
    return bare(content_type) in ("application/protobuf", "application/x-protobuf", "application/grpc")
