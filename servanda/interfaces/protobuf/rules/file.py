"""Rules about a file: that it stays, keeps its package and syntax, and generates code under the same names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from google.protobuf.descriptor_pb2 import FileDescriptorProto

from servanda.interfaces.effect import BREAKS_USERS, MAY_AFFECT_USERS_OF_FILE, Scope, When
from servanda.interfaces.protobuf.rules.categories import EVERY_LEVEL, IN_FILE, SCHEMA
from servanda.interfaces.protobuf.rules.subject import Comparison, Pair, Subject, at_file
from servanda.interfaces.protobuf.schema import File
from servanda.interfaces.protobuf.schema.features import syntax
from servanda.interfaces.rule import Objection, Remedy, Rule
from servanda.interfaces.transition import BOTH_WAYS, GONE

_PACKAGE = FileDescriptorProto.PACKAGE_FIELD_NUMBER
_OPTIONS = FileDescriptorProto.OPTIONS_FIELD_NUMBER
_SYNTAX = FileDescriptorProto.SYNTAX_FIELD_NUMBER


def no_delete(comparison: Comparison) -> Iterator[Objection]:
    """Object to files that are gone."""
    for path in comparison.previous.files:
        if path not in comparison.current.files:
            yield Objection("", None, path, f"File {path!r} was deleted.", path)


def same_package(pair: Pair[File]) -> Iterator[Objection]:
    """Object to a package that is called otherwise, with all that is in it."""
    renamed = _extent(pair.previous)
    for objection in same(pair, "package", lambda file: file.package, _PACKAGE):
        yield replace(objection, beside=f"and with it {renamed}") if renamed else objection


def _extent(file: File) -> str:
    """Tell how many declarations of each kind have the name of the package in theirs."""
    declared = {"service": file.services, "message": file.messages, "enum": file.enums, "extension": file.extensions}
    counts = {kind: sum(1 for each in found.values() if each.parent is None) for kind, found in declared.items()}
    return ", ".join(f"{count} {kind}{'s' * (count != 1)}" for kind, count in counts.items() if count)


def same_syntax(pair: Pair[File]) -> Iterator[Objection]:
    """Object to another syntax, which changes presence, openness of enums and encoding."""
    yield from same(pair, "syntax", lambda file: syntax(file.proto), _SYNTAX)


def same(pair: Pair[File], what: str, read: Callable[[File], str], *place: int) -> Iterator[Objection]:
    """Yield the objection to something of a file that is not what it was.

    Args:
        pair: The file.
        what: What is compared, for the message.
        read: Reads it from one side.
        place: Its source path.
    """
    before, after = read(pair.previous), read(pair.current)
    if before != after:
        yield at_file(pair, f"The file's {what} changed from {before!r} to {after!r}.", *place)


RULES: tuple[Rule, ...] = (
    Rule(
        id="FILE_NO_DELETE",
        purpose="Checks that files are not deleted.",
        why=(
            "Proto files with an import of the deleted one fail in protoc, and code with an import of its generated "
            "module does not compile."
        ),
        categories=IN_FILE,
        subject=Subject.STATE,
        handler=no_delete,
        breaks=GONE,
        effect=replace(BREAKS_USERS, scope=Scope.FILE, when=When.IF_GONE),
        remedy=Remedy(
            expand="Keep $element; if its definitions move, let it import the new file with 'import public'.",
            migrate=(
                "Let every proto file and program import the new file; a search for '$name' in the consumers' "
                "sources names those left."
            ),
            contract="Delete $element in a release of a new major version.",
            before="// $element\n$declaration",
            after='// $element\n$declaration\nimport public "new_home.proto";  // the new file',
        ),
    ),
    Rule(
        id="FILE_SAME_PACKAGE",
        purpose="Checks that files keep their package.",
        why=(
            "Every full name changes: calls to the old service names end with UNIMPLEMENTED, Any holds unknown type "
            "URLs, and generated code moves."
        ),
        categories=EVERY_LEVEL,
        subject=Subject.FILE,
        handler=same_package,
        breaks=BOTH_WAYS,
        effect=replace(BREAKS_USERS, scope=Scope.FILE, when=When.IF_GONE),
        remedy=Remedy(
            expand="Leave $element in package $package, and add a copy of the file in package $new_package.",
            migrate=(
                "Serve the services of both packages until no consumer calls $package; the server's metrics per "
                "service name show it."
            ),
            contract="Delete $element with package $package in a release of a new major version.",
            before="// $element\n$declaration",
            after="// $element\n$deprecated\n\n// a file of its own\npackage $new_package;",
        ),
    ),
    Rule(
        id="FILE_SAME_SYNTAX",
        purpose="Checks that files keep their syntax.",
        why=(
            "Syntax and edition decide whether a field has presence, whether an enum is open and whether numbers are "
            "packed, so old and new code read one message differently."
        ),
        categories=SCHEMA,
        subject=Subject.FILE,
        handler=same_syntax,
        breaks=BOTH_WAYS,
        effect=MAY_AFFECT_USERS_OF_FILE,
        remedy=Remedy(
            expand=(
                "Keep the syntax of $element, and set the features of the new edition so that they equal the old "
                "behavior."
            ),
            migrate=(
                "Change one feature at a time, each examined by 'servanda check', and let consumers generate their "
                "code again."
            ),
            contract="Remove each feature setting from $element when the default of the edition holds for everybody.",
            before="// $element\n$syntax",
            after="// $element\n$syntax\n// first the edition with the old features, then one feature at a time",
        ),
    ),
)
