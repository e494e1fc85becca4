"""Comparing bodies of several parts (RFC 2046, section 5.1), part by part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.parser import BytesParser
from typing import Final

from servanda.pact import media

_MOST: Final = 1_000


class MalformedError(Exception):
    """The body does not consist of parts."""


@dataclass(frozen=True, slots=True)
class BodyPart:
    """One part of a body.

    Attributes:
        name: The field of a form that it is, else its number, counted from 0.
        file_name: Name of the file that it is; empty if it is none.
        content_type: Its media type with parameters; ``text/plain`` if it names none (RFC 2046, section 5.1).
        content: What it holds, decoded.
    """

    name: str
    file_name: str
    content_type: str
    content: bytes


def parts(body: bytes, content_type: str) -> Iterator[BodyPart]:
    """Yield the parts of a body.

    Args:
        body: As it was sent.
        content_type: Its media type with the boundary; without one, the first line is the boundary.

    Raises:
        MalformedError: It does not consist of parts, or of more than a thousand.
    """
    boundary = media.parameters(content_type).get("boundary") or _first_line(body)
    header = f'Content-Type: {media.bare(content_type)}; boundary="{boundary}"\r\n\r\n'.encode()
    # The message class of this policy reads headers as they are meant.
    message = BytesParser(policy=policy.HTTP).parsebytes(header + body.lstrip(b"\r\n"))
    if not message.is_multipart() or message.defects:
        raise MalformedError("it does not consist of parts")
    for number, part in enumerate(message.iter_parts()):
        if number >= _MOST:
            raise MalformedError(f"it has more than {_MOST} parts")
        payload = part.get_payload(decode=True)
        yield BodyPart(
            name=str(part.get_param("name", str(number), header="content-disposition")),
            file_name=part.get_filename("") or "",
            content_type=str(part.get("content-type", "text/plain")),
            content=payload if isinstance(payload, bytes) else part.as_bytes(),
        )


def _first_line(body: bytes) -> str:
    first = body.lstrip().partition(b"\n")[0].strip()
    if not first.startswith(b"--"):
        raise MalformedError("it does not begin with a boundary")
    return first[2:].decode("utf-8", errors="replace")
