"""Declarations that a workspace may have only once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from servanda.errors import InterfaceError
from servanda.interfaces.protobuf.schema import File

_DECLARED_TWICE: Final = re.compile(r'"([\w.]+)" is already defined in file "([^"]+)"')


def may_collide(fresh: Iterable[File], earlier: Mapping[str, File], others: Iterable[File]) -> bool:
    """Tell whether protoc could object to new declarations if it saw all files at once.

    It sees the files that it compiles, and what these import. If something else declares the same name, it only sees
    that if everything is compiled.

    Args:
        fresh: Files that were compiled.
        earlier: The files of the state before, by path.
        others: Files that were not compiled.
    """
    symbols, packages = set[str](), set[str]()
    for file in fresh:
        before = earlier.get(file.path, _NOTHING)
        symbols |= set(_symbols(file)).difference(_symbols(before))
        packages |= set(_packages(file)).difference(_packages(before))
    scopes: dict[str, set[str]] = {}
    for name in symbols | packages:
        scopes.setdefault(name.rpartition(".")[0], set()).add(name)
    return any(
        not symbols.isdisjoint(_packages(file)) or _declares(file, scopes.get(file.package, set())) for file in others
    )


_NOTHING = File(b"")


def _declares(file: File, names: set[str]) -> bool:
    # Only who mentions one of the names has to be parsed.
    mentioned = any(name.rpartition(".")[2].encode() in file.raw for name in names)
    return mentioned and not names.isdisjoint(_symbols(file))


def _symbols(file: File) -> Iterator[str]:
    """Yield full names of what is declared directly in the package; values of an enum are, beside the enum."""
    proto, scope = file.proto, f"{file.package}." if file.package else ""
    yield from (f"{scope}{message.name}" for message in proto.message_type)
    yield from (f"{scope}{service.name}" for service in proto.service)
    yield from (f"{scope}{extension.name}" for extension in proto.extension)
    for enum in proto.enum_type:
        yield from (f"{scope}{name}" for name in (enum.name, *(value.name for value in enum.value)))


def _packages(file: File) -> Iterator[str]:
    """Yield the package and those around it."""
    package = file.package
    while package:
        yield package
        package = package.rpartition(".")[0]


def require_one_module(error: InterfaceError, places: Mapping[str, str], shown: Callable[[str], str]) -> None:
    """Refuse a name that two modules declare, where protoc only says that it is declared twice.

    Args:
        error: What protoc says.
        places: Place of each file by its path as imports name it.
        shown: What to call a file, by its path as imports name it.

    Raises:
        InterfaceError: Two modules declare it.
    """
    told = sorted(_DECLARED_TWICE.findall(str(error)), key=lambda each: len(each[0]))
    file, _, _ = (error.where or "").rpartition(":")[0].rpartition(":")
    second = next((path for path in places if told and shown(path) == file), None)
    first = told[0][1] if told else ""
    if second is None or first not in places or _module(places, first) == _module(places, second):
        return
    raise InterfaceError(
        f"two modules declare '{told[0][0]}': {shown(first)} and {shown(second)}",
        where=error.where,
        hint="rename one, or give its file another package: no program can load both, and 'buf build' refuses them too",
    ) from error


def _module(places: Mapping[str, str], path: str) -> str:
    return places[path].removesuffix(path)
