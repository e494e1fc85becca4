"""Bodies: of HTTP in ``body``, of messages in ``contents``; bare until version 3, with a media type since version 4.

What a bare text stands for depends on its media type, as the writers of versions 1 to 3 do it: JSON is written as text
or as the value that it is, binary data in base64, everything else as it is.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Final

from servanda.documents import Table, parse_payload
from servanda.pact import media
from servanda.pact.document import Body

_WRITTEN: Final = frozenset({"content", "contentType", "contentTypeHint", "encoded"})
_MARKUP: Final = re.compile(r"\s*<(\?xml\s|[A-Za-z_])")
_HTML: Final = re.compile(r"\s*<(!doctype\s|html\b)", re.IGNORECASE)


def of_http(part: Table, version: int, content_type: str = "") -> Body | None:
    """Return the body of a request or response; ``None`` if the contract says nothing of one.

    Args:
        part: The request or response.
        version: Of the specification, in which the file is written.
        content_type: Its header, which tells what a bare body is.

    Raises:
        ContractError: It is not encoded as it says.
    """
    return _of(part, "body", version, content_type)


def of_contents(part: Table, version: int, content_type: str = "") -> Body | None:
    """Return the contents of a message, as :func:`of_http` does; a ``null`` says nothing of them."""
    return None if part.raw.get("contents") is None else _of(part, "contents", version, content_type)


def _of(part: Table, key: str, version: int, content_type: str) -> Body | None:
    if key not in part.raw:
        return None
    value = part.raw[key]
    if version >= 4 and isinstance(value, dict) and set(value) <= _WRITTEN:
        return _wrapped(part.table(key), content_type)
    return _bare(value, content_type)


def _bare(value: object, content_type: str) -> Body:
    if value is None:
        return _null(content_type)
    if not isinstance(value, str):
        return Body(json.dumps(value, ensure_ascii=False).encode(), content_type or "application/json")
    content_type = content_type or _detected(value)
    if media.is_json(content_type):
        return Body((value if value == "" or _is_json(value) else json.dumps(value)).encode(), content_type)
    if media.is_binary(content_type):
        return Body(_from_base64(value), content_type)
    return Body(value.encode(), content_type)


def _wrapped(part: Table, content_type: str) -> Body | None:
    content, content_type = part.raw.get("content"), part.text("contentType", "") or content_type
    encoded = part.raw.get("encoded", False)
    if "content" not in part.raw:
        return None
    if content is None:
        return _null(content_type)
    if isinstance(encoded, str) and encoded.lower() == "json":
        return Body(str(content).encode(), content_type)
    if encoded:
        try:
            return Body(base64.b64decode(str(content), validate=True), content_type)
        except (binascii.Error, ValueError) as error:
            raise part.required("content").error(f"is not base64: {error}") from None
    if isinstance(content, str) and (not media.is_json(content_type) or content == ""):
        return Body(content.encode(), content_type)
    return Body(json.dumps(content, ensure_ascii=False).encode(), content_type or "application/json")


def _null(content_type: str) -> Body:
    # Only where a contract declares JSON is its null one that is sent: else there is no body, and no type of one.
    return Body(b"null" if media.is_json(content_type) else b"", content_type, is_null=True)


def _detected(text: str) -> str:
    if _HTML.match(text):
        return "text/html"
    if _MARKUP.match(text):
        return "application/xml"
    return "application/json" if text.lstrip()[:1] in ("{", "[") and _is_json(text) else "text/plain"


def _is_json(text: str) -> bool:
    try:
        parse_payload(text)
    except ValueError:
        return False
    return True


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return text.encode()
