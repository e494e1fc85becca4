"""Media types, as far as they tell how a body is read."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import Message
from email.utils import collapse_rfc2231_value
from functools import lru_cache
from types import MappingProxyType
from typing import Final

_BINARY: Final = ("audio/", "font/", "image/", "video/")
_GENERAL: Final = frozenset({"application/json", "application/xml", "text/xml"})
_TEXTUAL: Final = frozenset({"application/x-www-form-urlencoded"})


def bare(content_type: str) -> str:
    """Return the media type without parameters, in lower case."""
    return content_type.partition(";")[0].strip().lower()


@lru_cache(maxsize=128)
def parameters(content_type: str) -> Mapping[str, str]:
    """Return the parameters of a media type or of another header that has some: their names in lower case."""
    message = Message()
    message["content-type"] = content_type
    found = message.get_params(failobj=[], header="content-type")[1:]
    return MappingProxyType({name.lower(): collapse_rfc2231_value(value) for name, value in found if name})


def is_json(content_type: str) -> bool:
    """Tell whether bodies of this type are JSON (RFC 6839 for the suffix)."""
    name = bare(content_type)
    return name == "application/json" or name.endswith("+json")


def is_xml(content_type: str) -> bool:
    """Tell whether bodies of this type are XML (RFC 7303 for the types, RFC 6839 for the suffix)."""
    name = bare(content_type)
    return name in ("application/xml", "text/xml") or name.endswith("+xml")


def is_form(content_type: str) -> bool:
    """Tell whether bodies of this type are the fields of a form."""
    return bare(content_type) in _TEXTUAL


def is_text(content_type: str) -> bool:
    """Tell whether bodies of this type are plain text, or a form of text that nothing is known of."""
    return bare(content_type).startswith("text/")


def is_multipart(content_type: str) -> bool:
    """Tell whether bodies of this type consist of several parts (RFC 2046, section 5.1)."""
    return bare(content_type).startswith("multipart/")


def is_protobuf(content_type: str) -> bool:
    """Tell whether bodies of this type are protobuf messages."""
    return bare(content_type) in ("application/protobuf", "application/x-protobuf", "application/grpc")


def is_binary(content_type: str) -> bool:
    """Tell whether bodies of this type are no text, as far as the type tells: those of an unknown one are none."""
    name = bare(content_type)
    if name.startswith(_BINARY):
        return True
    is_text = name.startswith("text/") or is_json(name) or is_xml(name) or is_form(name)
    return bool(name) and not is_text


def is_readable_as(wanted: str, received: str) -> bool:
    """Tell whether who expects bodies of one type can read those of another: ``application/problem+json`` is JSON."""
    if is_protobuf(wanted) and is_protobuf(received):
        return _message(wanted) == _message(received) or not (_message(wanted) and _message(received))
    if bare(wanted) == bare(received):
        return True
    return bare(wanted) in _GENERAL and any(is_of(wanted) and is_of(received) for is_of in (is_json, is_xml))


def _message(content_type: str) -> str:
    return parameters(content_type).get("message", "").lstrip(".")
