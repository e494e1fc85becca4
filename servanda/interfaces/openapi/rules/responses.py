"""Rows about what consumers get."""

from __future__ import annotations

from servanda.interfaces.effect import BREAKS_READERS, MAY_AFFECT_CALLERS, MAY_AFFECT_READERS, READ, refused
from servanda.interfaces.openapi.difference import Edit, Side
from servanda.interfaces.openapi.rules.documents import DOCUMENTS, LIMIT_KEYWORDS, OPENAPI, changed
from servanda.interfaces.rule import Remedy, Rule
from servanda.interfaces.transition import BOTH_WAYS_IF_READ, MISSING, SURPRISE
from servanda.verdict import Severity

RULES: tuple[Rule, ...] = (
    Rule(
        id="OPENAPI_RESPONSE_NO_DELETE",
        purpose="Checks that responses are not deleted.",
        why=(
            "Callers that handle this status never see it again, and generated clients have no type for what comes "
            "instead."
        ),
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.RESPONSE_DELETED),
        breaks=SURPRISE,
        effect=refused(READ, "responses"),
        remedy=Remedy(
            expand="Keep $part, and go on answering with it.",
            migrate="Let every consumer of $operation handle the status that replaces $name.",
            contract="Answer with the new status, then delete $part.",
            before='"$name": ...',
            after='"$name": ...  # unchanged, beside the new status',
        ),
    ),
    Rule(
        id="OPENAPI_RESPONSE_SUCCESS_NO_ADD",
        purpose="Checks that no response is added that says something else than an error.",
        why=(
            "Clients that accept only the statuses they know treat the new success or redirect as an error, or parse "
            "its body as another type."
        ),
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.RESPONSE_ADDED),
        breaks=SURPRISE,
        effect=MAY_AFFECT_CALLERS,
        remedy=Remedy(
            expand=(
                "Describe $part, and do not answer with it yet unless a caller asks for it, such as by a Prefer header."
            ),
            migrate="Let every consumer of $operation handle status $name.",
            contract="Answer with $name by default.",
            before='"$name": ...',
            after='"$name": ...  # only for callers that ask for it',
        ),
    ),
    Rule(
        id="OPENAPI_RESPONSE_MEDIA_TYPE_NO_DELETE",
        purpose="Checks that media types of responses are not deleted.",
        why="Callers that accept only this content type get 406, or a body in a form unknown to their parser.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.MEDIA_TYPE_DELETED, Side.RESPONSE),
        breaks=SURPRISE,
        effect=BREAKS_READERS,
        remedy=Remedy(
            expand="Keep $part, and choose between it and the new media type by the Accept header.",
            migrate=(
                "Let every consumer of $operation accept the new media type; the access log shows who asks for $name."
            ),
            contract="Delete $part when no request accepts only this content type.",
            before="$name: ...",
            after="$name: ...  # unchanged, beside the new media type",
        ),
    ),
    Rule(
        id="OPENAPI_RESPONSE_MEDIA_TYPE_NO_WIDEN",
        purpose="Checks that media types of responses do not become ranges.",
        why=(
            "The answer may be of any type within the range, and callers that parse the former one fail where it is "
            "another; whether it ever is, the document does not say."
        ),
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.MEDIA_TYPE_WIDENED, Side.RESPONSE),
        breaks=SURPRISE,
        severity=Severity.WARNING,
        effect=MAY_AFFECT_READERS,
        remedy=Remedy(
            expand="Keep $part, and list the range beside it.",
            migrate="Let every consumer of $operation ask for $name with its Accept header.",
            contract="Delete $part when every request names what it accepts.",
            before="$name: ...",
            after="$name: ...  # unchanged, beside the range",
        ),
    ),
    Rule(
        id="OPENAPI_RESPONSE_HEADER_NO_DELETE",
        purpose="Checks that headers of responses are not deleted and stay required.",
        why=(
            "Callers that read the header, such as ETag for a conditional update, find nothing and fail or lose "
            "updates."
        ),
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.HEADER_DELETED),
        breaks=SURPRISE,
        effect=refused(READ, "headers"),
        remedy=Remedy(
            expand="Go on sending $part, and describe it as deprecated.",
            migrate="Let every consumer of $operation do without $name.",
            contract="Make $part optional, then stop sending it, then delete it.",
            before="$name: ...",
            after="$name: {deprecated: true, ...}",
        ),
    ),
    Rule(
        id="OPENAPI_RESPONSE_SAME_ENCODING",
        purpose="Checks that headers and parts of forms are written in responses as they were.",
        why="Callers take the value apart as it was written before, such as at commas, and read a wrong value or fail.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.ENCODING, Side.RESPONSE),
        breaks=BOTH_WAYS_IF_READ,
        effect=MAY_AFFECT_READERS,
        remedy=Remedy(
            expand="Go on writing $part as it is written, and send the new form under another name.",
            migrate="Let every consumer of $operation read the other one instead of $name.",
            contract="Delete $part when nobody reads it any more.",
            before="$name: ...",
            after="$name: ...  # unchanged, beside one of another name",
        ),
    ),
    Rule(
        id="OPENAPI_RESPONSE_TYPE_NO_WIDEN",
        purpose="Checks that types and formats in responses do not become wider.",
        why="Generated clients hold the value in the old type: parsing fails, or a 64-bit number overflows an int32.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.TYPE, Side.RESPONSE),
        breaks=SURPRISE,
        effect=refused(READ, "type"),
        remedy=Remedy(
            expand="Go on sending $part in the old type, and add a property of another name with the wider type.",
            migrate="Let every consumer of $operation read the other property instead of $name.",
            contract="Delete $part, or widen it in a new major version.",
            before="$name: ...  # as it was",
            after="$name: ...  # as it was, beside a property with the wider type",
        ),
    ),
    Rule(
        id="OPENAPI_RESPONSE_ENUM_NO_ADD",
        purpose="Checks that no value is added to enums in responses.",
        why="Generated clients throw on a value that their enum does not have, and other code finds no branch for it.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.VALUES, Side.RESPONSE),
        breaks=SURPRISE,
        effect=refused(READ, "type", "enum"),
        remedy=Remedy(
            expand="Send only the old values of $part, and announce the new one.",
            migrate=(
                "Let every consumer of $operation generate its client again, or treat unknown values of $name as a "
                "default."
            ),
            contract="Begin to send the new value of $part.",
            before="$name:\n  enum: [...]",
            after="$name:\n  enum: [...]  # unchanged; the new value is announced",
        ),
    ),
    Rule(
        id="OPENAPI_RESPONSE_VALUE_NO_DELETE",
        purpose="Checks that values that came in responses are still possible.",
        why=(
            "A consumer that waits for exactly this value, such as a final status or null, never gets it; to all "
            "others the change is harmless."
        ),
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.VALUES_GONE, Side.RESPONSE),
        breaks=SURPRISE,
        severity=Severity.ADVICE,
        effect=refused(READ, "type", "enum", "oneOf", "anyOf", "additionalProperties", "responses", *LIMIT_KEYWORDS),
        remedy=Remedy(
            expand="Go on sending the old values of $part, and announce which ones are to go.",
            migrate=(
                "Let every consumer of $operation do without these values of $name; contracts name who expects one."
            ),
            contract="Stop sending the values, then remove them from $part.",
            before="$name:\n  enum: [...]",
            after="$name:\n  enum: [...]  # unchanged; some values are announced to go",
        ),
    ),
    Rule(
        id="OPENAPI_RESPONSE_LIMIT_NO_LOOSEN",
        purpose="Checks that limits in responses do not become looser.",
        why=(
            "Callers that reserved a column, buffer or loop for the promised limit cut the longer or larger value, "
            "or fail to store it."
        ),
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.LIMIT_LOOSENED, Side.RESPONSE),
        breaks=SURPRISE,
        effect=MAY_AFFECT_READERS,
        remedy=Remedy(
            expand="Go on sending values of $part within the old limit.",
            migrate="Let every consumer of $operation make room for what the new limit of $name allows.",
            contract="Loosen the limit of $part, then send such values.",
            before="$name: ...  # with the old limit",
            after="$name: ...  # with the old limit; the wider one is announced",
        ),
    ),
    Rule(
        id="OPENAPI_RESPONSE_LIMIT_NO_TIGHTEN",
        purpose="Checks that limits in responses do not become tighter than older answers are.",
        why=(
            "A new client validates by the tighter limit, and refuses answers of an old server or values that were "
            "stored before."
        ),
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.LIMIT_TIGHTENED, Side.RESPONSE),
        breaks=MISSING,
        effect=refused(READ, *LIMIT_KEYWORDS),
        remedy=Remedy(
            expand="Send only values of $part within the new limit, and leave the old limit in the document.",
            migrate="Let every running server keep to the new limit, and bring stored values of $name within it.",
            contract="Tighten the limit of $part in the document, then generate clients again.",
            before="$name: ...  # with the old limit",
            after="$name: ...  # with the old limit; all values sent keep to the new one",
        ),
        # Old consumers are safe with every answer; only one that takes the new document at once meets old answers.
        severity=Severity.WARNING,
    ),
    Rule(
        id="OPENAPI_RESPONSE_PROPERTY_NO_DELETE",
        purpose="Checks that properties of responses are not deleted and do not become writeOnly.",
        why=(
            "Callers that read the property find nothing: they work with null or undefined, or their generated "
            "client refuses the answer."
        ),
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.PROPERTY_DELETED, Side.RESPONSE),
        breaks=SURPRISE,
        effect=BREAKS_READERS,
        remedy=Remedy(
            expand="Keep $part, mark it deprecated, and go on filling it.",
            migrate=(
                "Let every consumer of $operation do without $name; the contracts in this check's report name those "
                "that read it."
            ),
            contract="Remove $name from the required properties, then delete it or make it writeOnly.",
            before="$name: {...}",
            after="$name: {deprecated: true, ...}",
        ),
    ),
    Rule(
        id="OPENAPI_RESPONSE_PROPERTY_NO_BECOME_OPTIONAL",
        purpose="Checks that properties of responses stay required.",
        why="Callers that read the property without a check get null or undefined and fail at the next step.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.PROPERTY_OPTIONAL, Side.RESPONSE),
        breaks=SURPRISE,
        effect=MAY_AFFECT_READERS,
        remedy=Remedy(
            expand="Keep $part required, and go on sending it in every answer.",
            migrate="Let every consumer of $operation handle an answer without $name.",
            contract="Remove $name from the required properties, then leave it out.",
            before="required: [$name, ...]",
            after="required: [$name, ...]  # unchanged; optional is announced",
        ),
    ),
    Rule(
        id="OPENAPI_RESPONSE_ADDITIONAL_PROPERTIES_NO_ALLOW",
        purpose="Checks that responses that have no additional properties stay so.",
        why=(
            "Strict clients were promised that nothing else comes, so they refuse the whole answer at the first "
            "unknown property."
        ),
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.ADDITIONAL_PROPERTIES, Side.RESPONSE),
        breaks=SURPRISE,
        effect=MAY_AFFECT_READERS,
        remedy=Remedy(
            expand="Go on sending only the listed properties of $part.",
            migrate="Let every consumer of $operation ignore unknown properties in $name.",
            contract="Allow additionalProperties on $part, then send more.",
            before="$name:\n  additionalProperties: false",
            after="$name:\n  additionalProperties: false  # more is announced",
        ),
    ),
    Rule(
        id="OPENAPI_RESPONSE_CLOSED_NO_NEW_PROPERTY",
        purpose="Checks that no property is new in responses that were said to have no others.",
        why=(
            "Clients that validate answers by the former document refuse the whole answer, for it said that no other "
            "property comes; most clients do not validate, and ignore the property."
        ),
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.PROPERTY_ADDED, Side.RESPONSE),
        breaks=SURPRISE,
        severity=Severity.WARNING,
        effect=MAY_AFFECT_READERS,
        remedy=Remedy(
            expand="Leave additionalProperties: false out of the schema around $part, and do not send $name yet.",
            migrate="Let every consumer of $operation ignore properties that it does not know.",
            contract="Send $name.",
            before="additionalProperties: false",
            after="# other properties are allowed; $name is announced",
        ),
    ),
    Rule(
        id="OPENAPI_RESPONSE_ALTERNATIVE_NO_ADD",
        purpose="Checks that no alternative is added in responses.",
        why="Generated clients try the alternatives that they know, and fail or pick the wrong type for the new one.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.ALTERNATIVES, Side.RESPONSE),
        breaks=SURPRISE,
        effect=MAY_AFFECT_READERS,
        remedy=Remedy(
            expand="Send only the old alternatives of $part, and announce the new one.",
            migrate=(
                "Let every consumer of $operation generate its client again, or ignore alternatives of $name that it "
                "does not know."
            ),
            contract="Add the alternative to $part, then begin to send it.",
            before="$name:\n  oneOf: [...]",
            after="$name:\n  oneOf: [...]  # unchanged; one more is announced",
        ),
    ),
    Rule(
        id="OPENAPI_RESPONSE_SAME_KEYWORD",
        purpose="Checks that other keywords of schemas in responses stay the same.",
        why="A keyword such as not or if lets through values that callers were promised never to get.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.KEYWORD, Side.RESPONSE),
        breaks=BOTH_WAYS_IF_READ,
        effect=MAY_AFFECT_READERS,
        remedy=Remedy(
            expand="Send only values of $part that the old and the new keyword accept.",
            migrate="Let every consumer of $operation handle values of $name that only the new keyword accepts.",
            contract="Change the keyword of $part, then send such values.",
            before="$name: ...  # as it was",
            after="$name: ...  # as it was; the new keyword is announced",
        ),
    ),
    Rule(
        id="OPENAPI_RESPONSE_NO_UNPROVEN_CHANGE",
        purpose="Checks that what changed in schemas of responses is shown to let something new come, or nothing.",
        why=(
            "The new schema may let values come that callers were promised never to get: none of the values that were "
            "tried shows it, and to prove that there is none takes a person."
        ),
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.UNDECIDED, Side.RESPONSE),
        severity=Severity.ADVICE,
        breaks=SURPRISE,
        effect=MAY_AFFECT_READERS,
        remedy=Remedy(
            expand="Send only values of $part that the old and the new schema accept, and report the others.",
            migrate="Let every consumer of $operation handle the values of $name that were reported, if any were.",
            contract="Change $part, then send such values.",
            before="$name: ...  # as it was",
            after="$name: ...  # as it was; the new schema is announced",
        ),
    ),
)
