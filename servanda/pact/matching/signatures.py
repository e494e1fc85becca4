"""Telling the media type of data by how it begins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from xml.etree import ElementTree as ET

from servanda.documents import parse_payload
from servanda.errors import ContractError
from servanda.pact import media

_BEGINNINGS: Final[Mapping[str, tuple[bytes, ...]]] = {
    "application/gzip": (b"\x1f\x8b",),
    "application/pdf": (b"%PDF-",),
    "application/zip": (b"PK\x03\x04", b"PK\x05\x06"),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
}


def is_of_type(data: bytes, content_type: str) -> bool:
    """Tell whether data are of a media type.

    Raises:
        ContractError: The type is none that can be told from the data.
    """
    name = media.bare(content_type)
    if name in _BEGINNINGS:
        return data.startswith(_BEGINNINGS[name])
    if media.is_json(name):
        return _is_json(data)
    if name in ("application/xml", "text/xml"):
        return _is_xml(data)
    if name.startswith("text/"):
        return _is_text(data)
    raise ContractError(f"the content type '{content_type}' cannot be detected from the bytes of a body")


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
