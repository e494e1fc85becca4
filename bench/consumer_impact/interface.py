"""A made-up interface: what is behind its names stays known through every edit."""

from __future__ import annotations

import copy
import random
from dataclasses import dataclass, field

WORDS = (
    *("note", "amount", "city", "street", "colour", "weight", "height", "origin", "target", "label", "remark"),
    *("reason", "channel", "region", "phase", "rank", "score", "tier", "vendor", "batch", "shelf", "crate"),
    *("pallet", "carrier", "route", "dock", "berth", "lane", "gate", "slot", "bay"),
)
SCALARS = ("string", "int32", "int64", "bool", "bytes")


@dataclass
class Field:
    """A field; its ``identity`` is what it means and survives renaming, renumbering and retyping."""

    identity: int
    name: str
    number: int
    kind: str
    repeated: bool = False
    json: str = ""
    required: bool = False


@dataclass
class Message:
    """A message; ``reserved`` are numbers that may not be taken again."""

    name: str
    fields: list[Field]
    reserved: list[int] = field(default_factory=list)


@dataclass
class Value:
    """A value of the enum, by what it means."""

    identity: int
    name: str
    number: int


@dataclass
class Rpc:
    """A method with its HTTP route; ``{}`` in the path is the first field of the request."""

    name: str
    request: str
    response: str
    verb: str
    path: str


@dataclass
class Interface:
    """One state of the interface."""

    messages: dict[str, Message]
    values: list[Value]
    rpcs: list[Rpc]
    go_package: str = "example.com/depot/v1"

    def copy(self) -> Interface:
        """Return a state of its own, to edit."""
        return copy.deepcopy(self)


def make(random_: random.Random) -> Interface:
    """Return an interface with two rpcs that read and write a resource, and an event about it."""
    identities = iter(range(1, 1000))
    words = iter(random_.sample(WORDS, len(WORDS)))

    def scalars(count: int) -> list[Field]:
        return [Field(next(identities), next(words), number, random_.choice(SCALARS)) for number in range(1, count + 1)]

    item = Message("Item", scalars(random_.randint(2, 4)))
    parcel = Message("Parcel", [Field(next(identities), "parcel_id", 1, "string"), *scalars(random_.randint(4, 8))])
    for number, each in enumerate(parcel.fields, start=1):
        each.number = number
    count = len(parcel.fields)
    parcel.fields += [
        Field(next(identities), "status", count + 1, "Status"),
        Field(next(identities), "main_item", count + 2, "Item"),
        Field(next(identities), "extra_items", count + 3, "Item", repeated=True),
    ]
    messages = [
        item,
        parcel,
        Message(
            "GetParcelRequest",
            [Field(next(identities), "parcel_id", 1, "string"), Field(next(identities), "detail", 2, "int32")],
        ),
        Message("GetParcelResponse", [Field(next(identities), "parcel", 1, "Parcel")]),
        Message("CreateParcelRequest", [Field(next(identities), "parcel", 1, "Parcel")]),
        Message("CreateParcelResponse", [Field(next(identities), "parcel", 1, "Parcel")]),
        Message("ParcelSent", [Field(next(identities), "parcel", 1, "Parcel")]),
    ]
    names = ("STATUS_UNSPECIFIED", "STATUS_PACKED", "STATUS_SENT", "STATUS_LOST")
    return Interface(
        {message.name: message for message in messages},
        [Value(next(identities), name, number) for number, name in enumerate(names)],
        [
            Rpc("GetParcel", "GetParcelRequest", "GetParcelResponse", "get", "/v1/parcels/{}"),
            Rpc("CreateParcel", "CreateParcelRequest", "CreateParcelResponse", "post", "/v1/parcels"),
        ],
    )


def render(interface: Interface) -> str:
    """Write the interface as a proto file."""
    lines = [
        'syntax = "proto3";',
        "package depot.v1;",
        'import "google/api/annotations.proto";',
        'import "google/api/field_behavior.proto";',
        f'option go_package = "{interface.go_package}";',
        "service Depot {",
        *(_rpc(rpc, interface) for rpc in interface.rpcs),
        "}",
        "enum Status {",
        *(f"  {value.name} = {value.number};" for value in interface.values),
        "}",
    ]
    for message in interface.messages.values():
        lines.append(f"message {message.name} {{")
        lines += [f"  reserved {number};" for number in message.reserved]
        lines += [_field(each) for each in message.fields]
        lines.append("}")
    return "\n".join(lines) + "\n"


def _rpc(rpc: Rpc, interface: Interface) -> str:
    path = rpc.path.replace("{}", f"{{{interface.messages[rpc.request].fields[0].name}}}")
    body = "" if rpc.verb == "get" else ' body: "*"'
    route = f'option (google.api.http) = {{ {rpc.verb}: "{path}"{body} }};'
    return f"  rpc {rpc.name}({rpc.request}) returns ({rpc.response}) {{ {route} }}"


def _field(each: Field) -> str:
    options = [f'json_name = "{each.json}"'] if each.json else []
    options += ["(google.api.field_behavior) = REQUIRED"] if each.required else []
    written = f" [{', '.join(options)}]" if options else ""
    return f"  {'repeated ' if each.repeated else ''}{each.kind} {each.name} = {each.number}{written};"
