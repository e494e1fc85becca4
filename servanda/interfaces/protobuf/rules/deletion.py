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


RULES: tuple[Rule, ...] = (
    Rule(
        id="EXTENSION_NO_DELETE",
        purpose="Checks that extensions are not deleted from a file.",
        why="Code that names the extension does not compile any more, and what was written with it is unknown bytes.",
        categories=(Category.FILE,),
        subject=Subject.FILE,
        handler=from_file("Extension", EXTENSIONS),
        breaks=GONE,
        effect=BREAKS_USERS_IF_GONE,
        remedy=Remedy(
            expand="Keep the field, mark it deprecated, and go on filling it.",
            migrate="Let every consumer leave it; 'servanda usage' names those that did not.",
            contract="Delete it, with its number and name reserved.",
            before="string nickname = 4;",
            after='string nickname = 4 [deprecated = true];\n\n// a later release\nreserved 4;\nreserved "nickname";',
        ),
    ),
    Rule(
        id="SERVICE_NO_DELETE",
        purpose="Checks that services are not deleted from a file.",
        why="Every call of the service fails with UNIMPLEMENTED, and generated clients do not compile any more.",
        categories=(Category.FILE,),
        subject=Subject.FILE,
        handler=from_file("Service", SERVICES),
        breaks=REFUSAL,
        effect=BREAKS_USERS_IF_GONE,
        remedy=Remedy(
            expand="Keep it working, mark it deprecated, and offer what replaces it beside it.",
            migrate="Let every consumer call the new one; 'servanda usage' names those that call the old one.",
            contract="Delete it in a release of a new major version.",
            before="rpc Find(FindRequest) returns (FindResponse);",
            after=(
                "rpc Find(FindRequest) returns (FindResponse) {\n"
                "  option deprecated = true;\n"
                "}\n"
                "rpc Search(SearchRequest) returns (SearchResponse);"
            ),
        ),
    ),
    Rule(
        id="ENUM_NO_DELETE",
        purpose="Checks that enums are not deleted from a file.",
        why="Code that names the type does not compile any more, and what was written with it cannot be read.",
        categories=IN_FILE,
        subject=Subject.FILE,
        handler=from_file("Enum", ENUMS),
        breaks=GONE,
        effect=BREAKS_USERS_IF_GONE,
        remedy=Remedy(
            expand="Keep the definitions where they are and add the new ones in a package of the next version.",
            migrate="Let every consumer use the new package; serve both meanwhile.",
            contract="Delete the old package.",
            before="package shop.v1;",
            after="package shop.v1;  // stays, deprecated\npackage shop.v2;  // a file of its own",
        ),
    ),
    Rule(
        id="MESSAGE_NO_DELETE",
        purpose="Checks that messages are not deleted from a file.",
        why="Code that names the type does not compile any more, and what was written with it cannot be read.",
        categories=IN_FILE,
        subject=Subject.FILE,
        handler=from_file("Message", MESSAGES),
        breaks=GONE,
        effect=BREAKS_USERS_IF_GONE,
        remedy=Remedy(
            expand="Keep the definitions where they are and add the new ones in a package of the next version.",
            migrate="Let every consumer use the new package; serve both meanwhile.",
            contract="Delete the old package.",
            before="package shop.v1;",
            after="package shop.v1;  // stays, deprecated\npackage shop.v2;  // a file of its own",
        ),
    ),
    Rule(
        id="PACKAGE_NO_DELETE",
        purpose="Checks that packages are not deleted.",
        why="Whoever uses anything of the package, in whichever file it was, loses it.",
        categories=(Category.PACKAGE,),
        subject=Subject.STATE,
        handler=package,
        breaks=GONE,
        effect=replace(BREAKS_USERS, scope=Scope.FILE, when=When.IF_GONE),
        remedy=Remedy(
            expand="Keep the definitions where they are and add the new ones in a package of the next version.",
            migrate="Let every consumer use the new package; serve both meanwhile.",
            contract="Delete the old package.",
            before="package shop.v1;",
            after="package shop.v1;  // stays, deprecated\npackage shop.v2;  // a file of its own",
        ),
    ),
    Rule(
        id="PACKAGE_ENUM_NO_DELETE",
        purpose="Checks that enums are not deleted from a package.",
        why="Code that names the type does not compile any more, and what was written with it cannot be read.",
        categories=(Category.PACKAGE,),
        subject=Subject.STATE,
        handler=from_package("Enum", ENUMS),
        breaks=GONE,
        effect=BREAKS_USERS_IF_GONE,
        remedy=Remedy(
            expand="Keep the definitions where they are and add the new ones in a package of the next version.",
            migrate="Let every consumer use the new package; serve both meanwhile.",
            contract="Delete the old package.",
            before="package shop.v1;",
            after="package shop.v1;  // stays, deprecated\npackage shop.v2;  // a file of its own",
        ),
    ),
    Rule(
        id="PACKAGE_EXTENSION_NO_DELETE",
        purpose="Checks that extensions are not deleted from a package.",
        why="Code that names the extension does not compile any more, and what was written with it is unknown bytes.",
        categories=(Category.PACKAGE,),
        subject=Subject.STATE,
        handler=from_package("Extension", EXTENSIONS),
        breaks=GONE,
        effect=BREAKS_USERS_IF_GONE,
        remedy=Remedy(
            expand="Keep the field, mark it deprecated, and go on filling it.",
            migrate="Let every consumer leave it; 'servanda usage' names those that did not.",
            contract="Delete it, with its number and name reserved.",
            before="string nickname = 4;",
            after='string nickname = 4 [deprecated = true];\n\n// a later release\nreserved 4;\nreserved "nickname";',
        ),
    ),
    Rule(
        id="PACKAGE_MESSAGE_NO_DELETE",
        purpose="Checks that messages are not deleted from a package.",
        why="Code that names the type does not compile any more, and what was written with it cannot be read.",
        categories=(Category.PACKAGE,),
        subject=Subject.STATE,
        handler=from_package("Message", MESSAGES),
        breaks=GONE,
        effect=BREAKS_USERS_IF_GONE,
        remedy=Remedy(
            expand="Keep the definitions where they are and add the new ones in a package of the next version.",
            migrate="Let every consumer use the new package; serve both meanwhile.",
            contract="Delete the old package.",
            before="package shop.v1;",
            after="package shop.v1;  // stays, deprecated\npackage shop.v2;  // a file of its own",
        ),
    ),
    Rule(
        id="PACKAGE_SERVICE_NO_DELETE",
        purpose="Checks that services are not deleted from a package.",
        why="Every call of the service fails with UNIMPLEMENTED, and generated clients do not compile any more.",
        categories=(Category.PACKAGE,),
        subject=Subject.STATE,
        handler=from_package("Service", SERVICES),
        breaks=REFUSAL,
        effect=BREAKS_USERS_IF_GONE,
        remedy=Remedy(
            expand="Keep it working, mark it deprecated, and offer what replaces it beside it.",
            migrate="Let every consumer call the new one; 'servanda usage' names those that call the old one.",
            contract="Delete it in a release of a new major version.",
            before="rpc Find(FindRequest) returns (FindResponse);",
            after=(
                "rpc Find(FindRequest) returns (FindResponse) {\n"
                "  option deprecated = true;\n"
                "}\n"
                "rpc Search(SearchRequest) returns (SearchResponse);"
            ),
        ),
    ),
)
