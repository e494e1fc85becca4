"""The table of rules: those of buf v2 with its identifiers, meaning and categories, and those beyond buf."""

from __future__ import annotations

from servanda.compatibility.rules import deletion, enumeration, field, file, message, rpc, wire
from servanda.compatibility.rules.extended import EXTENDED
from servanda.compatibility.rules.rule import Category, Kind, Rule

_FILE, _PACKAGE, _WIRE_JSON, _WIRE, _CSR = tuple(Category)[:5]
_EVERY = (_CSR, _FILE, _PACKAGE, _WIRE, _WIRE_JSON)
_SOURCE = (_FILE, _PACKAGE)
_SCHEMA = (_CSR, _FILE, _PACKAGE)
_JSON = (_CSR, _FILE, _PACKAGE, _WIRE_JSON)
_IN_FILE = (_CSR, _FILE)
_BYTES_AND_JSON = (_CSR, _WIRE_JSON)
_BYTES = (_CSR, _WIRE, _WIRE_JSON)

_OPTIONS = (
    "cc_enable_arenas",
    "cc_generic_services",
    "csharp_namespace",
    "go_package",
    "java_generic_services",
    "java_multiple_files",
    "java_outer_classname",
    "java_package",
    "objc_class_prefix",
    "optimize_for",
    "php_class_prefix",
    "php_metadata_namespace",
    "php_namespace",
    "py_generic_services",
    "ruby_package",
    "swift_prefix",
)

_FILES = (
    Rule("FILE_NO_DELETE", "Checks that files are not deleted.", _IN_FILE, Kind.STATE, file.no_delete),
    Rule("FILE_SAME_PACKAGE", "Checks that files keep their package.", _EVERY, Kind.FILE, file.same_package),
    Rule("FILE_SAME_SYNTAX", "Checks that files keep their syntax.", _SCHEMA, Kind.FILE, file.same_syntax),
    *(
        Rule(
            f"FILE_SAME_{option.upper()}",
            f"Checks that files keep their value of the option {option}.",
            _SOURCE,
            Kind.FILE,
            file.same_option(option),
        )
        for option in _OPTIONS
    ),
)

_ELEMENTS = (
    Rule(
        "EXTENSION_NO_DELETE",
        "Checks that extensions are not deleted from a file.",
        (_FILE,),
        Kind.FILE,
        deletion.from_file("Extension", deletion.EXTENSIONS),
    ),
    Rule(
        "SERVICE_NO_DELETE",
        "Checks that services are not deleted from a file.",
        (_FILE,),
        Kind.FILE,
        deletion.from_file("Service", deletion.SERVICES),
    ),
    Rule(
        "ENUM_NO_DELETE",
        "Checks that enums are not deleted from a file.",
        _IN_FILE,
        Kind.FILE,
        deletion.from_file("Enum", deletion.ENUMS),
    ),
    Rule(
        "MESSAGE_NO_DELETE",
        "Checks that messages are not deleted from a file.",
        _IN_FILE,
        Kind.FILE,
        deletion.from_file("Message", deletion.MESSAGES),
    ),
    Rule("PACKAGE_NO_DELETE", "Checks that packages are not deleted.", (_PACKAGE,), Kind.STATE, deletion.package),
    Rule(
        "PACKAGE_ENUM_NO_DELETE",
        "Checks that enums are not deleted from a package.",
        (_PACKAGE,),
        Kind.STATE,
        deletion.from_package("Enum", deletion.ENUMS),
    ),
    Rule(
        "PACKAGE_EXTENSION_NO_DELETE",
        "Checks that extensions are not deleted from a package.",
        (_PACKAGE,),
        Kind.STATE,
        deletion.from_package("Extension", deletion.EXTENSIONS),
    ),
    Rule(
        "PACKAGE_MESSAGE_NO_DELETE",
        "Checks that messages are not deleted from a package.",
        (_PACKAGE,),
        Kind.STATE,
        deletion.from_package("Message", deletion.MESSAGES),
    ),
    Rule(
        "PACKAGE_SERVICE_NO_DELETE",
        "Checks that services are not deleted from a package.",
        (_PACKAGE,),
        Kind.STATE,
        deletion.from_package("Service", deletion.SERVICES),
    ),
)

