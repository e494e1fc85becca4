"""Rules about what a field is called, where it belongs and how generated code and JSON show it."""

from __future__ import annotations

from collections.abc import Iterator

from google.protobuf.descriptor_pb2 import (
    FeatureSet,
    FieldDescriptorProto,
    FieldOptions,
    FileDescriptorProto,
    FileOptions,
)

from servanda.interfaces.effect import MAY_AFFECT_USERS, Effect, When
from servanda.interfaces.protobuf.rules.categories import EVERY_LEVEL, JSON, SOURCE
from servanda.interfaces.protobuf.rules.defaults import default, same
from servanda.interfaces.protobuf.rules.subject import Pair, Subject, at_element
from servanda.interfaces.protobuf.schema import Element
from servanda.interfaces.protobuf.schema.element import oneofs
from servanda.interfaces.protobuf.schema.features import (
    PB_CPP,
    PB_CPP_STRING_TYPE,
    PB_JAVA,
    PB_JAVA_UTF8_VALIDATION,
    CppStringType,
    Type,
    cpp_string_type,
    feature,
    in_map_entry,
    java_verifies_utf8,
    kind,
    syntax,
)
from servanda.interfaces.rule import Objection, Remedy, Rule
from servanda.interfaces.transition import BOTH_WAYS, SOURCE_ONLY
from servanda.verdict import Impact, Span

Field = Element[FieldDescriptorProto]

_NAME = (FieldDescriptorProto.NAME_FIELD_NUMBER,)
_JSON_NAME = (FieldDescriptorProto.JSON_NAME_FIELD_NUMBER,)
_DEFAULT = (FieldDescriptorProto.DEFAULT_VALUE_FIELD_NUMBER,)
_OPTIONS = FieldDescriptorProto.OPTIONS_FIELD_NUMBER
_JSTYPE = (_OPTIONS, FieldOptions.JSTYPE_FIELD_NUMBER)
_CTYPE = (_OPTIONS, FieldOptions.CTYPE_FIELD_NUMBER)
_FEATURES = (_OPTIONS, FieldOptions.FEATURES_FIELD_NUMBER)
_JAVA_CHECK = (FileDescriptorProto.OPTIONS_FIELD_NUMBER, FileOptions.JAVA_STRING_CHECK_UTF8_FIELD_NUMBER)
_INTEGERS_64 = {Type.TYPE_INT64, Type.TYPE_UINT64, Type.TYPE_SINT64, Type.TYPE_FIXED64, Type.TYPE_SFIXED64}
_TEXTS = {Type.TYPE_STRING, Type.TYPE_BYTES}


def same_name(pair: Pair[Field]) -> Iterator[Objection]:
    """Object to another name for the same number."""
    if pair.previous.proto.extendee:
        before, after = pair.previous.full_name, pair.current.full_name
    else:
        before, after = pair.previous.proto.name, pair.current.proto.name
    if before != after:
        text = f"Field {pair.current.proto.number} changed its name from {before!r} to {after!r}."
        yield at_element(pair, text, places=(_NAME,), name=pair.previous.full_name)


def same_json_name(pair: Pair[Field]) -> Iterator[Objection]:
    """Object to another name in JSON."""
    before, after = pair.previous.proto.json_name, pair.current.proto.json_name
    if before != after and not pair.previous.proto.extendee:
        text = f"Field {pair.current.proto.name!r} changed its JSON name from {before!r} to {after!r}."
        yield at_element(pair, text, places=(_JSON_NAME, ()))


def same_oneof(pair: Pair[Field]) -> Iterator[Objection]:
    """Object to a field that moved into, out of or between oneofs."""
    if pair.previous.proto.extendee:
        return
    before, after = _oneof(pair.previous), _oneof(pair.current)
    if before != after:
        names = [f"oneof {name!r}" if name else "no oneof" for name in (before, after)]
        yield at_element(pair, f"Field {pair.current.proto.name!r} moved from {names[0]} to {names[1]}.")


def same_default(pair: Pair[Field]) -> Iterator[Objection]:
    """Object to another value for readers when the writer leaves the field out."""
    before = default(pair.previous, pair.comparison.previous)
    after = default(pair.current, pair.comparison.current)
    if before is not None and after is not None and (before or after) and not same(before, after):
        text = f"Field {pair.current.proto.name!r} changed its default from {before!r} to {after!r}."
        yield at_element(pair, text, places=(_DEFAULT, ()), label="default")


def same_jstype(pair: Pair[Field]) -> Iterator[Objection]:
    """Object to another JavaScript type for a 64-bit integer."""
    if not {pair.previous.proto.type, pair.current.proto.type} <= _INTEGERS_64:
        return
    before, after = pair.previous.proto.options.jstype, pair.current.proto.options.jstype
    if before != after:
        names = [FieldOptions.JSType.Name(value) for value in (before, after)]
        text = f"Field {pair.current.proto.name!r} changed option 'jstype' from {names[0]} to {names[1]}."
        yield at_element(pair, text, places=(_JSTYPE, ()))


