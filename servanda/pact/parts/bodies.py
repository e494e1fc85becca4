"""Bodies: of HTTP in ``body``, of messages in ``contents``; version 3 writes the bare content."""

from __future__ import annotations

import base64
import binascii
import json

from servanda.documents import Table
from servanda.pact.document import Body
from servanda.pact.media import is_json

_WRITTEN = frozenset({"content", "contentType", "contentTypeHint", "encoded"})


def of_http(part: Table) -> Body | None:
    """Return the body of a request or response; ``None`` if the contract says nothing of one."""
    value = part.raw.get("body")
    if "body" not in part.raw:
        return None
    if isinstance(value, dict) and "content" in value and set(value) <= _WRITTEN:
        return _body(part.table("body"))
    return _bare(value)


def of_contents(part: Table) -> Body | None:
    """Return the contents of a message; ``None`` if the contract says nothing of them."""
    value = part.raw.get("contents")
    if value is None:
        return None
    if isinstance(value, dict) and set(value) <= _WRITTEN:
        return _body(part.table("contents"))
    return _bare(value)


def _bare(value: object) -> Body:
    if isinstance(value, str):
        return Body(value.encode(), "text/plain")
    return Body(json.dumps(value, ensure_ascii=False).encode(), "application/json")


def _body(part: Table) -> Body | None:
    content, content_type = part.raw.get("content"), part.text("contentType", "")
    encoded = part.raw.get("encoded", False)
    if "content" not in part.raw:
        return None
    if isinstance(encoded, str) and encoded.lower() == "json":
        return Body(str(content).encode(), content_type)
    if encoded:
        try:
            return Body(base64.b64decode(str(content), validate=True), content_type)
        except (binascii.Error, ValueError) as error:
            raise part.required("content").error(f"is not base64: {error}") from None
    if isinstance(content, str) and (not is_json(content_type) or content == ""):
        return Body(content.encode(), content_type)
    return Body(json.dumps(content, ensure_ascii=False).encode(), content_type or "application/json")
