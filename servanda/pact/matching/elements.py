"""XML documents as trees of elements, read without entities and within bounds."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from servanda.documents import DocumentLimits
from servanda.errors import LimitError

_DEPTH: Final = DocumentLimits().depth
_SEPARATOR: Final = "\n"
_MARKS: Final = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class MalformedError(Exception):
    """The text is no XML, or declares a document type."""


@dataclass(slots=True)
class Element:
    """An element of a document.

    Attributes:
        name: Its name; of a namespace as ``uri:name``.
        attributes: Values by name, of a namespace as ``uri:name``; declarations of namespaces are none.
        children: The elements within it, in their order.
        text: The texts directly within it, without the space around each.
    """

    name: str
    attributes: Mapping[str, str]
    children: list[Element] = field(default_factory=list)
    text: str = ""


@dataclass(frozen=True, slots=True)
class XmlDocument:
    """A document.

    Attributes:
        root: The outermost element.
        prefixes: Namespaces by the prefix that a document gives them; the default one has the empty prefix.
    """

    root: Element
    prefixes: Mapping[str, str]


def parse(content: bytes, charset: str = "") -> XmlDocument:
    """Return the document that is written in a body.

    Args:
        content: The body.
        charset: The one that its header names, which counts more than what is written in it, but not more than a byte
            order mark (RFC 7303, section 3); empty if it names none.

    Raises:
        MalformedError: It is no XML, or declares a document type: entities come with one, and nothing else that counts.
        LimitError: Its elements are nested too deeply.
    """
    return _Reading().read(_decoded(content, charset))


def _decoded(content: bytes, charset: str) -> bytes | str:
    if not charset or content.startswith(_MARKS):
        return content
    try:
        return content.decode(charset)
    except (ValueError, LookupError):
        return content


class _Reading:
    """One pass over a text."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartNamespaceDeclHandler = self._namespace
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._root: Element | None = None
        self._prefixes: dict[str, str] = {}

    def read(self, content: bytes | str) -> XmlDocument:
        try:
            self._parser.Parse(content, True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise MalformedError(str(error)) from None
        if self._root is None:
            raise MalformedError("it has no element")
        return XmlDocument(self._root, self._prefixes)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= _DEPTH:
            raise LimitError(f"the body cannot be compared: its elements are nested more than {_DEPTH} levels deep")
        element = Element(_joined(name), {_joined(key): value for key, value in attributes.items()})
        if self._open:
            self._open[-1].children.append(element)
            self._texts[-1].append("")
        else:
            self._root = element
        self._open.append(element)
        self._texts.append([""])

    def _end(self, _name: str) -> None:
        self._open.pop().text = "".join(text.strip() for text in self._texts.pop())

    def _characters(self, text: str) -> None:
        self._texts[-1][-1] += text

    def _namespace(self, prefix: str | None, uri: str) -> None:
        self._prefixes.setdefault(prefix or "", uri)

    def _doctype(self, *_: object) -> None:
        raise MalformedError("it declares a document type")


def _joined(name: str) -> str:
    return name.replace(_SEPARATOR, ":", 1)


def by_name(elements: list[Element]) -> Iterator[tuple[str, list[Element]]]:
    """Yield elements in groups of one name, in the order of the first of each."""
    groups: dict[str, list[Element]] = {}
    for element in elements:
        groups.setdefault(element.name, []).append(element)
    yield from groups.items()