def same_cpp_string_type(pair: Pair[Field]) -> Iterator[Objection]:
    """Object to another C++ type for a string."""
    if in_map_entry(pair.previous) and in_map_entry(pair.current):
        return
    if not {kind(pair.previous), kind(pair.current)} <= _TEXTS:
        return
    before, after = _cpp_type(pair.previous), _cpp_type(pair.current)
    if before != after and not (before == "STRING_PIECE" and after == "STRING"):
        text = f"Field {pair.current.proto.name!r} changed its C++ type from {before} to {after}."
        yield at_element(pair, text, places=(_CTYPE, (*_FEATURES, PB_CPP, PB_CPP_STRING_TYPE), ()))


def same_java_utf8_validation(pair: Pair[Field]) -> Iterator[Objection]:
    """Java code that began or ceased to check that a string is UTF-8."""
    if {kind(pair.previous), kind(pair.current)} != {Type.TYPE_STRING}:
        return
    before, after = _java_utf8(pair.previous), _java_utf8(pair.current)
    if before != after:
        names = [
            FeatureSet.Utf8Validation.Name(FeatureSet.Utf8Validation.ValueType(value)) for value in (before, after)
        ]
        text = f"Field {pair.current.proto.name!r} changed its UTF-8 validation in Java from {names[0]} to {names[1]}."
        span = pair.current.file.span(*_JAVA_CHECK)
        place = (*_FEATURES, PB_JAVA, PB_JAVA_UTF8_VALIDATION)
        yield _at_span(pair, span, text) if span else at_element(pair, text, places=(place, ()))


def same_utf8_validation(pair: Pair[Field]) -> Iterator[Objection]:
    """Object to a string that began or ceased to be checked for UTF-8."""
    if {kind(pair.previous), kind(pair.current)} != {Type.TYPE_STRING}:
        return
    before, after = feature(pair.previous, "utf8_validation"), feature(pair.current, "utf8_validation")
    if before != after:
        names = [
            FeatureSet.Utf8Validation.Name(FeatureSet.Utf8Validation.ValueType(value)) for value in (before, after)
        ]
        text = f"Field {pair.current.proto.name!r} changed its UTF-8 validation from {names[0]} to {names[1]}."
        yield at_element(pair, text, places=((*_FEATURES, FeatureSet.UTF8_VALIDATION_FIELD_NUMBER), ()))


def _at_span(pair: Pair[Field], span: Span, text: str) -> Objection:
    return Objection(pair.current.file.path, span, pair.current.full_name, text, pair.previous.file.path)


def _oneof(field: Field) -> str:
    if field.parent is None or not field.proto.HasField("oneof_index") or field.proto.proto3_optional:
        return ""
    message = field.file.messages[field.parent.nested_name]
    name = message.proto.oneof_decl[field.proto.oneof_index].name
    return name if name in oneofs(message) else ""


def _cpp_type(field: Field) -> str:
    options = field.proto.options
    if options.HasField("ctype"):
        ctype = FieldOptions.CType.Name(options.ctype)
        if ctype in {"CORD", "STRING_PIECE", "STRING"}:
            return ctype
    return CppStringType(cpp_string_type(field)).name


def _java_utf8(field: Field) -> int:
    options = field.file.proto.options
    if syntax(field.file.proto) != "editions" or options.HasField("java_string_check_utf8"):
        verifies = options.java_string_check_utf8
    else:
        verifies = java_verifies_utf8(field)
    return FeatureSet.VERIFY if verifies else feature(field, "utf8_validation")


