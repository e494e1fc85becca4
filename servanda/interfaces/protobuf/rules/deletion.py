"""Rules about things that are gone from a file or from a package."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from google.protobuf.descriptor_pb2 import DescriptorProto
from google.protobuf.message import Message

from servanda.interfaces.effect import BREAKS_USERS, BREAKS_USERS_IF_GONE, Scope, When
from servanda.interfaces.protobuf.rules.categories import IN_FILE, Category
from servanda.interfaces.protobuf.rules.subject import Comparison, Pair, Subject, at_remains
from servanda.interfaces.protobuf.schema import Element, File, State
from servanda.interfaces.rule import Handler, Objection, Remedy, Rule
from servanda.interfaces.transition import GONE, REFUSAL

Elements = Callable[[File], Mapping[str, Element[Message]]]

MESSAGES: Elements = lambda file: file.messages  # noqa: E731  # a name for a column, not a function with a body
ENUMS: Elements = lambda file: file.enums  # noqa: E731
EXTENSIONS: Elements = lambda file: file.extensions  # noqa: E731
SERVICES: Elements = lambda file: file.services  # noqa: E731


def from_file(what: str, elements: Elements) -> Handler:
    """Return the handler that objects to whatever is gone from a file that is still there."""

    def handler(pair: Pair[File]) -> Iterator[Objection]:
        left = elements(pair.current)
        for name, gone in elements(pair.previous).items():
            if name not in left:
                text = f"{what} {name!r} was deleted from the file."
                yield at_remains(gone, pair.current, pair.current.messages, text)

    return handler


def from_package(what: str, elements: Elements) -> Handler:
    """Return the handler that objects to whatever is gone from every file of a package that is still there."""

    def handler(comparison: Comparison) -> Iterator[Objection]:
        previous, current = comparison.differing
        for name, files in previous.packages.items():
            left = {key for file in current.packages.get(name, ()) for key in elements(file)}
            gone = [element for file in files for key, element in elements(file).items() if key not in left]
            # Whether the package speaks can take parsing all of it, so ask only if that matters.
            if not gone or not _speaks(comparison.current, name, elements):
                continue
            everywhere = _messages(current, name) if elements is MESSAGES else None
            for element in gone:
                remaining = current.files.get(element.file.path)
                # A message may have been nested in one of the whole package, everything else in one of its file.
                around = everywhere if everywhere is not None else remaining.messages if remaining else {}
                text = f"{what} {element.nested_name!r} was deleted from package {name!r}."
                yield at_remains(element, remaining, around, text)

    return handler


def package(comparison: Comparison) -> Iterator[Objection]:
    """Packages that no file belongs to any more."""
    for name, files in comparison.previous.packages.items():
        if name not in comparison.current.packages:
            yield Objection("", None, name, f"Package {name!r} was deleted.", files[0].path)


def _speaks(state: State, package_name: str, elements: Elements) -> bool:
    """Tell whether the package is left with something of the kind: if not, other rules speak."""
    files = state.packages.get(package_name)
    if files is None:
        return False
    return elements is SERVICES or any(elements(file) for file in files)


def _messages(state: State, package_name: str) -> Mapping[str, Element[DescriptorProto]]:
    """Return all messages of a package by nested name."""
    return {name: element for each in state.packages.get(package_name, ()) for name, element in each.messages.items()}


RULES: tuple[Rule, ...] = (
    Rule(
        id="EXTENSION_NO_DELETE",
        purpose="Checks that extensions are not deleted from a file.",
        why=(
            "New readers find its bytes among the unknown fields only, old readers find no value, and code that "
            "names it does not compile."
        ),
        categories=(Category.FILE,),
        subject=Subject.FILE,
        handler=from_file("Extension", EXTENSIONS),
        breaks=GONE,
        effect=BREAKS_USERS_IF_GONE,
        remedy=Remedy(
            expand="Keep the extension $name in $file, mark it deprecated, and go on setting number $number.",
            migrate=(
                "Let every reader take the value from where it stands now; a search for '$name' in the consumers' "
                "sources names the others."
            ),
            contract="Delete $name, and leave number $number of the extended message unused for ever.",
            before="$declaration",
            after="$deprecated",
        ),
    ),
    Rule(
        id="SERVICE_NO_DELETE",
        purpose="Checks that services are not deleted from a file.",
        why=(
            "Calls of every rpc of the service end with UNIMPLEMENTED over gRPC and with 404 over HTTP, and code "
            "that names the stub does not compile."
        ),
        categories=(Category.FILE,),
        subject=Subject.FILE,
        handler=from_file("Service", SERVICES),
        breaks=REFUSAL,
        effect=BREAKS_USERS_IF_GONE,
        remedy=Remedy(
            expand="Keep serving $name from $file, mark it deprecated, and offer its successor beside it.",
            migrate="Let every consumer call the successor; 'servanda usage $element' names those that call $name.",
            contract="Delete the service $name in a release of a new major version.",
            before="$declaration",
            after="$deprecated",
        ),
    ),
    Rule(
        id="ENUM_NO_DELETE",
        purpose="Checks that enums are not deleted from a file.",
        why=(
            "Code that names the enum or a value of it does not compile, and fields of its type are gone or have "
            "another type."
        ),
        categories=IN_FILE,
        subject=Subject.FILE,
        handler=from_file("Enum", ENUMS),
        breaks=GONE,
        effect=BREAKS_USERS_IF_GONE,
        remedy=Remedy(
            expand="Keep the enum $name in $file, mark it deprecated, and use its successor in new fields.",
            migrate=(
                "Let every consumer read and write the fields of the successor; 'servanda usage $element' names "
                "those that use $name."
            ),
            contract="Delete the enum $name together with the last field of its type.",
            before="$declaration",
            after="$deprecated",
        ),
    ),
    Rule(
        id="MESSAGE_NO_DELETE",
        purpose="Checks that messages are not deleted from a file.",
        why=(
            "Code that names the generated class does not compile, and new code cannot unpack an Any with its type URL."
        ),
        categories=IN_FILE,
        subject=Subject.FILE,
        handler=from_file("Message", MESSAGES),
        breaks=GONE,
        effect=BREAKS_USERS_IF_GONE,
        remedy=Remedy(
            expand="Keep the message $name in $file, mark it deprecated, and add its successor under a new name.",
            migrate="Let every consumer use the successor; 'servanda usage $element' names those that use $name.",
            contract="Delete the message $name when no field, rpc or stored Any refers to it.",
            before="$declaration",
            after="$deprecated",
        ),
    ),
    Rule(
        id="PACKAGE_NO_DELETE",
        purpose="Checks that packages are not deleted.",
        why=(
            "All messages, enums and services of the package are gone: calls end with UNIMPLEMENTED, and no import "
            "of the generated package compiles."
        ),
        categories=(Category.PACKAGE,),
        subject=Subject.STATE,
        handler=package,
        breaks=GONE,
        effect=replace(BREAKS_USERS, scope=Scope.FILE, when=When.IF_GONE),
        remedy=Remedy(
            expand="Keep package $name, mark its files deprecated, and offer the next version as a package beside it.",
            migrate="Serve both packages until no consumer calls $name; the server's metrics per service name show it.",
            contract="Delete package $name as a whole.",
            before="$declaration",
            after="$deprecated\n\n// a file of its own: the package of the next version",
        ),
    ),
    Rule(
        id="PACKAGE_ENUM_NO_DELETE",
        purpose="Checks that enums are not deleted from a package.",
        why=(
            "No file of the package declares the enum any more, so its full name means nothing to readers of "
            "descriptors and to code that names it."
        ),
        categories=(Category.PACKAGE,),
        subject=Subject.STATE,
        handler=from_package("Enum", ENUMS),
        breaks=GONE,
        effect=BREAKS_USERS_IF_GONE,
        remedy=Remedy(
            expand="Keep the enum $name somewhere in package $package; which file declares it is free under this rule.",
            migrate=(
                "Let every consumer leave $name for its successor; 'servanda usage $element' names those that did not."
            ),
            contract="Delete $name from package $package together with the last field of its type.",
            before="$declaration",
            after="$deprecated",
        ),
    ),
    Rule(
        id="PACKAGE_EXTENSION_NO_DELETE",
        purpose="Checks that extensions are not deleted from a package.",
        why=(
            "No file of the package declares the extension any more, so readers with new code find its bytes among "
            "the unknown fields only."
        ),
        categories=(Category.PACKAGE,),
        subject=Subject.STATE,
        handler=from_package("Extension", EXTENSIONS),
        breaks=GONE,
        effect=BREAKS_USERS_IF_GONE,
        remedy=Remedy(
            expand=(
                "Keep the extension $name somewhere in package $package; which file declares it is free under this "
                "rule."
            ),
            migrate=(
                "Let every reader and writer do without $name; a search in the consumers' sources names those that "
                "use it."
            ),
            contract="Delete $name from package $package, and never give number $number to another extension.",
            before="$declaration",
            after="$deprecated",
        ),
    ),
    Rule(
        id="PACKAGE_MESSAGE_NO_DELETE",
        purpose="Checks that messages are not deleted from a package.",
        why=(
            "No file of the package declares the message any more, so an Any or an event that carries its full name "
            "cannot be decoded."
        ),
        categories=(Category.PACKAGE,),
        subject=Subject.STATE,
        handler=from_package("Message", MESSAGES),
        breaks=GONE,
        effect=BREAKS_USERS_IF_GONE,
        remedy=Remedy(
            expand=(
                "Keep the message $name somewhere in package $package; which file declares it is free under this rule."
            ),
            migrate="Let every consumer use the successor of $name; 'servanda usage $element' names those that do not.",
            contract="Delete $name from package $package when no stored record and no field refers to it.",
            before="$declaration",
            after="$deprecated",
        ),
    ),
    Rule(
        id="PACKAGE_SERVICE_NO_DELETE",
        purpose="Checks that services are not deleted from a package.",
        why=(
            "No file of the package declares the service any more, so no new server knows its rpcs, and each call "
            "ends with UNIMPLEMENTED."
        ),
        categories=(Category.PACKAGE,),
        subject=Subject.STATE,
        handler=from_package("Service", SERVICES),
        breaks=REFUSAL,
        effect=BREAKS_USERS_IF_GONE,
        remedy=Remedy(
            expand=(
                "Keep the service $name somewhere in package $package; which file declares it is free under this rule."
            ),
            migrate=(
                "Let every consumer call the successor of $name; 'servanda usage $element' names those that do not."
            ),
            contract="Delete $name from package $package in a release of a new major version.",
            before="$declaration",
            after="$deprecated",
        ),
    ),
)
