"""The rows beyond buf, in categories of their own."""

from __future__ import annotations

from google.api.field_behavior_pb2 import FieldBehavior

from servanda.compatibility.openapi.table import OPENAPI
from servanda.compatibility.reachability import UNKNOWN, Use
from servanda.compatibility.rules import behavior, deprecation, direction, events, http, validation
from servanda.compatibility.rules.limits import Subject
from servanda.compatibility.rules.rule import Category, Handler, Kind, Rule


def _row(id_: str, purpose: str, kind: Kind, handler: Handler) -> Rule:
    """A row whose category is what its identifier begins with."""
    prefix = id_.partition("_")[0]
    return Rule(id_, purpose, (Category("EVENTS" if prefix == "EVENT" else prefix),), kind, handler)


_HTTP = (
    _row(
        "HTTP_RULE_NO_DELETE",
        "Checks that rpcs that can be called over HTTP stay so.",
        Kind.METHOD,
        http.rule_no_delete,
    ),
    _row("HTTP_SAME_VERB", "Checks that rpcs keep their HTTP verb.", Kind.METHOD, http.same_verb),
    _row("HTTP_SAME_PATH", "Checks that rpcs keep their HTTP path.", Kind.METHOD, http.same_path),
    _row("HTTP_SAME_BODY", "Checks that routes keep what their body is made of.", Kind.METHOD, http.same_body),
    _row(
        "HTTP_SAME_RESPONSE_BODY",
        "Checks that routes keep what they answer with.",
        Kind.METHOD,
        http.same_response_body,
    ),
    _row(
        "HTTP_ADDITIONAL_BINDING_NO_DELETE",
        "Checks that additional bindings are not deleted.",
        Kind.METHOD,
        http.additional_binding_no_delete,
    ),
    _row(
        "HTTP_ROUTE_NO_SHADOW",
        "Checks that no new route takes requests that went to another rpc.",
        Kind.STATE,
        http.no_shadow,
    ),
)

_SUBJECTS = {
    Subject.PRESENCE: "presence",
    Subject.LENGTH: "length",
    Subject.RANGE: "range",
    Subject.FORMAT: "format",
    Subject.VALUES: "allowed values",
    Subject.ENUM: "allowed enum values",
    Subject.ITEMS: "number and uniqueness of items",
    Subject.CEL: "CEL rules",
}
_VALIDATION = (
    *(
        _row(
            f"VALIDATION_{subject}_INPUT_NO_TIGHTEN",
            f"Checks that fields that consumers write accept as much as before, by {what}.",
            Kind.FIELD_OPTIONS,
            validation.of_field(subject, validation.TIGHTENED),
        )
        for subject, what in _SUBJECTS.items()
    ),
    *(
        _row(
            f"VALIDATION_{subject}_OUTPUT_NO_LOOSEN",
            f"Checks that fields that consumers read hold no more than before, by {what}.",
            Kind.FIELD_OPTIONS,
            validation.of_field(subject, validation.LOOSENED),
        )
        for subject, what in _SUBJECTS.items()
    ),
    _row(
        "VALIDATION_MESSAGE_INPUT_NO_TIGHTEN",
        "Checks that messages that consumers write accept as much as before, by their CEL rules and oneofs.",
        Kind.MESSAGE,
        validation.of_message(validation.TIGHTENED),
    ),
    _row(
        "VALIDATION_MESSAGE_OUTPUT_NO_LOOSEN",
        "Checks that messages that consumers read hold no more than before, by their CEL rules and oneofs.",
        Kind.MESSAGE,
        validation.of_message(validation.LOOSENED),
    ),
    _row(
        "VALIDATION_ONEOF_INPUT_NO_TIGHTEN",
        "Checks that no oneof that consumers write becomes required.",
        Kind.MESSAGE,
        validation.of_oneof(validation.TIGHTENED),
    ),
    _row(
        "VALIDATION_ONEOF_OUTPUT_NO_LOOSEN",
        "Checks that no oneof that consumers read stops being required.",
        Kind.MESSAGE,
        validation.of_oneof(validation.LOOSENED),
    ),
    _row(
        "VALIDATION_NEW_FIELD_ACCEPTS_ZERO",
        "Checks that new fields of requests may be left out.",
        Kind.MESSAGE,
        validation.new_field_accepts_zero,
    ),
)

