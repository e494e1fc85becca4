"""Bodies: of HTTP in ``body``, of messages in ``contents``; version 3 writes the bare content."""

from __future__ import annotations

import base64
import binascii
import json

from servanda.errors import ContractError
from servanda.pact.document import Body
from servanda.pact.media import is_json
from servanda.pact.members import Members

_WRITTEN = frozenset({"content", "contentType", "contentTypeHint", "encoded"})


def of_http(part: Members) -> Body | None:
    """The body of a request or response; ``None`` if the contract says nothing of one."""
    value = part.values.get("body")
    if "body" not in part.values:
        return None
    if isinstance(value, dict) and "content" in value and set(value) <= _WRITTEN:
        return _body(Members.of(value, f"{part.where}.body"))
    return _bare(value)


def of_contents(part: Members) -> Body | None:
    """The contents of a message; ``None`` if the contract says nothing of them."""
    value = part.values.get("contents")
    if value is None:
        return None
    if isinstance(value, dict) and set(value) <= _WRITTEN:
        return _body(Members.of(value, f"{part.where}.contents"))
    return _bare(value)


def _bare(value: object) -> Body:
    if isinstance(value, str):
        return Body(value.encode(), "text/plain")
    return Body(json.dumps(value, ensure_ascii=False).encode(), "application/json")


def _body(part: Members) -> Body | None:
    content, content_type = part.values.get("content"), part.text("contentType")
    encoded = part.values.get("encoded", False)
    if "content" not in part.values:
        return None
    if isinstance(encoded, str) and encoded.lower() == "json":
        return Body(str(content).encode(), content_type)
    if encoded:
        try:
            return Body(base64.b64decode(str(content), validate=True), content_type)
        except binascii.Error as error:
            raise ContractError(f"'{part.where}.content' is not base64: {error}") from error
    if isinstance(content, str) and (not is_json(content_type) or content == ""):
        return Body(content.encode(), content_type)
    return Body(json.dumps(content, ensure_ascii=False).encode(), content_type or "application/json")
