"""Rules about things that are gone from a file or from a package."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from google.protobuf.descriptor_pb2 import DescriptorProto
from google.protobuf.message import Message

from servanda.compatibility.rules.rule import Comparison, Handler, Objection, Pair, at_remains
from servanda.compatibility.schema import Element, File, State

Elements = Callable[[File], Mapping[str, Element[Message]]]

MESSAGES: Elements = lambda file: file.messages  # noqa: E731  # a name for a column, not a function with a body
ENUMS: Elements = lambda file: file.enums  # noqa: E731
EXTENSIONS: Elements = lambda file: file.extensions  # noqa: E731
SERVICES: Elements = lambda file: file.services  # noqa: E731


def from_file(what: str, elements: Elements) -> Handler:
    """The handler that objects to whatever is gone from a file that is still there."""

    def handler(pair: Pair[File]) -> Iterator[Objection]:
        left = elements(pair.current)
        for name, gone in elements(pair.previous).items():
            if name not in left:
                text = f"{what} {name!r} was deleted from the file."
                yield at_remains(gone, pair.current, pair.current.messages, text)

    return handler


def from_package(what: str, elements: Elements) -> Handler:
    """The handler that objects to whatever is gone from every file of a package that is still there."""

    def handler(comparison: Comparison) -> Iterator[Objection]:
        previous, current = comparison.differing
        for name, files in previous.packages.items():
            left = {key for file in current.packages.get(name, ()) for key in elements(file)}
            gone = [element for file in files for key, element in elements(file).items() if key not in left]
            # Whether the package speaks can take parsing all of it, so ask only if that matters.
            for element in gone if gone and _speaks(comparison.current, name, elements) else ():
                remaining = current.files.get(element.file.path)
                around = _messages(current, name, remaining, everywhere=elements is MESSAGES)
                text = f"{what} {element.nested_name!r} was deleted from package {name!r}."
                yield at_remains(element, remaining, around, text)

    return handler


def package(comparison: Comparison) -> Iterator[Objection]:
    """Packages that no file belongs to any more."""
    for name, files in comparison.previous.packages.items():
        if name not in comparison.current.packages:
            yield Objection("", None, name, f"Package {name!r} was deleted.", files[0].path)


def _speaks(state: State, package_name: str, elements: Elements) -> bool:
    """Whether the package is left with something of the kind: if not, other rules speak."""
    files = state.packages.get(package_name)
    if files is None:
        return False
    return elements is SERVICES or any(elements(file) for file in files)


def _messages(
    state: State, package_name: str, file: File | None, *, everywhere: bool
) -> Mapping[str, Element[DescriptorProto]]:
    """Messages that something gone may have been nested in: in its file, or for messages in the whole package."""
    if everywhere:
        return {
            name: element for each in state.packages.get(package_name, ()) for name, element in each.messages.items()
        }
    return file.messages if file else {}
