"""Telling the media type of data by how it begins."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from xml.etree import ElementTree as ET

from servanda.documents import parse_payload
from servanda.errors import ContractError
from servanda.pact import media

_BEGINNINGS: Final[Mapping[str, tuple[bytes, ...]]] = MappingProxyType(
    {
        "application/gzip": (b"\x1f\x8b",),
        "application/pdf": (b"%PDF-",),
        "application/zip": (b"PK\x03\x04", b"PK\x05\x06"),
        "image/gif": (b"GIF87a", b"GIF89a"),
        "image/jpeg": (b"\xff\xd8\xff",),
        "image/png": (b"\x89PNG\r\n\x1a\n",),
    }
)
_ALIASES: Final = MappingProxyType({"image/jpg": "image/jpeg", "application/x-gzip": "application/gzip"})


def is_of_type(data: bytes, content_type: str) -> bool:
    """Tell whether data are of a media type.

    Raises:
        ContractError: The type is none that can be told from the data.
    """
    name = media.bare(content_type)
    name = _ALIASES.get(name, name)
    if name in _BEGINNINGS:
        return data.startswith(_BEGINNINGS[name])
    if name == "application/octet-stream":
        return True
    if media.is_json(name):
        return _is_json(data)
    if media.is_xml(name):
        return _is_xml(data)
    if name.startswith("text/") or media.is_form(name):
        return _is_text(data)
    return _is_of_known_type(data, name, content_type)


def _is_of_known_type(data: bytes, name: str, content_type: str) -> bool:
    # It reads a table of all types when it is imported.
    import puremagic  # noqa: PLC0415

    # Only there in every version: from Python 3.12 on another one is installed than before.
    if name not in {known.mime_type.strip().lower() for known in puremagic.main.magic_header_array}:
        raise ContractError(f"the content type '{content_type}' cannot be detected from the bytes of a body")
    try:
        found = puremagic.magic_string(data)
    except (puremagic.PureError, ValueError):
        return False
    return any(each.mime_type.strip().lower() == name for each in found)


def _is_json(data: bytes) -> bool:
    try:
        parse_payload(data)
    except ValueError:
        return False
    return True


def _is_xml(data: bytes) -> bool:
    try:
        ET.fromstring(data)  # noqa: S314 - expat refuses to expand entities without limit since 2.4.1
    except ET.ParseError:
        return False
    return True


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
