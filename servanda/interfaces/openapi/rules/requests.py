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

RULES: tuple[Rule, ...] = (
    Rule(
        id="OPENAPI_REQUEST_BODY_NO_DELETE",
        purpose="Checks that request bodies are not deleted.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.BODY_DELETED),
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
        id="OPENAPI_REQUEST_BODY_NO_NEW_REQUIRED",
        purpose="Checks that no request body is new and required, or becomes required.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.BODY_REQUIRED),
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
        id="OPENAPI_REQUEST_MEDIA_TYPE_NO_DELETE",
        purpose="Checks that media types of requests are not deleted.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.MEDIA_TYPE_DELETED, Side.REQUEST),
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
        id="OPENAPI_REQUEST_TYPE_NO_NARROW",
        purpose="Checks that types and formats in requests do not become narrower.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.TYPE, Side.REQUEST),
        breaks=REFUSAL,
        effect=refused(WRITE, "type"),
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
        id="OPENAPI_REQUEST_ENUM_NO_DELETE",
        purpose="Checks that values of enums in requests are not deleted.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.VALUES, Side.REQUEST),
        breaks=REFUSAL,
        effect=refused(WRITE, "enum"),
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
        id="OPENAPI_REQUEST_LIMIT_NO_TIGHTEN",
        purpose="Checks that limits in requests do not become tighter.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.LIMIT_TIGHTENED, Side.REQUEST),
        breaks=REFUSAL,
        effect=refused(WRITE, *LIMIT_KEYWORDS),
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
        id="OPENAPI_REQUEST_PROPERTY_NO_DELETE",
        purpose="Checks that properties of requests are not deleted and do not become readOnly.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.PROPERTY_DELETED, Side.REQUEST),
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
        id="OPENAPI_REQUEST_PROPERTY_NO_NEW_REQUIRED",
        purpose="Checks that no property of a request is new and required, or becomes required.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.PROPERTY_REQUIRED, Side.REQUEST),
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
        id="OPENAPI_REQUEST_ADDITIONAL_PROPERTIES_NO_FORBID",
        purpose="Checks that additional properties of requests are not forbidden.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.ADDITIONAL_PROPERTIES, Side.REQUEST),
        breaks=REFUSAL,
        effect=refused(WRITE, "additionalProperties"),
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
        id="OPENAPI_REQUEST_ALTERNATIVE_NO_DELETE",
        purpose="Checks that alternatives in requests are not deleted.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.ALTERNATIVES, Side.REQUEST),
        breaks=REFUSAL,
        effect=refused(WRITE, "oneOf", "anyOf"),
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
        id="OPENAPI_REQUEST_SAME_DEFAULT",
        purpose="Checks that defaults in requests stay the same.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.DEFAULT, Side.REQUEST),
        breaks=BOTH_WAYS_IF_WRITTEN,
        effect=replace(MAY_AFFECT_USERS, accesses=OMIT),
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
        id="OPENAPI_REQUEST_SAME_KEYWORD",
        purpose="Checks that other keywords of schemas in requests stay the same.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.KEYWORD, Side.REQUEST),
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
)
