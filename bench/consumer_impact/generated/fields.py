"""Edits of fields: another type, another name, another number, a list, nothing any more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from google.protobuf import descriptor_pb2

from bench.consumer_impact.generated.candidate import (
    Candidate,
    Image,
    Place,
    is_map,
    is_repeated,
    messages,
    own_files,
    retyped,
)

_F = descriptor_pb2.FieldDescriptorProto
SCALARS = {
    name.removeprefix("TYPE_").lower(): number
    for name, number in _F.Type.items()
    if name not in ("TYPE_MESSAGE", "TYPE_GROUP", "TYPE_ENUM")
}
_KINDS = {number: name for name, number in SCALARS.items()} | {_F.TYPE_ENUM: "enum"}
_TIMESTAMP = ".google.protobuf.Timestamp"


def candidates(image: Image, fixed: frozenset[str]) -> Iterator[Candidate]:
    """Yield all edits of all fields.

    Args:
        image: The former state.
        fixed: Full names of fields that routes or keys name; these keep their names.
    """
    for place in messages(image):
        message = place.message(image)
        for index, each in enumerate(message.field):
            about = (place, index, f"{place.name(image)}.{each.name}")
            yield from _in_a_map(image, about) if is_map(message, each) else _retyped(image, about)
            yield from _repeated(image, about)
            yield _renumbered(about)
            if about[2] not in fixed:
                yield _deleted(about)
                yield from _renamed(image, about)
        yield from _swapped(image, place)


About = tuple[Place, int, str]
"""A field by its message, its index and its full name."""


def _on(about: About, do: Callable[[_F], None]) -> Callable[[Image], None]:
    return lambda image: do(about[0].message(image).field[about[1]])


def _retyped(image: Image, about: About) -> Iterator[Candidate]:
    each = about[0].message(image).field[about[1]]
    if each.type not in _KINDS and each.type_name != _TIMESTAMP:
        return
    former = _KINDS.get(each.type, "Timestamp")
    for name, number in SCALARS.items():
        if name != former:
            edit = _on(about, partial(retyped, kind=number))
            yield Candidate("retype", f"{about[2]}: {former} to {name}", edit)
    enum = next(
        (enum.name for _, file in own_files(image) if file is image.file[about[0].file] for enum in file.enum_type), ""
    )
    if enum and former != "enum":
        edit = _on(about, partial(retyped, kind=_F.TYPE_ENUM, type_name=f".{about[0].package}.{enum}"))
        yield Candidate("retype", f"{about[2]}: {former} to {enum}", edit)


def _in_a_map(image: Image, about: About) -> Iterator[Candidate]:
    entry = about[0].message(image).field[about[1]].type_name.rpartition(".")[2]
    for name in ("int32", "int64", "bytes", "bool"):

        def edit(edited: Image, name: str = name) -> None:
            nested = next(each for each in about[0].message(edited).nested_type if each.name == entry)
            retyped(nested.field[1], SCALARS[name])

        yield Candidate("retype", f"{about[2]}: values to {name}", edit)


def _repeated(image: Image, about: About) -> Iterator[Candidate]:
    each = about[0].message(image).field[about[1]]
    was_list = is_repeated(each)
    if is_map(about[0].message(image), each):
        return

    def edit(field: _F) -> None:
        field.label = _F.LABEL_OPTIONAL if was_list else _F.LABEL_REPEATED
        field.ClearField("oneof_index")
        field.ClearField("proto3_optional")
        field.ClearField("options")

    def whole(edited: Image) -> None:
        message = about[0].message(edited)
        field = _F.FromString(message.field[about[1]].SerializeToString())
        edit(field)
        # The members of a oneof have to stand together.
        del message.field[about[1]]
        message.field.append(field)
        _without_empty_oneofs(message)

    yield Candidate("cardinality", f"{about[2]}: {'one' if was_list else 'many'}", whole)


def _without_empty_oneofs(message: descriptor_pb2.DescriptorProto) -> None:
    used = {field.oneof_index for field in message.field if field.HasField("oneof_index")}
    kept = [index for index in range(len(message.oneof_decl)) if index in used]
    declared = [
        descriptor_pb2.OneofDescriptorProto.FromString(message.oneof_decl[index].SerializeToString()) for index in kept
    ]
    del message.oneof_decl[:]
    message.oneof_decl.extend(declared)
    for field in message.field:
        if field.HasField("oneof_index"):
            field.oneof_index = kept.index(field.oneof_index)


def _renumbered(about: About) -> Candidate:
    def edit(field: _F) -> None:
        field.number += 100

    return Candidate("renumber", about[2], _on(about, edit))


def _deleted(about: About) -> Candidate:
    def edit(image: Image) -> None:
        message = about[0].message(image)
        gone = message.field[about[1]]
        message.reserved_range.add(start=gone.number, end=gone.number + 1)
        message.reserved_name.append(gone.name)
        del message.field[about[1]]
        _without_empty_oneofs(message)

    return Candidate("delete field", about[2], edit)


def _renamed(image: Image, about: About) -> Iterator[Candidate]:
    each = about[0].message(image).field[about[1]]
    json = each.json_name
    moved = {about[2]: f"{about[2]}_now"}
    if is_map(about[0].message(image), each):
        return

    def edit(field: _F, json: str) -> None:
        field.name, field.json_name = f"{field.name}_now", json

    yield Candidate("rename field", about[2], _on(about, lambda field: edit(field, f"{json}Now")), moved=moved)
    yield Candidate("rename field, not in JSON", about[2], _on(about, lambda field: edit(field, json)), moved=moved)

    def relabel(field: _F) -> None:
        field.json_name = f"{json}Label"

    yield Candidate("another JSON name", about[2], _on(about, relabel))


def _swapped(image: Image, place: Place) -> Iterator[Candidate]:
    fields = list(enumerate(place.message(image).field))
    for index, one in fields:
        for other, two in fields[index + 1 :]:
            if (one.type, one.type_name, one.label) == (two.type, two.type_name, two.label) and one.type in _KINDS:

                def edit(edited: Image, pair: tuple[int, int] = (index, other)) -> None:
                    first, second = (place.message(edited).field[each] for each in pair)
                    first.number, second.number = second.number, first.number

                yield Candidate("swap numbers", f"{place.name(image)}.{one.name} and {two.name}", edit)
