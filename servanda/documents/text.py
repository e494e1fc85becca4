"""The text of a document: decoded, with a line and a column for each offset in it."""

from __future__ import annotations

import codecs
import itertools
import re
from bisect import bisect_right
from functools import cached_property

from servanda.errors import ServandaError

_BREAK = re.compile(r"\r\n|\n|\r")
_OTHER_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class DocumentText:
    """A text and how errors about it are made.

    Attributes:
        text: What was decoded.
        path: The file, as it is shown to a person.
        error: The kind of error that is made of what is wrong with it.
    """

    def __init__(self, text: str, path: str, error: type[ServandaError]) -> None:
        self.text = text
        self.path = path
        self.error = error

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column of an offset, both counted from 1."""
        index = bisect_right(self._lines, offset)
        return index, offset - self._lines[index - 1] + 1

    def where(self, offset: int) -> str:
        """Return an offset as ``path:line:column``."""
        line, column = self.position(offset)
        return f"{self.path}:{line}:{column}"

    def fault(self, what: str, offset: int, hint: str | None = None) -> ServandaError:
        """Return the error that something is wrong at an offset."""
        return self.error(what, where=self.where(offset), hint=hint)

    @cached_property
    def _lines(self) -> list[int]:
        if "\r" in self.text:
            return [0, *(found.end() for found in _BREAK.finditer(self.text))]
        *broken, _ = self.text.split("\n")
        return [0, *itertools.accumulate(map((1).__add__, map(len, broken)))]


def decode(content: bytes, path: str, error: type[ServandaError]) -> DocumentText:
    """Decode UTF-8; a byte order mark in front is left out.

    Raises:
        ServandaError: It is another encoding, of the kind ``error``.
    """
    hint = "save it as UTF-8"
    if content.startswith(_OTHER_MARKS):
        raise error("expected UTF-8, found a byte order mark of UTF-16 or UTF-32", where=path, hint=hint)
    try:
        return DocumentText(content.decode("utf-8-sig"), path, error)
    except UnicodeDecodeError as wrong:
        # The bytes before the wrong one are UTF-8.
        before = DocumentText(content[: wrong.start].decode("utf-8-sig", "replace"), path, error)
        what = f"expected UTF-8, found the byte 0x{content[wrong.start]:02x}"
        raise before.fault(what, len(before.text), hint) from None
