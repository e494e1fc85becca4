"""Rules about a file: that it stays, keeps its package and syntax, and generates code under the same names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileOptions

from servanda.interfaces.effect import BREAKS_USERS, MAY_AFFECT_USERS_OF_FILE, Scope, When
from servanda.interfaces.protobuf.rules.categories import EVERY_LEVEL, IN_FILE, SCHEMA, SOURCE
from servanda.interfaces.protobuf.rules.subject import Comparison, Pair, Subject, at_file
from servanda.interfaces.protobuf.schema import File
from servanda.interfaces.protobuf.schema.features import syntax
from servanda.interfaces.rule import Handler, Objection, Remedy, Rule
from servanda.interfaces.transition import BOTH_WAYS, GONE, SOURCE_ONLY

_PACKAGE = FileDescriptorProto.PACKAGE_FIELD_NUMBER
_OPTIONS = FileDescriptorProto.OPTIONS_FIELD_NUMBER
_SYNTAX = FileDescriptorProto.SYNTAX_FIELD_NUMBER


def no_delete(comparison: Comparison) -> Iterator[Objection]:
    """Files that are gone."""
    for path in comparison.previous.files:
        if path not in comparison.current.files:
            yield Objection("", None, path, f"File {path!r} was deleted.", path)


def same_package(pair: Pair[File]) -> Iterator[Objection]:
    """A package that is called otherwise."""
    yield from _same(pair, "package", lambda file: file.package, _PACKAGE)


def same_syntax(pair: Pair[File]) -> Iterator[Objection]:
    """Another syntax, which changes presence, openness of enums and encoding."""
    yield from _same(pair, "syntax", lambda file: syntax(file.proto), _SYNTAX)


def same_option(name: str) -> Handler:
    """The handler for a file option that has to stay as it is."""
    number = FileOptions.DESCRIPTOR.fields_by_name[name].number

    def handler(pair: Pair[File]) -> Iterator[Objection]:
        yield from _same(pair, f"option {name!r}", lambda file: _shown(file, name), _OPTIONS, number)

    return handler


def _shown(file: File, name: str) -> str:
    value: object = getattr(file.proto.options, name)
    field = FileOptions.DESCRIPTOR.fields_by_name[name]
    if field.enum_type is not None:
        return str(field.enum_type.values_by_number[int(str(value))].name)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _same(pair: Pair[File], what: str, read: Callable[[File], str], *place: int) -> Iterator[Objection]:
    before, after = read(pair.previous), read(pair.current)
    if before != after:
        yield at_file(pair, f"The file's {what} changed from {before!r} to {after!r}.", *place)


RULES: tuple[Rule, ...] = (
    Rule(
        id="FILE_NO_DELETE",
        purpose="Checks that files are not deleted.",
        why="Whoever imports the file, or the code that is generated from it, does not compile any more.",
        categories=IN_FILE,
        subject=Subject.STATE,
        handler=no_delete,
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
        id="FILE_SAME_PACKAGE",
        purpose="Checks that files keep their package.",
        why="Every full name in the file changes: calls reach nobody, Any names types that nobody knows, code moves.",
        categories=EVERY_LEVEL,
        subject=Subject.FILE,
        handler=same_package,
        breaks=BOTH_WAYS,
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
        id="FILE_SAME_SYNTAX",
        purpose="Checks that files keep their syntax.",
        why=(
            "Syntax and edition decide on presence, on unknown enum values and on encoding, for everything in the file."
        ),
        categories=SCHEMA,
        subject=Subject.FILE,
        handler=same_syntax,
        breaks=BOTH_WAYS,
        effect=MAY_AFFECT_USERS_OF_FILE,
        remedy=Remedy(
            expand="Keep the option: it names generated code, which consumers import.",
            migrate="Where it has to change, publish the generated code under both names.",
            contract="Withdraw the old name when nobody imports it.",
            before='option go_package = "example.com/shop/v1";',
            after='option go_package = "example.com/shop/v1";  // unchanged',
        ),
    ),
    Rule(
        id="FILE_SAME_CC_ENABLE_ARENAS",
        purpose="Checks that files keep their value of the option cc_enable_arenas.",
        why="C++ code that uses arenas with these messages does not compile any more.",
        categories=SOURCE,
        subject=Subject.FILE,
        handler=same_option("cc_enable_arenas"),
        breaks=SOURCE_ONLY,
        effect=MAY_AFFECT_USERS_OF_FILE,
        remedy=Remedy(
            expand="Keep the option: it names generated code, which consumers import.",
            migrate="Where it has to change, publish the generated code under both names.",
            contract="Withdraw the old name when nobody imports it.",
            before='option go_package = "example.com/shop/v1";',
            after='option go_package = "example.com/shop/v1";  // unchanged',
        ),
    ),
    Rule(
        id="FILE_SAME_CC_GENERIC_SERVICES",
        purpose="Checks that files keep their value of the option cc_generic_services.",
        why="Service classes appear in or vanish from generated code that others extend.",
        categories=SOURCE,
        subject=Subject.FILE,
        handler=same_option("cc_generic_services"),
        breaks=SOURCE_ONLY,
        effect=MAY_AFFECT_USERS_OF_FILE,
        remedy=Remedy(
            expand="Keep the option: it names generated code, which consumers import.",
            migrate="Where it has to change, publish the generated code under both names.",
            contract="Withdraw the old name when nobody imports it.",
            before='option go_package = "example.com/shop/v1";',
            after='option go_package = "example.com/shop/v1";  // unchanged',
        ),
    ),
    Rule(
        id="FILE_SAME_CSHARP_NAMESPACE",
        purpose="Checks that files keep their value of the option csharp_namespace.",
        why="Generated names or namespaces change, so that code which uses them does not compile any more.",
        categories=SOURCE,
        subject=Subject.FILE,
        handler=same_option("csharp_namespace"),
        breaks=SOURCE_ONLY,
        effect=MAY_AFFECT_USERS_OF_FILE,
        remedy=Remedy(
            expand="Keep the option: it names generated code, which consumers import.",
            migrate="Where it has to change, publish the generated code under both names.",
            contract="Withdraw the old name when nobody imports it.",
            before='option go_package = "example.com/shop/v1";',
            after='option go_package = "example.com/shop/v1";  // unchanged',
        ),
    ),
    Rule(
        id="FILE_SAME_GO_PACKAGE",
        purpose="Checks that files keep their value of the option go_package.",
        why="Generated names or namespaces change, so that code which uses them does not compile any more.",
        categories=SOURCE,
        subject=Subject.FILE,
        handler=same_option("go_package"),
        breaks=SOURCE_ONLY,
        effect=MAY_AFFECT_USERS_OF_FILE,
        remedy=Remedy(
            expand="Keep the option: it names generated code, which consumers import.",
            migrate="Where it has to change, publish the generated code under both names.",
            contract="Withdraw the old name when nobody imports it.",
            before='option go_package = "example.com/shop/v1";',
            after='option go_package = "example.com/shop/v1";  // unchanged',
        ),
    ),
    Rule(
        id="FILE_SAME_JAVA_GENERIC_SERVICES",
        purpose="Checks that files keep their value of the option java_generic_services.",
        why="Service classes appear in or vanish from generated code that others extend.",
        categories=SOURCE,
        subject=Subject.FILE,
        handler=same_option("java_generic_services"),
        breaks=SOURCE_ONLY,
        effect=MAY_AFFECT_USERS_OF_FILE,
        remedy=Remedy(
            expand="Keep the option: it names generated code, which consumers import.",
            migrate="Where it has to change, publish the generated code under both names.",
            contract="Withdraw the old name when nobody imports it.",
            before='option go_package = "example.com/shop/v1";',
            after='option go_package = "example.com/shop/v1";  // unchanged',
        ),
    ),
    Rule(
        id="FILE_SAME_JAVA_MULTIPLE_FILES",
        purpose="Checks that files keep their value of the option java_multiple_files.",
        why="Java classes move, so that whoever imports them does not compile any more.",
        categories=SOURCE,
        subject=Subject.FILE,
        handler=same_option("java_multiple_files"),
        breaks=SOURCE_ONLY,
        effect=MAY_AFFECT_USERS_OF_FILE,
        remedy=Remedy(
            expand="Keep the option: it names generated code, which consumers import.",
            migrate="Where it has to change, publish the generated code under both names.",
            contract="Withdraw the old name when nobody imports it.",
            before='option go_package = "example.com/shop/v1";',
            after='option go_package = "example.com/shop/v1";  // unchanged',
        ),
    ),
    Rule(
        id="FILE_SAME_JAVA_OUTER_CLASSNAME",
        purpose="Checks that files keep their value of the option java_outer_classname.",
        why="Java classes move, so that whoever imports them does not compile any more.",
        categories=SOURCE,
        subject=Subject.FILE,
        handler=same_option("java_outer_classname"),
        breaks=SOURCE_ONLY,
        effect=MAY_AFFECT_USERS_OF_FILE,
        remedy=Remedy(
            expand="Keep the option: it names generated code, which consumers import.",
            migrate="Where it has to change, publish the generated code under both names.",
            contract="Withdraw the old name when nobody imports it.",
            before='option go_package = "example.com/shop/v1";',
            after='option go_package = "example.com/shop/v1";  // unchanged',
        ),
    ),
    Rule(
        id="FILE_SAME_JAVA_PACKAGE",
        purpose="Checks that files keep their value of the option java_package.",
        why="Java classes move, so that whoever imports them does not compile any more.",
        categories=SOURCE,
        subject=Subject.FILE,
        handler=same_option("java_package"),
        breaks=SOURCE_ONLY,
        effect=MAY_AFFECT_USERS_OF_FILE,
        remedy=Remedy(
            expand="Keep the option: it names generated code, which consumers import.",
            migrate="Where it has to change, publish the generated code under both names.",
            contract="Withdraw the old name when nobody imports it.",
            before='option go_package = "example.com/shop/v1";',
            after='option go_package = "example.com/shop/v1";  // unchanged',
        ),
    ),
    Rule(
        id="FILE_SAME_OBJC_CLASS_PREFIX",
        purpose="Checks that files keep their value of the option objc_class_prefix.",
        why="Generated names or namespaces change, so that code which uses them does not compile any more.",
        categories=SOURCE,
        subject=Subject.FILE,
        handler=same_option("objc_class_prefix"),
        breaks=SOURCE_ONLY,
        effect=MAY_AFFECT_USERS_OF_FILE,
        remedy=Remedy(
            expand="Keep the option: it names generated code, which consumers import.",
            migrate="Where it has to change, publish the generated code under both names.",
            contract="Withdraw the old name when nobody imports it.",
            before='option go_package = "example.com/shop/v1";',
            after='option go_package = "example.com/shop/v1";  // unchanged',
        ),
    ),
    Rule(
        id="FILE_SAME_OPTIMIZE_FOR",
        purpose="Checks that files keep their value of the option optimize_for.",
        why="Generated code loses or gains reflection and parsing that others call.",
        categories=SOURCE,
        subject=Subject.FILE,
        handler=same_option("optimize_for"),
        breaks=SOURCE_ONLY,
        effect=MAY_AFFECT_USERS_OF_FILE,
        remedy=Remedy(
            expand="Keep the option: it names generated code, which consumers import.",
            migrate="Where it has to change, publish the generated code under both names.",
            contract="Withdraw the old name when nobody imports it.",
            before='option go_package = "example.com/shop/v1";',
            after='option go_package = "example.com/shop/v1";  // unchanged',
        ),
    ),
    Rule(
        id="FILE_SAME_PHP_CLASS_PREFIX",
        purpose="Checks that files keep their value of the option php_class_prefix.",
        why="Generated names or namespaces change, so that code which uses them does not compile any more.",
        categories=SOURCE,
        subject=Subject.FILE,
        handler=same_option("php_class_prefix"),
        breaks=SOURCE_ONLY,
        effect=MAY_AFFECT_USERS_OF_FILE,
        remedy=Remedy(
            expand="Keep the option: it names generated code, which consumers import.",
            migrate="Where it has to change, publish the generated code under both names.",
            contract="Withdraw the old name when nobody imports it.",
            before='option go_package = "example.com/shop/v1";',
            after='option go_package = "example.com/shop/v1";  // unchanged',
        ),
    ),
    Rule(
        id="FILE_SAME_PHP_METADATA_NAMESPACE",
        purpose="Checks that files keep their value of the option php_metadata_namespace.",
        why="Generated names or namespaces change, so that code which uses them does not compile any more.",
        categories=SOURCE,
        subject=Subject.FILE,
        handler=same_option("php_metadata_namespace"),
        breaks=SOURCE_ONLY,
        effect=MAY_AFFECT_USERS_OF_FILE,
        remedy=Remedy(
            expand="Keep the option: it names generated code, which consumers import.",
            migrate="Where it has to change, publish the generated code under both names.",
            contract="Withdraw the old name when nobody imports it.",
            before='option go_package = "example.com/shop/v1";',
            after='option go_package = "example.com/shop/v1";  // unchanged',
        ),
    ),
    Rule(
        id="FILE_SAME_PHP_NAMESPACE",
        purpose="Checks that files keep their value of the option php_namespace.",
        why="Generated names or namespaces change, so that code which uses them does not compile any more.",
        categories=SOURCE,
        subject=Subject.FILE,
        handler=same_option("php_namespace"),
        breaks=SOURCE_ONLY,
        effect=MAY_AFFECT_USERS_OF_FILE,
        remedy=Remedy(
            expand="Keep the option: it names generated code, which consumers import.",
            migrate="Where it has to change, publish the generated code under both names.",
            contract="Withdraw the old name when nobody imports it.",
            before='option go_package = "example.com/shop/v1";',
            after='option go_package = "example.com/shop/v1";  // unchanged',
        ),
    ),
    Rule(
        id="FILE_SAME_PY_GENERIC_SERVICES",
        purpose="Checks that files keep their value of the option py_generic_services.",
        why="Service classes appear in or vanish from generated code that others extend.",
        categories=SOURCE,
        subject=Subject.FILE,
        handler=same_option("py_generic_services"),
        breaks=SOURCE_ONLY,
        effect=MAY_AFFECT_USERS_OF_FILE,
        remedy=Remedy(
            expand="Keep the option: it names generated code, which consumers import.",
            migrate="Where it has to change, publish the generated code under both names.",
            contract="Withdraw the old name when nobody imports it.",
            before='option go_package = "example.com/shop/v1";',
            after='option go_package = "example.com/shop/v1";  // unchanged',
        ),
    ),
    Rule(
        id="FILE_SAME_RUBY_PACKAGE",
        purpose="Checks that files keep their value of the option ruby_package.",
        why="Generated names or namespaces change, so that code which uses them does not compile any more.",
        categories=SOURCE,
        subject=Subject.FILE,
        handler=same_option("ruby_package"),
        breaks=SOURCE_ONLY,
        effect=MAY_AFFECT_USERS_OF_FILE,
        remedy=Remedy(
            expand="Keep the option: it names generated code, which consumers import.",
            migrate="Where it has to change, publish the generated code under both names.",
            contract="Withdraw the old name when nobody imports it.",
            before='option go_package = "example.com/shop/v1";',
            after='option go_package = "example.com/shop/v1";  // unchanged',
        ),
    ),
    Rule(
        id="FILE_SAME_SWIFT_PREFIX",
        purpose="Checks that files keep their value of the option swift_prefix.",
        why="Generated names or namespaces change, so that code which uses them does not compile any more.",
        categories=SOURCE,
        subject=Subject.FILE,
        handler=same_option("swift_prefix"),
        breaks=SOURCE_ONLY,
        effect=MAY_AFFECT_USERS_OF_FILE,
        remedy=Remedy(
            expand="Keep the option: it names generated code, which consumers import.",
            migrate="Where it has to change, publish the generated code under both names.",
            contract="Withdraw the old name when nobody imports it.",
            before='option go_package = "example.com/shop/v1";',
            after='option go_package = "example.com/shop/v1";  // unchanged',
        ),
    ),
)
