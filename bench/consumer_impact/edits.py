"""Edits of an interface, each of a kind that people make; the random choices come from the seed alone."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from bench.consumer_impact.interface import SCALARS, WORDS, Field, Interface, Message

Edit = Callable[[Interface, random.Random], str]
"""Changes the interface and says what it did; empty if there was nothing to do."""


def _any_field(interface: Interface, random_: random.Random, *, scalar: bool = False) -> tuple[Message, Field]:
    candidates = [
        (message, each)
        for message in interface.messages.values()
        for each in message.fields
        # A path needs its field, a message with nothing in it is another matter.
        if len(message.fields) > 1 and not (message.name.endswith("Request") and each.number == 1)
        if not scalar or (each.kind in SCALARS and not each.repeated)
    ]
    return random_.choice(candidates)


def _free(message: Message, random_: random.Random) -> str:
    taken = {each.name for each in message.fields}
    return random_.choice([word for word in (f"{word}_2" for word in WORDS) if word not in taken])


def delete_field(interface: Interface, random_: random.Random) -> str:
    message, each = _any_field(interface, random_)
    message.fields.remove(each)
    message.reserved.append(each.number)
    return f"deleted {message.name}.{each.name}"


def rename_field(interface: Interface, random_: random.Random) -> str:
    message, each = _any_field(interface, random_)
    before, each.name = each.name, _free(message, random_)
    return f"renamed {message.name}.{before} to {each.name}"


def rename_field_in_proto_only(interface: Interface, random_: random.Random) -> str:
    message, each = _any_field(interface, random_)
    before, each.name = each.name, _free(message, random_)
    head, *rest = before.split("_")
    each.json = head + "".join(part.title() for part in rest)
    return f"renamed {message.name}.{before} to {each.name}, its JSON name kept"


def rename_path_field(interface: Interface, random_: random.Random) -> str:
    each = interface.messages["GetParcelRequest"].fields[0]
    each.name = random_.choice(("id", "key", "name"))
    return f"renamed the field in the path of GetParcel to {each.name}"


def change_json_name(interface: Interface, random_: random.Random) -> str:
    message, each = _any_field(interface, random_)
    each.json = f"{each.name}Text"
    return f"changed the JSON name of {message.name}.{each.name}"


def renumber_field(interface: Interface, random_: random.Random) -> str:
    message, each = _any_field(interface, random_)
    message.reserved.append(each.number)
    each.number = 40 + each.number
    return f"renumbered {message.name}.{each.name}"


def swap_fields(interface: Interface, random_: random.Random) -> str:
    message = interface.messages["Parcel"]
    pairs = [
        (one, two)
        for one in message.fields
        for two in message.fields
        if one.number < two.number and one.kind == two.kind and one.repeated == two.repeated
    ]
    if not pairs:
        return ""
    one, two = random_.choice(pairs)
    one.number, two.number = two.number, one.number
    return f"swapped the numbers of Parcel.{one.name} and Parcel.{two.name}"


def retype_field(interface: Interface, random_: random.Random) -> str:
    message, each = _any_field(interface, random_, scalar=True)
    before, each.kind = (
        each.kind,
        random_.choice([kind for kind in SCALARS if kind not in (each.kind, "bool", "bytes")]),
    )
    return f"changed {message.name}.{each.name} from {before} to {each.kind}"


def repeat_field(interface: Interface, random_: random.Random) -> str:
    message, each = _any_field(interface, random_, scalar=True)
    each.repeated = True
    return f"made {message.name}.{each.name} repeated"


def require_field(interface: Interface, random_: random.Random) -> str:
    each = random_.choice([each for each in interface.messages["Parcel"].fields if each.kind in SCALARS])
    each.required = True
    return f"made Parcel.{each.name} required"


def delete_value(interface: Interface, random_: random.Random) -> str:
    value = random_.choice(interface.values[1:])
    interface.values.remove(value)
    return f"deleted {value.name}"


def rename_value(interface: Interface, random_: random.Random) -> str:
    value = random_.choice(interface.values[1:])
    before, value.name = value.name, f"{value.name}_2"
    return f"renamed {before}"


def delete_rpc(interface: Interface, random_: random.Random) -> str:
    rpc = random_.choice(interface.rpcs)
    interface.rpcs.remove(rpc)
    return f"deleted {rpc.name}"


def move_path(interface: Interface, random_: random.Random) -> str:
    rpc = random_.choice(interface.rpcs)
    rpc.path = rpc.path.replace("/v1/", "/v2/")
    return f"moved the path of {rpc.name}"


def change_verb(interface: Interface, random_: random.Random) -> str:
    rpc = next(rpc for rpc in interface.rpcs if rpc.verb == "post")
    rpc.verb = random_.choice(("put", "patch"))
    return f"changed the verb of {rpc.name} to {rpc.verb}"


def change_go_package(interface: Interface, random_: random.Random) -> str:
    interface.go_package = f"example.com/{random_.choice(WORDS)}/v1"
    return f"changed go_package to {interface.go_package}"


def add_field(interface: Interface, random_: random.Random) -> str:
    message = random_.choice(list(interface.messages.values()))
    new = Field(random_.randint(5000, 9000), _free(message, random_), 90, random_.choice(SCALARS))
    message.fields.append(new)
    return f"added {message.name}.{new.name}"


EDITS: Mapping[str, Edit] = {
    edit.__name__.replace("_", "-"): edit
    for edit in (
        delete_field,
        rename_field,
        rename_field_in_proto_only,
        rename_path_field,
        change_json_name,
        renumber_field,
        swap_fields,
        retype_field,
        repeat_field,
        require_field,
        delete_value,
        rename_value,
        delete_rpc,
        move_path,
        change_verb,
        change_go_package,
        add_field,
    )
}
