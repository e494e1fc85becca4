"""Rows about paths, operations, parameters, security and servers."""

from __future__ import annotations

from servanda.interfaces.effect import (
    BREAKS_CALLERS,
    BREAKS_THOSE_WHO_OMIT,
    BREAKS_WRITERS,
    CALL,
    MAY_AFFECT_CALLERS,
    MAY_AFFECT_WRITERS,
    refused,
)
from servanda.interfaces.openapi.difference import Edit
from servanda.interfaces.openapi.rules.documents import DOCUMENTS, OPENAPI, changed
from servanda.interfaces.rule import Remedy, Rule
from servanda.interfaces.transition import BOTH_WAYS_IF_WRITTEN, REFUSAL, SOURCE_ONLY

RULES: tuple[Rule, ...] = (
    Rule(
        id="OPENAPI_PATH_NO_DELETE",
        purpose="Checks that paths, webhooks and callbacks are not deleted.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.PATH_DELETED),
        breaks=REFUSAL,
        effect=BREAKS_CALLERS,
        remedy=Remedy(
            expand="Add what is new beside what is there: another path, an optional parameter, a wider schema.",
            migrate="Let every consumer use it.",
            contract="Take the old one away in a release of a new major version.",
            before="required: [name]",
            after=(
                "required: [name]\nproperties:\n  name: {type: string, deprecated: true}\n  fullName: {type: string}"
            ),
        ),
    ),
    Rule(
        id="OPENAPI_PATH_PARAMETER_SAME_NAME",
        purpose="Checks that parameters of paths keep their name.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.PATH_PARAMETER_NAME),
        breaks=SOURCE_ONLY,
        effect=MAY_AFFECT_CALLERS,
        remedy=Remedy(
            expand="Add what is new beside what is there: another path, an optional parameter, a wider schema.",
            migrate="Let every consumer use it.",
            contract="Take the old one away in a release of a new major version.",
            before="required: [name]",
            after=(
                "required: [name]\nproperties:\n  name: {type: string, deprecated: true}\n  fullName: {type: string}"
            ),
        ),
    ),
    Rule(
        id="OPENAPI_OPERATION_NO_DELETE",
        purpose="Checks that operations are not deleted.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.OPERATION_DELETED),
        breaks=REFUSAL,
        effect=BREAKS_CALLERS,
        remedy=Remedy(
            expand="Add what is new beside what is there: another path, an optional parameter, a wider schema.",
            migrate="Let every consumer use it.",
            contract="Take the old one away in a release of a new major version.",
            before="required: [name]",
            after=(
                "required: [name]\nproperties:\n  name: {type: string, deprecated: true}\n  fullName: {type: string}"
            ),
        ),
    ),
    Rule(
        id="OPENAPI_OPERATION_SAME_ID",
        purpose="Checks that operations keep their operationId, after which clients are named.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.OPERATION_ID),
        breaks=SOURCE_ONLY,
        effect=MAY_AFFECT_CALLERS,
        remedy=Remedy(
            expand="Add what is new beside what is there: another path, an optional parameter, a wider schema.",
            migrate="Let every consumer use it.",
            contract="Take the old one away in a release of a new major version.",
            before="required: [name]",
            after=(
                "required: [name]\nproperties:\n  name: {type: string, deprecated: true}\n  fullName: {type: string}"
            ),
        ),
    ),
    Rule(
        id="OPENAPI_PARAMETER_NO_DELETE",
        purpose="Checks that parameters are not deleted.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.PARAMETER_DELETED),
        breaks=REFUSAL,
        effect=BREAKS_WRITERS,
        remedy=Remedy(
            expand="Add what is new beside what is there: another path, an optional parameter, a wider schema.",
            migrate="Let every consumer use it.",
            contract="Take the old one away in a release of a new major version.",
            before="required: [name]",
            after=(
                "required: [name]\nproperties:\n  name: {type: string, deprecated: true}\n  fullName: {type: string}"
            ),
        ),
    ),
    Rule(
        id="OPENAPI_PARAMETER_NO_NEW_REQUIRED",
        purpose="Checks that no parameter is new and required, or becomes required.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.PARAMETER_REQUIRED),
        breaks=REFUSAL,
        effect=BREAKS_THOSE_WHO_OMIT,
        remedy=Remedy(
            expand="Add what is new beside what is there: another path, an optional parameter, a wider schema.",
            migrate="Let every consumer use it.",
            contract="Take the old one away in a release of a new major version.",
            before="required: [name]",
            after=(
                "required: [name]\nproperties:\n  name: {type: string, deprecated: true}\n  fullName: {type: string}"
            ),
        ),
    ),
    Rule(
        id="OPENAPI_PARAMETER_SAME_STYLE",
        purpose="Checks that parameters keep the way in which they are written.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.PARAMETER_STYLE),
        breaks=BOTH_WAYS_IF_WRITTEN,
        effect=MAY_AFFECT_WRITERS,
        remedy=Remedy(
            expand="Add what is new beside what is there: another path, an optional parameter, a wider schema.",
            migrate="Let every consumer use it.",
            contract="Take the old one away in a release of a new major version.",
            before="required: [name]",
            after=(
                "required: [name]\nproperties:\n  name: {type: string, deprecated: true}\n  fullName: {type: string}"
            ),
        ),
    ),
    Rule(
        id="OPENAPI_SECURITY_NO_TIGHTEN",
        purpose="Checks that who was let in is let in with the same credentials and scopes.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.ACCESS_TIGHTENED),
        breaks=REFUSAL,
        effect=refused(CALL, "security"),
        remedy=Remedy(
            expand="Add what is new beside what is there: another path, an optional parameter, a wider schema.",
            migrate="Let every consumer use it.",
            contract="Take the old one away in a release of a new major version.",
            before="required: [name]",
            after=(
                "required: [name]\nproperties:\n  name: {type: string, deprecated: true}\n  fullName: {type: string}"
            ),
        ),
    ),
    Rule(
        id="OPENAPI_SECURITY_SAME_SCHEME",
        purpose="Checks that security schemes stay as they are.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.SECURITY_SCHEME),
        breaks=BOTH_WAYS_IF_WRITTEN,
        effect=MAY_AFFECT_CALLERS,
        remedy=Remedy(
            expand="Add what is new beside what is there: another path, an optional parameter, a wider schema.",
            migrate="Let every consumer use it.",
            contract="Take the old one away in a release of a new major version.",
            before="required: [name]",
            after=(
                "required: [name]\nproperties:\n  name: {type: string, deprecated: true}\n  fullName: {type: string}"
            ),
        ),
    ),
    Rule(
        id="OPENAPI_SERVER_NO_DELETE",
        purpose="Checks that servers keep their URL.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.SERVER_DELETED),
        breaks=REFUSAL,
        effect=refused(CALL, "servers"),
        remedy=Remedy(
            expand="Add what is new beside what is there: another path, an optional parameter, a wider schema.",
            migrate="Let every consumer use it.",
            contract="Take the old one away in a release of a new major version.",
            before="required: [name]",
            after=(
                "required: [name]\nproperties:\n  name: {type: string, deprecated: true}\n  fullName: {type: string}"
            ),
        ),
    ),
)
