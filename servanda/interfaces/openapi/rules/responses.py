"""Rows about what consumers get."""

from __future__ import annotations

from servanda.interfaces.effect import BREAKS_READERS, MAY_AFFECT_CALLERS, MAY_AFFECT_READERS, READ, refused
from servanda.interfaces.openapi.difference import Edit, Side
from servanda.interfaces.openapi.rules.documents import DOCUMENTS, OPENAPI, changed
from servanda.interfaces.rule import Remedy, Rule
from servanda.interfaces.transition import BOTH_WAYS_IF_READ, MISSING, SURPRISE

RULES: tuple[Rule, ...] = (
    Rule(
        id="OPENAPI_RESPONSE_NO_DELETE",
        purpose="Checks that responses are not deleted.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.RESPONSE_DELETED),
        breaks=SURPRISE,
        effect=refused(READ, "responses"),
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
        id="OPENAPI_RESPONSE_SUCCESS_NO_ADD",
        purpose="Checks that no response is added that says something else than an error.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.RESPONSE_ADDED),
        breaks=SURPRISE,
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
        id="OPENAPI_RESPONSE_MEDIA_TYPE_NO_DELETE",
        purpose="Checks that media types of responses are not deleted.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.MEDIA_TYPE_DELETED, Side.RESPONSE),
        breaks=SURPRISE,
        effect=BREAKS_READERS,
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
        id="OPENAPI_RESPONSE_HEADER_NO_DELETE",
        purpose="Checks that headers of responses are not deleted and stay required.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.HEADER_DELETED),
        breaks=SURPRISE,
        effect=refused(READ, "headers"),
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
        id="OPENAPI_RESPONSE_TYPE_NO_WIDEN",
        purpose="Checks that types and formats in responses do not become wider.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.TYPE, Side.RESPONSE),
        breaks=SURPRISE,
        effect=refused(READ, "type"),
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
        id="OPENAPI_RESPONSE_ENUM_NO_ADD",
        purpose="Checks that no value is added to enums in responses.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.VALUES, Side.RESPONSE),
        breaks=SURPRISE,
        effect=MAY_AFFECT_READERS,
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
        id="OPENAPI_RESPONSE_LIMIT_NO_LOOSEN",
        purpose="Checks that limits in responses do not become looser.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.LIMIT_LOOSENED, Side.RESPONSE),
        breaks=SURPRISE,
        effect=MAY_AFFECT_READERS,
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
        id="OPENAPI_RESPONSE_LIMIT_NO_TIGHTEN",
        purpose="Checks that limits in responses do not become tighter than older answers are.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.LIMIT_TIGHTENED, Side.RESPONSE),
        breaks=MISSING,
        effect=MAY_AFFECT_READERS,
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
        id="OPENAPI_RESPONSE_PROPERTY_NO_DELETE",
        purpose="Checks that properties of responses are not deleted and do not become writeOnly.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.PROPERTY_DELETED, Side.RESPONSE),
        breaks=SURPRISE,
        effect=BREAKS_READERS,
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
        id="OPENAPI_RESPONSE_PROPERTY_NO_BECOME_OPTIONAL",
        purpose="Checks that properties of responses stay required.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.PROPERTY_OPTIONAL, Side.RESPONSE),
        breaks=SURPRISE,
        effect=MAY_AFFECT_READERS,
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
        id="OPENAPI_RESPONSE_ADDITIONAL_PROPERTIES_NO_ALLOW",
        purpose="Checks that responses that have no additional properties stay so.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.ADDITIONAL_PROPERTIES, Side.RESPONSE),
        breaks=SURPRISE,
        effect=MAY_AFFECT_READERS,
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
        id="OPENAPI_RESPONSE_ALTERNATIVE_NO_ADD",
        purpose="Checks that no alternative is added in responses.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.ALTERNATIVES, Side.RESPONSE),
        breaks=SURPRISE,
        effect=MAY_AFFECT_READERS,
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
        id="OPENAPI_RESPONSE_SAME_KEYWORD",
        purpose="Checks that other keywords of schemas in responses stay the same.",
        why="Clients that were generated from the document send what is refused, or cannot read the answer.",
        categories=(OPENAPI,),
        subject=DOCUMENTS,
        handler=changed(Edit.KEYWORD, Side.RESPONSE),
        breaks=BOTH_WAYS_IF_READ,
        effect=MAY_AFFECT_READERS,
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
