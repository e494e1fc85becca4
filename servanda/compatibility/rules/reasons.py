"""Why what a rule objects to breaks somebody: one sentence for each rule, some rules share theirs."""

from __future__ import annotations

import re
from typing import Final

_ROWS: Final = (
    ("FILE_NO_DELETE", "Whoever imports the file, or the code that is generated from it, does not compile any more."),
    (
        "FILE_SAME_PACKAGE",
        "Every full name in the file changes: calls reach nobody, Any names types that nobody knows, code moves.",
    ),
    (
        "FILE_SAME_SYNTAX",
        "Syntax and edition decide on presence, on unknown enum values and on encoding, for everything in the file.",
    ),
    ("FILE_SAME_OPTIMIZE_FOR", "Generated code loses or gains reflection and parsing that others call."),
    ("FILE_SAME_CC_ENABLE_ARENAS", "C++ code that uses arenas with these messages does not compile any more."),
    ("FILE_SAME_.*_GENERIC_SERVICES", "Service classes appear in or vanish from generated code that others extend."),
    ("FILE_SAME_JAVA_.*", "Java classes move, so that whoever imports them does not compile any more."),
    ("FILE_SAME_.*", "Generated names or namespaces change, so that code which uses them does not compile any more."),
    ("PACKAGE_NO_DELETE", "Whoever uses anything of the package, in whichever file it was, loses it."),
    (
        "(PACKAGE_)?SERVICE_NO_DELETE",
        "Every call of the service fails with UNIMPLEMENTED, and generated clients do not compile any more.",
    ),
    (
        "(PACKAGE_)?(ENUM|MESSAGE)_NO_DELETE",
        "Code that names the type does not compile any more, and what was written with it cannot be read.",
    ),
    (
        "(PACKAGE_)?EXTENSION_NO_DELETE",
        "Code that names the extension does not compile any more, and what was written with it is unknown bytes.",
    ),
    (
        "FIELD_NO_DELETE",
        "Readers find the default instead of the value, writers lose what they write, code does not compile any more.",
    ),
    (
        "(FIELD|ENUM_VALUE)_NO_DELETE_UNLESS_NAME_RESERVED",
        "The name can come back with another meaning, which old JSON then takes for the old one.",
    ),
    (
        "(FIELD|ENUM_VALUE)_NO_DELETE_UNLESS_NUMBER_RESERVED",
        "The number can come back with another meaning, and old bytes are then read as something that they never were.",
    ),
    ("ONEOF_NO_DELETE", "Code that asks which member is set does not compile any more."),
    (
        "MESSAGE_SAME_REQUIRED_FIELDS",
        "A side that requires the field rejects every message of a side that does not send it.",
    ),
    ("(MESSAGE|ENUM)_SAME_JSON_FORMAT", "JSON that was certain to work becomes a matter of luck, by language."),
    ("MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR", "Generated C++ and Java lose descriptor(), which others call."),
    (
        "RESERVED_(MESSAGE|ENUM)_NO_DELETE",
        "What was reserved was used once: taken again, old data is read with a new meaning.",
    ),
    ("EXTENSION_MESSAGE_NO_DELETE", "Extensions that others declared in these numbers do not compile any more."),
    (
        "FIELD_SAME_NAME",
        "JSON, FieldMasks, HTTP query parameters and generated code name the field by its name; bytes stay readable.",
    ),
    ("FIELD_SAME_JSON_NAME", "Old JSON carries a key that nobody reads any more, new JSON one that nobody expects."),
    (
        "FIELD_SAME_ONEOF",
        "Setting one member of a oneof clears the others: what could be sent together cannot any more, or the reverse.",
    ),
    (
        "FIELD_SAME_DEFAULT",
        "Readers fill in the default themselves: the same message means one thing to old ones and another to new ones.",
    ),
    ("FIELD_SAME_JSTYPE", "JavaScript code gets a number where it expects a string, or the reverse."),
    ("FIELD_SAME_CPP_STRING_TYPE", "Accessors in C++ return another type, so that code does not compile any more."),
    ("FIELD_SAME_(JAVA_)?UTF8_VALIDATION", "Strings that one side accepts are rejected by the other."),
    (
        "FIELD_SAME_TYPE",
        "Code that uses the field does not compile any more, and values may not fit or not be readable.",
    ),
    ("FIELD_WIRE_COMPATIBLE_TYPE", "Old bytes are read as other values, or not at all."),
    ("FIELD_WIRE_JSON_COMPATIBLE_TYPE", "Old bytes or old JSON are read as other values, or not at all."),
    ("FIELD_SAME_CARDINALITY", "Accessors change their form, and whether absence can be told from the default."),
    ("FIELD_WIRE_COMPATIBLE_CARDINALITY", "One side sends many values where the other keeps the last one only."),
    ("FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY", "JSON has a list where an object or a single value is expected."),
    ("ENUM_SAME_TYPE", "A closed enum drops numbers that it does not know where an open one keeps them."),
    ("ENUM_VALUE_NO_DELETE", "Readers meet a number without a name, and code that names the value does not compile."),
    ("ENUM_VALUE_SAME_NAME", "JSON and code name the value by its name; bytes stay readable."),
    ("RPC_NO_DELETE", "Every call fails with UNIMPLEMENTED, and code that calls it does not compile any more."),
    ("RPC_SAME_(REQUEST|RESPONSE)_TYPE", "What one side sends is read by the other as a message of another type."),
    ("RPC_SAME_(CLIENT|SERVER)_STREAMING", "One side waits for the end of a stream that the other never begins."),
    (
        "RPC_SAME_IDEMPOTENCY_LEVEL",
        "Clients and proxies repeat, cache or send by GET what they must not, or cease to do so.",
    ),
    ("HTTP_ROUTE_NO_SHADOW", "Requests that went to one rpc now go to another, without any error."),
    ("HTTP_.*", "Requests of consumers over HTTP are answered with 404 or 400, or lose a part; gRPC goes on working."),
    ("VALIDATION_.*_INPUT_.*|VALIDATION_NEW_.*", "Requests that were accepted are refused with INVALID_ARGUMENT."),
    ("VALIDATION_.*_OUTPUT_.*", "Consumers meet values that they were promised never to meet."),
    ("BEHAVIOR_.*REQUIRED.*", "Callers that do not know the field leave it out and are refused."),
    (
        "BEHAVIOR_.*(DEFAULT|ZERO).*",
        "Consumers that leave the field out ask for, or are told, something else than before.",
    ),
    ("BEHAVIOR_.*", "Consumers write what is ignored or refused now, or read what is not there any more."),
    (
        "DIRECTION_.*_ADD.*",
        "Consumers that read it meet something that they do not know; those that only write it do not care.",
    ),
    ("DIRECTION_.*", "Consumers that write it send something that nobody knows any more."),
    ("DEPRECATION_.*", "Nobody had the time to leave it that a deprecation, or its sunset date, promised."),
    ("EVENT_.*", "Consumers do not receive the event, cannot read it, or receive it out of order or too late."),
    ("OPENAPI_.*", "Clients that were generated from the document send what is refused, or cannot read the answer."),
)
_PATTERNS: Final = tuple((re.compile(pattern), reason) for pattern, reason in _ROWS)


def reason_for(rule: str) -> str:
    """Why the change that a rule finds breaks somebody.

    Raises:
        KeyError: Nobody wrote why.
    """
    for pattern, reason in _PATTERNS:
        if pattern.fullmatch(rule):
            return reason
    raise KeyError(rule)