_MESSAGES = (
    Rule(
        "FIELD_NO_DELETE",
        "Checks that fields are not deleted from a message.",
        _SCHEMA,
        Kind.MESSAGE,
        message.field_no_delete,
    ),
    Rule(
        "FIELD_NO_DELETE_UNLESS_NAME_RESERVED",
        "Checks that fields are not deleted from a message unless their name is reserved.",
        _BYTES_AND_JSON,
        Kind.MESSAGE,
        message.field_no_delete_unless_name_reserved,
    ),
    Rule(
        "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED",
        "Checks that fields are not deleted from a message unless their number is reserved.",
        _BYTES,
        Kind.MESSAGE,
        message.field_no_delete_unless_number_reserved,
    ),
    Rule(
        "ONEOF_NO_DELETE",
        "Checks that oneofs are not deleted from a message.",
        _SCHEMA,
        Kind.MESSAGE,
        message.oneof_no_delete,
    ),
    Rule(
        "MESSAGE_SAME_REQUIRED_FIELDS",
        "Checks that no required field comes or goes.",
        _EVERY,
        Kind.MESSAGE,
        message.same_required_fields,
    ),
    Rule(
        "MESSAGE_SAME_JSON_FORMAT",
        "Checks that messages keep their JSON support.",
        _JSON,
        Kind.MESSAGE,
        message.same_json_format,
    ),
    Rule(
        "MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR",
        "Checks that the option no_standard_descriptor_accessor is not set.",
        _SCHEMA,
        Kind.MESSAGE,
        message.no_remove_standard_descriptor_accessor,
    ),
    Rule(
        "RESERVED_MESSAGE_NO_DELETE",
        "Checks that messages keep their reserved numbers and names.",
        _EVERY,
        Kind.MESSAGE,
        message.reserved_no_delete,
    ),
    Rule(
        "EXTENSION_MESSAGE_NO_DELETE",
        "Checks that messages keep their extension ranges.",
        _SCHEMA,
        Kind.MESSAGE,
        message.extension_range_no_delete,
    ),
)

_FIELDS = (
    Rule("FIELD_SAME_NAME", "Checks that fields keep their name.", _JSON, Kind.FIELD, field.same_name),
    Rule(
        "FIELD_SAME_JSON_NAME", "Checks that fields keep their name in JSON.", _JSON, Kind.FIELD, field.same_json_name
    ),
    Rule(
        "FIELD_SAME_ONEOF", "Checks that fields stay in their oneof, or in none.", _EVERY, Kind.FIELD, field.same_oneof
    ),
    Rule("FIELD_SAME_DEFAULT", "Checks that fields keep their default.", _EVERY, Kind.FIELD, field.same_default),
    Rule(
        "FIELD_SAME_JSTYPE",
        "Checks that 64-bit integers keep their JavaScript type.",
        _SOURCE,
        Kind.FIELD,
        field.same_jstype,
    ),
    Rule(
        "FIELD_SAME_CPP_STRING_TYPE",
        "Checks that strings keep their C++ type.",
        _SOURCE,
        Kind.FIELD,
        field.same_cpp_string_type,
    ),
    Rule(
        "FIELD_SAME_JAVA_UTF8_VALIDATION",
        "Checks that strings keep their UTF-8 validation in Java.",
        _SOURCE,
        Kind.FIELD,
        field.same_java_utf8_validation,
    ),
    Rule(
        "FIELD_SAME_UTF8_VALIDATION",
        "Checks that strings keep their UTF-8 validation.",
        _SOURCE,
        Kind.FIELD,
        field.same_utf8_validation,
    ),
    Rule("FIELD_SAME_TYPE", "Checks that fields keep their type.", _SCHEMA, Kind.FIELD, wire.same_type),
    Rule(
        "FIELD_SAME_CARDINALITY",
        "Checks that fields keep their cardinality.",
        _SOURCE,
        Kind.FIELD,
        wire.same_cardinality,
    ),
    Rule(
        "FIELD_WIRE_COMPATIBLE_TYPE",
        "Checks that fields keep a type that reads the same bytes.",
        (_WIRE,),
        Kind.FIELD,
        wire.wire_compatible_type,
    ),
    Rule(
        "FIELD_WIRE_COMPATIBLE_CARDINALITY",
        "Checks that fields keep a cardinality that reads the same bytes.",
        (_WIRE,),
        Kind.FIELD,
        wire.wire_compatible_cardinality,
    ),
    Rule(
        "FIELD_WIRE_JSON_COMPATIBLE_TYPE",
        "Checks that fields keep a type that reads the same bytes and JSON.",
        _BYTES_AND_JSON,
        Kind.FIELD,
        wire.wire_json_compatible_type,
    ),
    Rule(
        "FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY",
        "Checks that fields keep a cardinality that reads the same bytes and JSON.",
        _BYTES_AND_JSON,
        Kind.FIELD,
        wire.wire_json_compatible_cardinality,
    ),
)