RULES: tuple[Rule, ...] = (
    Rule(
        id="FIELD_SAME_NAME",
        purpose="Checks that fields keep their name.",
        why=(
            "JSON, field masks and generated accessors use the old name: callers over HTTP are refused or lose the "
            "value, and source code does not compile."
        ),
        categories=JSON,
        subject=Subject.FIELD,
        handler=same_name,
        breaks=BOTH_WAYS,
        effect=Effect(Impact.POTENTIALLY_AFFECTED, Impact.BROKEN, when=When.IF_NAME_MOVED),
        remedy=Remedy(
            expand="Keep $old_name, and add $new_name as a field with a number of its own; fill and accept both.",
            migrate="Let every consumer use $new_name; 'servanda usage $element' names those that use $old_name.",
            contract="Delete $old_name, and reserve number $number and the old name.",
            before="$declaration",
            after="$deprecated\n$successor",
        ),
    ),
    Rule(
        id="FIELD_SAME_JSON_NAME",
        purpose="Checks that fields keep their name in JSON.",
        why=(
            "Consumers over HTTP send and look for the old JSON key: the value is missing for them, and a strict "
            "parser answers 400."
        ),
        categories=JSON,
        subject=Subject.FIELD,
        handler=same_json_name,
        breaks=BOTH_WAYS,
        effect=Effect(Impact.UNAFFECTED, Impact.BROKEN, when=When.IF_JSON_NAME_GONE),
        remedy=Remedy(
            expand=(
                "Keep the JSON name of $name, and add a field with the new JSON name and a number of its own; fill "
                "both."
            ),
            migrate=(
                "Let every consumer over HTTP use the new key; 'servanda usage $element' names those that use the "
                "old one."
            ),
            contract="Delete the old field $name, and reserve number $number and the name.",
            before="$declaration",
            after="$deprecated\n$successor",
        ),
    ),
    Rule(
        id="FIELD_SAME_ONEOF",
        purpose="Checks that fields stay in their oneof, or in none.",
        why=(
            "Setting one member of a oneof clears the others, so a message that held both fields loses one of them; "
            "accessors change in C++, Go and Java."
        ),
        categories=EVERY_LEVEL,
        subject=Subject.FIELD,
        handler=same_oneof,
        breaks=BOTH_WAYS,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand="Leave $name where it is, and add a field with a number of its own in the oneof or outside it.",
            migrate="Let every consumer use the new field; 'servanda usage $element' names those that use $name.",
            contract="Delete $name, and reserve number $number and the name.",
            before="$declaration",
            after="$deprecated\n$successor  // at the new place",
        ),
    ),
    Rule(
        id="FIELD_SAME_DEFAULT",
        purpose="Checks that fields keep their default.",
        why=(
            "The default is not sent: where the writer leaves the field out, old and new readers take different "
            "values for the same bytes."
        ),
        categories=EVERY_LEVEL,
        subject=Subject.FIELD,
        handler=same_default,
        breaks=BOTH_WAYS,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand="Keep the default of $name, and let writers set the field explicitly.",
            migrate="Wait until every writer of $container sets $name, and stored messages without it are gone.",
            contract="Change the default of $name: nobody depends on it any more.",
            before="$declaration",
            after="$declaration  // always set by writers",
        ),
    ),
    Rule(
        id="FIELD_SAME_JSTYPE",
        purpose="Checks that 64-bit integers keep their JavaScript type.",
        why=(
            "JavaScript and TypeScript code gets a number where it expects a string, or the reverse: comparisons "
            "fail, and integers above 2^53 lose digits."
        ),
        categories=SOURCE,
        subject=Subject.FIELD,
        handler=same_jstype,
        breaks=SOURCE_ONLY,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand="Keep jstype of $name, and add a field of the other jstype with a number of its own; fill both.",
            migrate=(
                "Let every JavaScript consumer use the new field; 'servanda usage $element' names those that read "
                "$name."
            ),
            contract="Delete $name, and reserve number $number and the name.",
            before="$declaration",
            after="$deprecated\n$successor",
        ),
    ),
    Rule(
        id="FIELD_SAME_CPP_STRING_TYPE",
        purpose="Checks that strings keep their C++ type.",
        why=(
            "C++ accessors return another type, such as absl::Cord for std::string, so code that stores the result "
            "does not compile."
        ),
        categories=SOURCE,
        subject=Subject.FIELD,
        handler=same_cpp_string_type,
        breaks=SOURCE_ONLY,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand="Keep the C++ type of $name; it decides about speed in C++ only, and nothing of it is sent.",
            migrate=(
                "Let C++ consumers copy $name into a std::string variable of their own: this compiles with either type."
            ),
            contract=(
                "Change the C++ type of $name in one commit with all C++ code that uses it, or in a new major version."
            ),
            before="$declaration",
            after="$declaration  // unchanged; consumers write: std::string text(message.$name());",
        ),
    ),
    Rule(
        id="FIELD_SAME_JAVA_UTF8_VALIDATION",
        purpose="Checks that strings keep their UTF-8 validation in Java.",
        why=(
            "Java begins or ceases to reject strings in other encodings, so one version fails with "
            "InvalidProtocolBufferException on bytes that the other accepts."
        ),
        categories=SOURCE,
        subject=Subject.FIELD,
        handler=same_java_utf8_validation,
        breaks=BOTH_WAYS,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand="Keep the UTF-8 check of $name in Java, and let writers count strings that are not UTF-8.",
            migrate="Let every writer send $name as UTF-8, or as a bytes field with a number of its own.",
            contract="Change the check of $name in Java when the counter has stayed at zero.",
            before="$declaration",
            after="$declaration  // writers check for UTF-8 first",
        ),
    ),
    Rule(
        id="FIELD_SAME_UTF8_VALIDATION",
        purpose="Checks that strings keep their UTF-8 validation.",
        why=(
            "Parsers begin or cease to reject strings in other encodings than UTF-8, so one version fails on a whole "
            "message that the other sends."
        ),
        categories=SOURCE,
        subject=Subject.FIELD,
        handler=same_utf8_validation,
        breaks=BOTH_WAYS,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand=(
                "Keep utf8_validation of $name; for arbitrary bytes add a field of type bytes with a number of its own."
            ),
            migrate="Let every writer send only UTF-8 in $name; 'servanda usage $element' names the consumers to ask.",
            contract="Change utf8_validation of $name when no writer sends anything else.",
            before="$declaration",
            after="$declaration\n// and for what is no text: a second field of type bytes, with a number of its own",
        ),
    ),
)
