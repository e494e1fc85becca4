"""Values of the input in JSON, XML, HTML, URIs and the workflow commands of GitHub."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from urllib.parse import quote
from xml.etree import ElementTree as ET

from servanda.escaping.characters import MARKER, UNSAFE_WITHIN_LINES, line, path_bytes, visible
from servanda.escaping.secrets import may_hold_credentials, redact


def json_text(document: object) -> str:
    r"""Render JSON values; a reader gets the very strings back, passwords of URLs excepted.

    Characters that :func:`visible` shows as escapes are written as JSON's own, such as ``\u202e``.
    """
    text = json.dumps(document, indent=2, ensure_ascii=False)
    if may_hold_credentials(text):
        text = json.dumps(_redacted(document), indent=2, ensure_ascii=False)
    if "##" in text or "[[" in text:
        text = MARKER.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return UNSAFE_WITHIN_LINES.sub(_json_escape, text) + "\n"


def _redacted(value: object) -> object:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return {_redacted(key): _redacted(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_redacted(each) for each in value]
    return value


def _json_escape(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1]


def xml_text(root: ET.Element) -> str:
    """Render an XML document whose texts went through :func:`visible`, which XML 1.0 can hold all of."""
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def html_text(text: str) -> str:
    """Show a text in HTML, within an element or an attribute in quotes."""
    return html.escape(line(text))


def html_marked(text: str, start: int, end: int) -> str:
    """Show a text in HTML with the stretch from ``start`` up to ``end`` marked.

    Nothing is marked where a mark would change what is shown: within an escape, or within what is redacted.
    """
    if start == end:
        return html_text(text)
    pieces = [visible(piece) for piece in (text[:start], text[start:end], text[end:])]
    if "".join(pieces) != line(text):
        return html_text(text)
    before, marked, after = map(html.escape, pieces)
    return f"{before}<mark>{marked}</mark>{after}"


def uri_path(path: str) -> str:
    """Write a path as a relative reference (RFC 3986), its bytes as the file system has them."""
    return quote(path_bytes(path))


def command_data(text: str) -> str:
    """Write the message of a workflow command of GitHub, of which each line was escaped already."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def command_property(text: str) -> str:
    """Write the value of a property of a workflow command of GitHub."""
    return command_data(visible(text)).replace(":", "%3A").replace(",", "%2C")
