"""Words for an element of a proto file, as remedies use them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from google.protobuf.descriptor_pb2 import DescriptorProto, EnumDescriptorProto

from servanda.interfaces.protobuf.declaration import declaration, extensions, kind, reserved
from servanda.interfaces.protobuf.location import Located, file_of, locate, names_of
from servanda.interfaces.protobuf.option_words import OPTION_WORDS
from servanda.interfaces.protobuf.rules.subject import Comparison
from servanda.interfaces.protobuf.schema import Element, File
from servanda.interfaces.protobuf.successor import successor


def words(element: str, comparison: Comparison) -> Mapping[str, str]:
    """Return the words for an element; each is worked out when a remedy asks for it.

    ``element`` is its full name (of a file its path), ``name`` the last part of it, ``container`` what it stands in,
    ``kind`` the sort of it, and ``number`` the number of a field or value. ``declaration`` is its definition as it was
    (of a new element as it is), ``deprecated`` the same, marked as deprecated. ``successor`` proposes a definition for
    what it is now beside what it was, and ``old_name`` and ``new_name`` are the names that its number lost and got.

    ``file`` and ``package`` say where it is declared; each option of a file is a word too, and means its statement.
    ``reserved`` and ``extensions`` are such statements of a message or enum. ``routes`` are the HTTP routes of an rpc
    that changed or went, ``new_routes`` those that came; ``bindings`` and ``new_bindings`` are the same as options.
    ``topic``, ``key``, ``headers`` and ``retention`` are those of an event as it was, ``new_topic`` and ``new_key``
    as it is; ``lost_headers`` and ``added_headers`` are those that went and came. ``constraint`` and
    ``new_constraint`` are what buf.validate demands of a field, oneof or message.
    """
    return _Words(locate(element, comparison))


class _Words(Mapping[str, str]):
    """The words for one element."""

    def __init__(self, located: Located) -> None:
        self._located = located

    def __getitem__(self, word: str) -> str:
        return _WORDS[word](self._located)

    def __iter__(self) -> Iterator[str]:
        return iter(_WORDS)

    def __len__(self) -> int:
        return len(_WORDS)


def _container(it: Located) -> str:
    extended = getattr(it.place.proto, "extendee", "") if isinstance(it.place, Element) else ""
    outer = extended.removeprefix(".") or it.element.rpartition("/" if _is_file(it) else ".")[0]
    return outer or it.element


def _name(it: Located) -> str:
    if it.place is None:
        return it.element
    return it.element.rpartition("/" if _is_file(it) else ".")[2]


def _is_file(it: Located) -> bool:
    return isinstance(it.place, File)


def _kind(it: Located) -> str:
    if isinstance(it.place, Element):
        return kind(it.place)
    return "file" if _is_file(it) else "package"


def _number(it: Located) -> str:
    return str(getattr(it.place.proto, "number", "")) if isinstance(it.place, Element) else ""


def _declaration(it: Located) -> str:
    if isinstance(it.place, Element):
        return declaration(it.place)
    return _statement(_package(it))


def _deprecated(it: Located) -> str:
    if isinstance(it.place, Element):
        return declaration(it.place, deprecated=True)
    return f"{_statement(_package(it))}\noption deprecated = true;"


def _statement(package: str) -> str:
    return f"package {package};" if package else "// no package"


def _changed_name(it: Located, *, new: bool) -> str:
    here, there = (it.now, it.was) if new else (it.was, it.now)
    names = names_of(here)
    changed = [name for name in names if name not in names_of(there)]
    return " and ".join(changed or names[:1]) or _name(it)


def _package(it: Located) -> str:
    file = file_of(it.place)
    return file.package if file is not None else it.element


def _file(it: Located) -> str:
    file = file_of(it.place)
    return file.path if file is not None else ""


def _reserved(it: Located) -> str:
    proto = it.place.proto if isinstance(it.place, Element) else None
    return reserved(proto) if isinstance(proto, DescriptorProto | EnumDescriptorProto) else ""


def _extensions(it: Located) -> str:
    proto = it.place.proto if isinstance(it.place, Element) else None
    return extensions(proto) if isinstance(proto, DescriptorProto) else ""


_NO_PACKAGE = "(none)"
_WORDS: Mapping[str, Callable[[Located], str]] = MappingProxyType(
    {
        "element": lambda it: it.element,
        "name": _name,
        "container": _container,
        "kind": _kind,
        "number": _number,
        "declaration": _declaration,
        "deprecated": _deprecated,
        "successor": successor,
        "old_name": partial(_changed_name, new=False),
        "new_name": partial(_changed_name, new=True),
        "package": lambda it: _package(it) or _NO_PACKAGE,
        "new_package": lambda it: it.now.package or _NO_PACKAGE if isinstance(it.now, File) else "",
        "file": _file,
        "reserved": _reserved,
        "extensions": _extensions,
        **OPTION_WORDS,
    }
)
WORDS: Final = frozenset(_WORDS)
"""All words that a remedy may use."""