_ENUMS = (
    Rule("ENUM_SAME_TYPE", "Checks that enums stay open or closed.", _SOURCE, Kind.ENUM, enumeration.same_type),
    Rule(
        "ENUM_SAME_JSON_FORMAT",
        "Checks that enums keep their JSON support.",
        _JSON,
        Kind.ENUM,
        enumeration.same_json_format,
    ),
    Rule(
        "ENUM_VALUE_NO_DELETE",
        "Checks that values are not deleted from an enum.",
        _SCHEMA,
        Kind.ENUM,
        enumeration.value_no_delete,
    ),
    Rule(
        "ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED",
        "Checks that values are not deleted from an enum unless their name is reserved.",
        _BYTES_AND_JSON,
        Kind.ENUM,
        enumeration.value_no_delete_unless_name_reserved,
    ),
    Rule(
        "ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED",
        "Checks that values are not deleted from an enum unless their number is reserved.",
        _BYTES,
        Kind.ENUM,
        enumeration.value_no_delete_unless_number_reserved,
    ),
    Rule(
        "ENUM_VALUE_SAME_NAME",
        "Checks that enum values keep their name.",
        _JSON,
        Kind.ENUM_VALUE,
        enumeration.value_same_name,
    ),
    Rule(
        "RESERVED_ENUM_NO_DELETE",
        "Checks that enums keep their reserved numbers and names.",
        _EVERY,
        Kind.ENUM,
        enumeration.reserved_no_delete,
    ),
)

_RPCS = (
    Rule("RPC_NO_DELETE", "Checks that rpcs are not deleted from a service.", _SOURCE, Kind.SERVICE, rpc.no_delete),
    Rule(
        "RPC_SAME_REQUEST_TYPE", "Checks that rpcs keep their request type.", _EVERY, Kind.METHOD, rpc.same_request_type
    ),
    Rule(
        "RPC_SAME_RESPONSE_TYPE",
        "Checks that rpcs keep their response type.",
        _EVERY,
        Kind.METHOD,
        rpc.same_response_type,
    ),
    Rule(
        "RPC_SAME_CLIENT_STREAMING",
        "Checks that clients of an rpc keep streaming, or not.",
        _EVERY,
        Kind.METHOD,
        rpc.same_streaming("client"),
    ),
    Rule(
        "RPC_SAME_SERVER_STREAMING",
        "Checks that servers of an rpc keep streaming, or not.",
        _EVERY,
        Kind.METHOD,
        rpc.same_streaming("server"),
    ),
    Rule(
        "RPC_SAME_IDEMPOTENCY_LEVEL",
        "Checks that rpcs keep their promise about repetition.",
        _EVERY,
        Kind.METHOD,
        rpc.same_idempotency_level,
    ),
)

BUF_RULES: tuple[Rule, ...] = (*_FILES, *_ELEMENTS, *_MESSAGES, *_FIELDS, *_ENUMS, *_RPCS)
RULES: tuple[Rule, ...] = (*BUF_RULES, *EXTENDED)
