"""Declarations that a workspace may have only once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from servanda.interfaces.protobuf.schema import File


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
