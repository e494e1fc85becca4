"""How to make a change without breaking anybody: expand, migrate, contract."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from servanda.policy.rules import POLICY_RULES


@dataclass(frozen=True, slots=True)
class Remedy:
    """The safe steps for one family of breaks.

    Attributes:
        expand: What to add first, in a release that breaks nobody.
        migrate: What has to happen before the next step, and how to know that it did.
        contract: What may be taken away then.
        before: The definition as it is.
        after: The definition after the step ``expand``.
        mend: What to do instead of all that, where nothing is wrong with the interface.
    """

    expand: str
    migrate: str
    contract: str
    before: str = ""
    after: str = ""
    mend: str = ""

    @property
    def steps(self) -> tuple[tuple[str, str], ...]:
        """The steps by name, in their order."""
        if self.mend:
            return (("mend", self.mend),)
        return (("expand", self.expand), ("migrate", self.migrate), ("contract", self.contract))


_UNUSED: Final = "Let every consumer leave it; 'servanda usage' names those that did not"

_ROWS: Final = (
    *((rule.id, Remedy("", "", "", mend=rule.remedy)) for rule in POLICY_RULES),
    (
        "FIELD_SAME_(NAME|JSON_NAME)",
        Remedy(
            "Keep the field under its name and add one of the new name with a new number; fill both.",
            f"{_UNUSED}.",
            "Delete the old field, with its number and name reserved.",
            "string display_name = 1;",
            "string display_name = 1 [deprecated = true];\nstring full_name = 2;",
        ),
    ),
    (
        "FIELD_(SAME|WIRE.*)_.*",
        Remedy(
            "Keep the field as it is and add one of the new kind with a new number; fill both.",
            f"{_UNUSED}.",
            "Delete the old field, with its number and name reserved.",
            "int32 amount = 3;",
            "int32 amount = 3 [deprecated = true];\nMoney total = 7;",
        ),
    ),
    (
        "(PACKAGE_)?(FIELD|EXTENSION|ONEOF).*_NO_DELETE.*",
        Remedy(
            "Keep the field, mark it deprecated, and go on filling it.",
            f"{_UNUSED}.",
            "Delete it, with its number and name reserved.",
            "string nickname = 4;",
            'string nickname = 4 [deprecated = true];\n\n// a later release\nreserved 4;\nreserved "nickname";',
        ),
    ),
    (
        "ENUM_VALUE_SAME_NAME",
        Remedy(
            "Allow an alias and give the number a second name; the first name of a number is the one that is sent.",
            "Let every consumer accept the new name.",
            "Put the new name first, then delete the old one with its name reserved.",
            "STATUS_OFF = 2;",
            "option allow_alias = true;\nSTATUS_OFF = 2 [deprecated = true];\nSTATUS_DISABLED = 2;",
        ),
    ),
    (
        "ENUM_VALUE_.*|DIRECTION_ENUM_VALUE_NO_DELETE.*",
        Remedy(
            "Keep the value, mark it deprecated, and go on accepting it.",
            f"{_UNUSED}.",
            "Delete it, with its number and name reserved.",
            "STATUS_OFF = 2;",
            "STATUS_OFF = 2 [deprecated = true];",
        ),
    ),
    (
        "RPC_NO_DELETE|SERVICE_NO_DELETE|PACKAGE_SERVICE_NO_DELETE",
        Remedy(
            "Keep it working, mark it deprecated, and offer what replaces it beside it.",
            "Let every consumer call the new one; 'servanda usage' names those that call the old one.",
            "Delete it in a release of a new major version.",
            "rpc Find(FindRequest) returns (FindResponse);",
            "rpc Find(FindRequest) returns (FindResponse) {\n  option deprecated = true;\n}\n"
            "rpc Search(SearchRequest) returns (SearchResponse);",
        ),
    ),
    (
        "RPC_.*",
        Remedy(
            "Keep the rpc as it is and add one of a new name with the new types.",
            "Let every consumer call the new one.",
            "Delete the old one in a release of a new major version.",
            "rpc Find(FindRequest) returns (FindResponse);",
            "rpc Find(FindRequest) returns (FindResponse) {\n  option deprecated = true;\n}\n"
            "rpc FindMany(FindManyRequest) returns (stream FindManyResponse);",
        ),
    ),
    (
        "(PACKAGE_)?(MESSAGE|ENUM)_NO_DELETE|FILE_NO_DELETE|FILE_SAME_PACKAGE|PACKAGE_NO_DELETE",
        Remedy(
            "Keep the definitions where they are and add the new ones in a package of the next version.",
            "Let every consumer use the new package; serve both meanwhile.",
            "Delete the old package.",
            "package shop.v1;",
            "package shop.v1;  // stays, deprecated\npackage shop.v2;  // a file of its own",
        ),
    ),
    (
        "FILE_.*",
        Remedy(
            "Keep the option: it names generated code, which consumers import.",
            "Where it has to change, publish the generated code under both names.",
            "Withdraw the old name when nobody imports it.",
            'option go_package = "example.com/shop/v1";',
            'option go_package = "example.com/shop/v1";  // unchanged',
        ),
    ),
    (
        "MESSAGE_SAME_REQUIRED_FIELDS",
        Remedy(
            "Leave it to the code to ask for the field: a required field can neither come nor go safely.",
            "Let every side accept messages without it.",
            "Make the field optional in a release of a new major version.",
            "required string email = 1;",
            "optional string email = 1;  // asked for by the code; only after every reader accepts its absence",
        ),
    ),
    (
        "(MESSAGE|ENUM)_SAME_.*|MESSAGE_NO_REMOVE_.*",
        Remedy(
            "Keep the option, and define a message or enum of a new name with the new one.",
            f"{_UNUSED}.",
            "Delete the old definition in a release of a new major version.",
            "enum Status { option features.enum_type = OPEN; STATUS_UNSPECIFIED = 0; }",
            "enum Status { option features.enum_type = OPEN; STATUS_UNSPECIFIED = 0; }  // unchanged\n"
            "enum StrictStatus { option features.enum_type = CLOSED; STRICT_STATUS_UNSPECIFIED = 0; }",
        ),
    ),
    (
        "RESERVED_.*",
        Remedy(
            "Keep the reservation: old data and old consumers still know the number.",
            "Nothing to wait for.",
            "Never take a number again.",
            "reserved 4;",
            "reserved 4;  // unchanged",
        ),
    ),
    (
        "HTTP_.*",
        Remedy(
            "Keep the binding and add the new one under additional_bindings.",
            "Let every consumer over HTTP use the new path or verb.",
            "Make the new binding the only one.",
            'get: "/v1/users/{user_id}"',
            'get: "/v1/users/{user_id}"\nadditional_bindings { get: "/v1/people/{user_id}" }',
        ),
    ),
    (
        "VALIDATION_.*",
        Remedy(
            "Accept what was accepted, and report what the new constraint would refuse.",
            "Let every consumer that writes the field keep to the new constraint.",
            "Tighten the constraint.",
            "string name = 1 [(buf.validate.field).string.max_len = 200];",
            "string name = 1 [(buf.validate.field).string.max_len = 200];  // max_len = 100 is announced",
        ),
    ),
    (
        "DIRECTION_.*_NO_ADD.*",
        Remedy(
            "Define the new member, and send it to nobody yet.",
            "Let every consumer that reads it take in the new definition, or treat what it does not know.",
            "Begin to send it.",
            "enum Status {\n  STATUS_UNSPECIFIED = 0;\n  STATUS_ON = 1;\n}",
            "enum Status {\n  STATUS_UNSPECIFIED = 0;\n  STATUS_ON = 1;\n  STATUS_PAUSED = 2;  // not sent yet\n}",
        ),
    ),
    (
        "BEHAVIOR_.*REQUIRED.*",
        Remedy(
            "Keep the field optional, and say what leaving it out means.",
            "Let every consumer that writes the message set it.",
            "Make it required.",
            "string region = 5;",
            "string region = 5;  // left out: the region of the caller; required from the next major version on",
        ),
    ),
    (
        "BEHAVIOR_NEW_FIELD_.*",
        Remedy(
            "Choose a zero value that means what happened before the field was there.",
            "Let every consumer that wants the new behaviour set the field.",
            "Nothing to take away.",
            "enum Delivery { DELIVERY_EXPRESS = 0; DELIVERY_STANDARD = 1; }",
            "enum Delivery { DELIVERY_UNSPECIFIED = 0; DELIVERY_EXPRESS = 1; }  // unspecified: as before",
        ),
    ),
    (
        "BEHAVIOR_.*",
        Remedy(
            "Keep the behaviour of the field and add one of the new behaviour with a new number.",
            f"{_UNUSED}.",
            "Delete the old field, with its number and name reserved.",
            "string name = 1;",
            "string name = 1 [deprecated = true];\nstring display_name = 9 [(google.api.field_behavior) = IMMUTABLE];",
        ),
    ),
    (
        "DEPRECATION_.*",
        Remedy(
            "Keep it, mark it deprecated, and name the day from which on it may be gone.",
            f"{_UNUSED}.",
            "Delete it on that day or later.",
            "string nickname = 4;",
            "// Sunset: 2027-01-31\nstring nickname = 4 [deprecated = true];",
        ),
    ),
    (
        "EVENT.*",
        Remedy(
            "Publish to both: the old topic, key and headers as they are, and the new ones beside them.",
            "Let every consumer subscribe to the new topic and read what the old one still holds within its retention.",
            "Stop publishing the old way.",
            'topic: "shop.order.v1"',
            'topic: "shop.order.v1"  // stays\ntopic: "shop.order.v2"  // an event of its own',
        ),
    ),
    (
        "OPENAPI_.*",
        Remedy(
            "Add what is new beside what is there: another path, an optional parameter, a wider schema.",
            "Let every consumer use it.",
            "Take the old one away in a release of a new major version.",
            "required: [name]",
            "required: [name]\nproperties:\n  name: {type: string, deprecated: true}\n  fullName: {type: string}",
        ),
    ),
)
_ELSE: Final = Remedy(
    "Keep what is there and add the new behaviour beside it, off by default.",
    "Let every consumer take it up.",
    "Make it the only behaviour.",
)


def remedy_for(rule: str) -> Remedy:
    """The safe steps for what this rule objects to."""
    return next((remedy for expression, remedy in _ROWS if re.fullmatch(expression, rule)), _ELSE)
