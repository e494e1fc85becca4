"""Rows about what consumers send."""

from __future__ import annotations

from dataclasses import replace

from servanda.interfaces.effect import (
    BREAKS_THOSE_WHO_OMIT,
    BREAKS_WRITERS,
    MAY_AFFECT_USERS,
    MAY_AFFECT_WRITERS,
    OMIT,
    WRITE,
    refused,
)
from servanda.interfaces.openapi.difference import Edit, Side
from servanda.interfaces.openapi.rules.documents import DOCUMENTS, LIMIT_KEYWORDS, OPENAPI, changed
from servanda.interfaces.rule import Remedy, Rule
from servanda.interfaces.transition import BOTH_WAYS_IF_WRITTEN, REFUSAL
from servanda.verdict import Severity

RULES: tuple[Rule, ...] = (
    Rule(
        id="OPENAPI_REQUEST_BODY_NO_DELETE",
        purpose="Checks that request bodies are not deleted.",
        why="Callers send a body that the server ignores or refuses with 400, and what they wrote into it is lost.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.BODY_DELETED),
        breaks=REFUSAL,
        effect=BREAKS_WRITERS,
        remedy=Remedy(
            expand="Keep $part as optional, and go on reading it.",
            migrate="Let every consumer of $operation send its data in the new place; count requests that have a body.",
            contract="Delete $part when the counter has stayed at zero.",
            before="$name: ...",
            after="$name:\n  description: Deprecated.\n  required: false",
        ),
    ),
    Rule(
        id="OPENAPI_REQUEST_BODY_NO_NEW_REQUIRED",
        purpose="Checks that no request body is new and required, or becomes required.",
        why="Callers that send no body are refused with 400, or with 415 for the missing content type.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.BODY_REQUIRED),
        breaks=REFUSAL,
        effect=BREAKS_THOSE_WHO_OMIT,
        remedy=Remedy(
            expand="Accept requests without $part, and say what an absent body means.",
            migrate="Let every consumer of $operation send a body; count requests without one.",
            contract="Make $part required when the counter has stayed at zero.",
            before="$name:\n  required: true",
            after="$name:\n  required: false",
        ),
    ),
    Rule(
        id="OPENAPI_REQUEST_MEDIA_TYPE_NO_DELETE",
        purpose="Checks that media types of requests are not deleted.",
        why="Callers that send this content type are refused with 415.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.MEDIA_TYPE_DELETED, Side.REQUEST),
        breaks=REFUSAL,
        effect=BREAKS_WRITERS,
        remedy=Remedy(
            expand="Keep $part, and list the new media type beside it.",
            migrate=(
                "Let every consumer of $operation send the other content type; the access log shows requests with "
                "$name."
            ),
            contract="Delete $part when no request has this content type.",
            before="$name: ...",
            after="$name: ...  # deprecated, beside the new media type",
        ),
    ),
    Rule(
        id="OPENAPI_REQUEST_TYPE_NO_NARROW",
        purpose="Checks that types and formats in requests do not become narrower.",
        why="Callers that send a value of the former type or format are refused with 400 or 422.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.TYPE, Side.REQUEST),
        breaks=REFUSAL,
        effect=refused(WRITE, "type", "enum"),
        remedy=Remedy(
            expand="Accept the old type and format of $part, and report values that the new ones would refuse.",
            migrate="Let every consumer of $operation send values that both accept; the report names the others.",
            contract="Narrow $part when no such value was reported for a release.",
            before="$name: ...  # as it was",
            after="$name: ...  # as it was; the narrower type is announced",
        ),
    ),
    Rule(
        id="OPENAPI_REQUEST_ENUM_NO_DELETE",
        purpose="Checks that values of enums in requests are not deleted.",
        why="Callers that send the removed value are refused with 400 or 422.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.VALUES, Side.REQUEST),
        breaks=REFUSAL,
        effect=refused(WRITE, "type", "enum"),
        remedy=Remedy(
            expand="Accept all old values of $part, and map the ones to be removed to one of the others.",
            migrate="Let every consumer of $operation send values that stay; count requests with the others.",
            contract="Remove the values from $part when the counter has stayed at zero.",
            before="$name:\n  enum: [...]",
            after="$name:\n  enum: [...]  # unchanged; some values are deprecated",
        ),
    ),
    Rule(
        id="OPENAPI_REQUEST_LIMIT_NO_TIGHTEN",
        purpose="Checks that limits in requests do not become tighter.",
        why=(
            "Callers whose value is too long, too large or otherwise outside the new limit are refused with 400 or 422."
        ),
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.LIMIT_TIGHTENED, Side.REQUEST),
        breaks=REFUSAL,
        effect=refused(WRITE, *LIMIT_KEYWORDS),
        remedy=Remedy(
            expand="Accept what the old limit of $part accepted, and report values outside the new one.",
            migrate="Let every consumer of $operation keep to the new limit; the report names the others.",
            contract="Tighten $part when no such value was reported for a release.",
            before="$name: ...  # with the old limit",
            after="$name: ...  # with the old limit; the new one is announced",
        ),
    ),
    Rule(
        id="OPENAPI_REQUEST_PROPERTY_NO_DELETE",
        purpose="Checks that properties of requests are not deleted and do not become readOnly.",
        why=(
            "Callers that send the property are refused with 400 where unknown properties are forbidden; elsewhere "
            "their value is dropped without a word."
        ),
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.PROPERTY_DELETED, Side.REQUEST),
        breaks=REFUSAL,
        effect=BREAKS_WRITERS,
        remedy=Remedy(
            expand="Keep $part, mark it deprecated, and go on reading it.",
            migrate="Let every consumer of $operation leave $name out; count requests that have it.",
            contract="Delete $part, or make it readOnly, when the counter has stayed at zero.",
            before="$name: {...}",
            after="$name: {deprecated: true, ...}",
        ),
    ),
    Rule(
        id="OPENAPI_REQUEST_PROPERTY_NO_NEW_REQUIRED",
        purpose="Checks that no property of a request is new and required, or becomes required.",
        why="Callers that do not send the property are refused with 400 or 422.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.PROPERTY_REQUIRED, Side.REQUEST),
        breaks=REFUSAL,
        effect=BREAKS_THOSE_WHO_OMIT,
        remedy=Remedy(
            expand="Add or keep $part as optional, with a default that keeps the old behavior.",
            migrate="Let every consumer of $operation send $name; count requests without it.",
            contract="Add $name to the required properties when the counter has stayed at zero.",
            before="required: [$name, ...]",
            after="properties:\n  $name: {...}  # optional, with a default",
        ),
    ),
    Rule(
        id="OPENAPI_REQUEST_ADDITIONAL_PROPERTIES_NO_FORBID",
        purpose="Checks that additional properties of requests are not forbidden.",
        why=(
            "Callers that send other properties than the listed ones are refused with 400 or 422, where these were "
            "ignored or kept before."
        ),
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.ADDITIONAL_PROPERTIES, Side.REQUEST),
        breaks=REFUSAL,
        effect=refused(WRITE, "additionalProperties"),
        remedy=Remedy(
            expand="Go on accepting properties that $part does not list, and report their names.",
            migrate="Let every consumer of $operation send listed properties only; list those that are really needed.",
            contract="Set additionalProperties: false on $part when no other name was reported for a release.",
            before="$name:\n  type: object",
            after="$name:\n  type: object\n  # additionalProperties: false is announced",
        ),
    ),
    Rule(
        id="OPENAPI_REQUEST_ALTERNATIVE_NO_DELETE",
        purpose="Checks that alternatives in requests are not deleted.",
        why="Callers that send the removed alternative match no remaining schema and are refused with 400 or 422.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.ALTERNATIVES, Side.REQUEST),
        breaks=REFUSAL,
        effect=refused(WRITE, "oneOf", "anyOf"),
        remedy=Remedy(
            expand="Keep every alternative of $part, and mark the one that is to go as deprecated.",
            migrate="Let every consumer of $operation send another alternative; count requests with the old one.",
            contract="Remove the alternative from $part when the counter has stayed at zero.",
            before="$name:\n  oneOf: [...]",
            after="$name:\n  oneOf: [...]  # unchanged; one alternative is deprecated",
        ),
    ),
    Rule(
        id="OPENAPI_REQUEST_SAME_DEFAULT",
        purpose="Checks that defaults in requests stay the same.",
        why=(
            "The server fills in another value where callers leave it out, so the same request does something else, "
            "with status 200."
        ),
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.DEFAULT, Side.REQUEST),
        breaks=BOTH_WAYS_IF_WRITTEN,
        effect=replace(MAY_AFFECT_USERS, accesses=OMIT),
        remedy=Remedy(
            expand="Keep the default of $part, and let callers that want the new value send it.",
            migrate="Let every consumer of $operation send a value; count requests that leave it out.",
            contract="Change the default of $part when the counter has stayed at zero.",
            before="$name:\n  default: ...",
            after="$name:\n  default: ...  # unchanged",
        ),
    ),
    Rule(
        id="OPENAPI_REQUEST_SAME_KEYWORD",
        purpose="Checks that other keywords of schemas in requests stay the same.",
        why="A keyword such as not or if refuses with 400 or 422 what callers send.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.KEYWORD, Side.REQUEST),
        breaks=BOTH_WAYS_IF_WRITTEN,
        effect=MAY_AFFECT_WRITERS,
        remedy=Remedy(
            expand=(
                "Keep the keyword of $part, and validate requests against both versions without refusing by the new "
                "one."
            ),
            migrate=(
                "Let every consumer of $operation send values that both versions accept; the validation log names "
                "the others."
            ),
            contract="Change the keyword of $part when the log has stayed empty.",
            before="$name: ...  # as it was",
            after="$name: ...  # as it was; the new keyword only reports",
        ),
    ),
    Rule(
        id="OPENAPI_REQUEST_NO_UNPROVEN_CHANGE",
        purpose="Checks that what changed in schemas of requests is shown to refuse something, or nothing.",
        why=(
            "The new schema may refuse what callers send: none of the values that were tried shows it, and to prove "
            "that there is none takes a person."
        ),
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.UNDECIDED, Side.REQUEST),
        severity=Severity.ADVICE,
        breaks=REFUSAL,
        effect=MAY_AFFECT_WRITERS,
        remedy=Remedy(
            expand="Validate requests against the new schema of $part without refusing by it, and report the values.",
            migrate="Let every consumer of $operation send values that both versions accept, if any were reported.",
            contract="Change $part when nothing was reported for a release.",
            before="$name: ...  # as it was",
            after="$name: ...  # as it was; the new schema only reports",
        ),
    ),
    Rule(
        id="OPENAPI_REQUEST_SAME_ENCODING",
        purpose="Checks that parts of forms and their headers are written in requests as they were.",
        why=(
            "Callers write the part in the old form, such as tags=a&tags=b for tags=a|b, and the server reads one "
            "wrong value or refuses with 400 or 415."
        ),
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.ENCODING, Side.REQUEST),
        breaks=BOTH_WAYS_IF_WRITTEN,
        effect=MAY_AFFECT_WRITERS,
        remedy=Remedy(
            expand="Keep $part as it is written, and add a property of another name for the new form.",
            migrate="Let every consumer of $operation send the other property; count requests that have $name.",
            contract="Delete $part when the counter has stayed at zero.",
            before="$name: ...",
            after="$name: ...  # unchanged, beside a property of another name",
        ),
    ),
    Rule(
        id="OPENAPI_REQUEST_PART_HEADER_NO_NEW_REQUIRED",
        purpose="Checks that no header of a part of a form is new and required, or becomes required.",
        why="Callers that do not know the header leave it out of the part, and their requests are refused with 400.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.PART_HEADER, Side.REQUEST),
        breaks=REFUSAL,
        effect=MAY_AFFECT_WRITERS,
        remedy=Remedy(
            expand="Add $part as optional, and say what a part without it means.",
            migrate="Let every consumer of $operation send $name; count parts without it.",
            contract="Make $part required when the counter has stayed at zero.",
            before="$name: {required: true, ...}",
            after="$name: {required: false, ...}",
        ),
    ),
)
