"""Rows about paths, operations, parameters, security and servers."""

from __future__ import annotations

from servanda.interfaces.effect import (
    BREAKS_CALLERS,
    BREAKS_THOSE_WHO_OMIT,
    BREAKS_WRITERS,
    CALL,
    MAY_AFFECT_CALLERS,
    MAY_AFFECT_WRITERS,
    WRITE,
    refused,
)
from servanda.interfaces.openapi.difference import Edit
from servanda.interfaces.openapi.rules.documents import DOCUMENTS, OPENAPI, changed
from servanda.interfaces.rule import Remedy, Rule
from servanda.interfaces.transition import BOTH_WAYS_IF_WRITTEN, REFUSAL, SOURCE_ONLY
from servanda.verdict import Severity

RULES: tuple[Rule, ...] = (
    Rule(
        id="OPENAPI_PATH_NO_DELETE",
        purpose="Checks that paths, webhooks and callbacks are not deleted.",
        why=(
            "Every request to the path gets 404; of a webhook or callback, its receivers wait for requests that "
            "never come."
        ),
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.PATH_DELETED),
        breaks=REFUSAL,
        effect=BREAKS_CALLERS,
        remedy=Remedy(
            expand="Keep $part, mark its operations deprecated, and offer what replaces it beside it.",
            migrate="Let every consumer use the replacement of $operation; the access log shows who still uses it.",
            contract="Delete $part in a release of a new major version.",
            before="$name:\n  ...",
            after="$name:\n  ...  # each operation with deprecated: true",
        ),
    ),
    Rule(
        id="OPENAPI_PATH_PARAMETER_SAME_NAME",
        purpose="Checks that parameters of paths keep their name.",
        why=(
            "Requests stay the same, but generated clients name the argument after the parameter, so callers that "
            "pass it by name do not compile or fail."
        ),
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.PATH_PARAMETER_NAME),
        breaks=SOURCE_ONLY,
        severity=Severity.WARNING,
        effect=MAY_AFFECT_CALLERS,
        remedy=Remedy(
            expand=(
                "Keep the names of the variables in $part: they show up in nothing but documents and generated code."
            ),
            migrate=(
                "Where one has to change, generate a client under a new major version, and let callers of $operation "
                "move to it."
            ),
            contract="Rename the variables of $part together with that version of the client.",
            before="$name:\n  ...",
            after="$name:\n  ...  # variables unchanged",
        ),
    ),
    Rule(
        id="OPENAPI_OPERATION_NO_DELETE",
        purpose="Checks that operations are not deleted.",
        why=(
            "Requests with this method get 405, or 404 where the server knows no other method, and the function is "
            "gone from generated clients."
        ),
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.OPERATION_DELETED),
        breaks=REFUSAL,
        effect=BREAKS_CALLERS,
        remedy=Remedy(
            expand="Keep $part, mark it deprecated, and offer what replaces it beside it.",
            migrate="Let every consumer call the replacement of $operation; the access log shows who still calls it.",
            contract="Delete $part in a release of a new major version.",
            before="$name:\n  ...",
            after="$name:\n  deprecated: true\n  ...",
        ),
    ),
    Rule(
        id="OPENAPI_OPERATION_SAME_ID",
        purpose="Checks that operations keep their operationId, after which clients are named.",
        why=(
            "Generators name the function of the client after operationId, so calls of the old function do not "
            "compile; requests stay the same."
        ),
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.OPERATION_ID),
        breaks=SOURCE_ONLY,
        severity=Severity.WARNING,
        effect=MAY_AFFECT_CALLERS,
        remedy=Remedy(
            expand="Keep the operationId of $part.",
            migrate="Where it has to change, release a client that has the function of $operation under both names.",
            contract="Drop the old function from the client in a release of a new major version.",
            before="$name:\n  operationId: ...",
            after="$name:\n  operationId: ...  # unchanged",
        ),
    ),
    Rule(
        id="OPENAPI_PARAMETER_NO_DELETE",
        purpose="Checks that parameters are not deleted.",
        why=(
            "Callers that send the parameter are refused with 400 by a strict server; a lenient one ignores it and "
            "gives another answer than they asked for."
        ),
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.PARAMETER_DELETED),
        breaks=REFUSAL,
        effect=BREAKS_WRITERS,
        remedy=Remedy(
            expand="Keep $part, mark it deprecated, and go on obeying it.",
            migrate=(
                "Let every consumer leave it out of its calls of $operation; the access log shows requests with $name."
            ),
            contract="Delete $part when no request has it.",
            before="name: $name",
            after="name: $name\ndeprecated: true",
        ),
    ),
    Rule(
        id="OPENAPI_PARAMETER_NO_NEW_REQUIRED",
        purpose="Checks that no parameter is new and required, or becomes required.",
        why="Callers that do not know the parameter leave it out, and the server refuses their requests with 400.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.PARAMETER_REQUIRED),
        breaks=REFUSAL,
        effect=BREAKS_THOSE_WHO_OMIT,
        remedy=Remedy(
            expand="Add $part as optional, with a default that keeps the old behavior.",
            migrate="Let every consumer send $name to $operation; the access log shows requests without it.",
            contract="Make $part required when no request comes without it.",
            before="name: $name\nrequired: true",
            after="name: $name\nrequired: false\n# with a default in its schema",
        ),
    ),
    Rule(
        id="OPENAPI_PARAMETER_SAME_STYLE",
        purpose="Checks that parameters keep the way in which they are written.",
        why=(
            "Callers write lists and objects in the old form, such as a=1&a=2 for a=1,2, so the server reads one "
            "wrong value or refuses with 400."
        ),
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.PARAMETER_STYLE),
        breaks=BOTH_WAYS_IF_WRITTEN,
        effect=MAY_AFFECT_WRITERS,
        remedy=Remedy(
            expand="Keep the style of $part, and add a parameter of another name for the new style.",
            migrate=(
                "Let every consumer of $operation send the new parameter; the access log shows requests with $name."
            ),
            contract="Delete $part when no request has it.",
            before="name: $name",
            after="name: $name\ndeprecated: true\n# and a parameter of another name in the new style",
        ),
    ),
    Rule(
        id="OPENAPI_PARAMETER_EMPTY_VALUE_NO_FORBID",
        purpose="Checks that parameters of queries that may stand without a value still may.",
        why="Callers that send the name alone, as in ?tag=, are refused with 400, or get what they did not ask for.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.EMPTY_VALUE),
        breaks=REFUSAL,
        effect=refused(WRITE, "allowEmptyValue"),
        remedy=Remedy(
            expand="Go on accepting $part without a value, and mark allowEmptyValue as deprecated in its description.",
            migrate="Let every consumer of $operation send a value or none of $name; the access log shows the others.",
            contract="Drop allowEmptyValue from $part when no request has $name without a value.",
            before="name: $name\nallowEmptyValue: true",
            after="name: $name\nallowEmptyValue: true  # deprecated",
        ),
    ),
    Rule(
        id="OPENAPI_SECURITY_NO_TIGHTEN",
        purpose="Checks that who was let in is let in with the same credentials and scopes.",
        why="Callers with the credentials or scopes that were enough get 401 or 403.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.ACCESS_TIGHTENED),
        breaks=REFUSAL,
        effect=refused(CALL, "security"),
        remedy=Remedy(
            expand="List the new requirement as an alternative in $part, beside what was enough so far.",
            migrate=(
                "Give every consumer of $operation the new credentials or scopes; the access log shows who still "
                "comes with the old ones."
            ),
            contract="Remove the old alternative from $part.",
            before="$name:\n  - ...  # what was enough",
            after="$name:\n  - ...  # what was enough\n  - ...  # what will be needed",
        ),
    ),
    Rule(
        id="OPENAPI_SECURITY_SAME_SCHEME",
        purpose="Checks that security schemes stay as they are.",
        why="Callers send their credentials in the old way, such as another header or token type, and get 401.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.SECURITY_SCHEME),
        breaks=BOTH_WAYS_IF_WRITTEN,
        effect=MAY_AFFECT_CALLERS,
        remedy=Remedy(
            expand="Keep $part, and define a scheme of another name; accept either by listing both as alternatives.",
            migrate="Let every consumer send the new credentials; the access log shows who still uses $name.",
            contract="Delete $part when nobody signs in with it.",
            before="$name: ...",
            after="$name: ...  # unchanged, beside a scheme of another name",
        ),
    ),
    Rule(
        id="OPENAPI_SERVER_NO_DELETE",
        purpose="Checks that servers keep their URL.",
        why=(
            "Generated clients hold the old URL as their default, so their requests go to a host that does not "
            "answer, or to another base path and get 404."
        ),
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.SERVER_DELETED),
        breaks=REFUSAL,
        effect=refused(CALL, "servers"),
        remedy=Remedy(
            expand="Keep $part, and list the new URL beside it.",
            migrate="Let every consumer configure the new URL; the access log of $name shows who has not.",
            contract="Redirect $name for a while, then delete $part.",
            before="servers:\n  - url: $name",
            after="servers:\n  - url: $name\n  - url: ...  # the new one",
        ),
    ),
    Rule(
        id="OPENAPI_SERVER_SAME_DEFAULT",
        purpose="Checks that variables of servers keep their default.",
        why=(
            "Clients that are generated anew and choose no value call another address; the old one is still there for "
            "those that know it."
        ),
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.SERVER_DEFAULT),
        breaks=SOURCE_ONLY,
        severity=Severity.WARNING,
        effect=MAY_AFFECT_CALLERS,
        remedy=Remedy(
            expand="Keep the default of $part, and add the new value to the enum of the variable.",
            migrate="Let every consumer choose its value itself.",
            contract="Change the default in a release of a new major version.",
            before="url: $name\nvariables:\n  ...: {default: ...}",
            after="url: $name\nvariables:\n  ...: {default: ...}  # unchanged; the new value is in its enum",
        ),
    ),
)