_BEHAVIOR = (
    _row(
        "BEHAVIOR_NO_BECOME_REQUIRED",
        "Checks that no field of a request becomes REQUIRED.",
        Kind.FIELD_OPTIONS,
        behavior.no_add(FieldBehavior.REQUIRED, Use.WRITTEN, "callers that leave it out are refused"),
    ),
    _row(
        "BEHAVIOR_NO_NEW_REQUIRED_FIELD",
        "Checks that new fields of requests are not REQUIRED.",
        Kind.MESSAGE,
        behavior.no_new_required_field,
    ),
    _row(
        "BEHAVIOR_SAME_OUTPUT_ONLY",
        "Checks that fields of requests do not become OUTPUT_ONLY or stop being it.",
        Kind.FIELD_OPTIONS,
        behavior.same(
            FieldBehavior.OUTPUT_ONLY, Use.WRITTEN, "what callers set is ignored", "what callers send back takes effect"
        ),
    ),
    _row(
        "BEHAVIOR_SAME_INPUT_ONLY",
        "Checks that fields of responses do not become INPUT_ONLY or stop being it.",
        Kind.FIELD_OPTIONS,
        behavior.same(
            FieldBehavior.INPUT_ONLY, Use.READ, "consumers do not get it any more", "consumers get what was kept back"
        ),
    ),
    _row(
        "BEHAVIOR_NO_BECOME_IMMUTABLE",
        "Checks that no field of a request becomes IMMUTABLE.",
        Kind.FIELD_OPTIONS,
        behavior.no_add(FieldBehavior.IMMUTABLE, Use.WRITTEN, "callers that change it are refused"),
    ),
    _row(
        "BEHAVIOR_SAME_IDENTIFIER",
        "Checks that fields stay the IDENTIFIER of their resource, or not.",
        Kind.FIELD_OPTIONS,
        behavior.same(
            FieldBehavior.IDENTIFIER, UNKNOWN, "callers cannot choose it any more", "the resource has another name"
        ),
    ),
    _row(
        "BEHAVIOR_NO_BECOME_UNORDERED",
        "Checks that no field of a response becomes an UNORDERED_LIST.",
        Kind.FIELD_OPTIONS,
        behavior.no_add(FieldBehavior.UNORDERED_LIST, Use.READ, "consumers cannot rely on the order any more"),
    ),
    _row(
        "BEHAVIOR_SAME_NON_EMPTY_DEFAULT",
        "Checks that fields that are not set keep being filled, or being left empty.",
        Kind.FIELD_OPTIONS,
        behavior.same(
            FieldBehavior.NON_EMPTY_DEFAULT,
            UNKNOWN,
            "left out, it comes back with a value",
            "left out, it comes back empty",
        ),
    ),
    _row(
        "BEHAVIOR_SAME_PRESENCE",
        "Checks that the absence of a field can be told from its zero value as before.",
        Kind.FIELD,
        behavior.same_presence,
    ),
    _row("BEHAVIOR_SAME_DEFAULT", "Checks that fields keep their default.", Kind.FIELD, behavior.same_default),
    _row(
        "BEHAVIOR_SAME_DOCUMENTED_DEFAULT",
        "Checks that what an unset field means by its comment stays the same.",
        Kind.STATE,
        behavior.same_documented_default,
    ),
    _row(
        "BEHAVIOR_NEW_FIELD_ZERO_IS_NEUTRAL",
        "Checks that the zero value of a new field of a request means nothing.",
        Kind.MESSAGE,
        behavior.new_field_zero_is_neutral,
    ),
)

_DIRECTION = (
    _row(
        "DIRECTION_ENUM_VALUE_NO_ADD_IF_READ",
        "Checks that no value is added to an enum that consumers read.",
        Kind.ENUM,
        direction.enum_value_no_add_if_read,
    ),
    _row(
        "DIRECTION_ENUM_VALUE_NO_DELETE_IF_WRITTEN",
        "Checks that no value is deleted from an enum that consumers write.",
        Kind.ENUM,
        direction.enum_value_no_delete_if_written,
    ),
    _row(
        "DIRECTION_ONEOF_MEMBER_NO_ADD_IF_READ",
        "Checks that no member is added to a oneof that consumers read.",
        Kind.MESSAGE,
        direction.oneof_member_no_add_if_read,
    ),
)

_DEPRECATION = (
    _row(
        "DEPRECATION_BEFORE_DELETE",
        "Checks that only what was deprecated is deleted.",
        Kind.STATE,
        deprecation.deprecated_before_delete,
    ),
    _row(
        "DEPRECATION_SUNSET_BEFORE_DELETE",
        "Checks that nothing is deleted before its sunset.",
        Kind.STATE,
        deprecation.sunset_before_delete,
    ),
    _row(
        "DEPRECATION_SUNSET_NO_ADVANCE",
        "Checks that no sunset moves to an earlier date.",
        Kind.STATE,
        deprecation.sunset_no_advance,
    ),
    _row(
        "DEPRECATION_SUNSET_NO_OVERDUE",
        "Checks that nothing stays after its sunset.",
        Kind.STATE,
        deprecation.sunset_no_overdue,
    ),
    _row(
        "DEPRECATION_SUNSET_IS_DATE",
        "Checks that sunsets are dates.",
        Kind.STATE,
        deprecation.sunset_is_date,
    ),
)

_EVENTS = (
    _row("EVENT_SAME_TOPIC", "Checks that events keep their topic.", Kind.MESSAGE, events.same_topic),
    _row("EVENT_SAME_KEY", "Checks that events keep their key.", Kind.MESSAGE, events.same_key),
    _row(
        "EVENT_HEADER_NO_DELETE",
        "Checks that events keep their headers.",
        Kind.MESSAGE,
        events.header_no_delete,
    ),
    _row(
        "EVENT_HEADER_NO_ADD",
        "Checks that events require no header that older records lack.",
        Kind.MESSAGE,
        events.header_no_add,
    ),
    _row(
        "EVENT_RETENTION_NO_SHORTEN",
        "Checks that events are kept as long as before.",
        Kind.MESSAGE,
        events.retention_no_shorten,
    ),
    _row(
        "EVENT_OPTION_NO_DELETE",
        "Checks that messages that are events stay events.",
        Kind.MESSAGE,
        events.option_no_delete,
    ),
    _row(
        "EVENT_TYPE_NO_DELETE",
        "Checks that event types keep their full name.",
        Kind.STATE,
        events.type_no_delete,
    ),
)

EXTENDED: tuple[Rule, ...] = (*_HTTP, *_VALIDATION, *_BEHAVIOR, *_DIRECTION, *_DEPRECATION, *_EVENTS, *OPENAPI)
