"""Edits of what is declared by name: rpcs, services, messages, enums and their values, packages, routes, events."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from bench.consumer_impact.generated.candidate import Candidate, Image, messages, own_files, renamed_type
from bench.consumer_impact.replay.types import HTTP, Types

_VERBS = ("get", "put", "post", "delete", "patch")


def candidates(image: Image, option: str) -> Iterator[Candidate]:
    """Yield all edits of all declarations.

    Args:
        image: The former state.
        option: Full name of the option that says how an event travels.
    """
    yield from _methods(image)
    yield from _types(image)
    yield from _values(image)
    yield from _packages(image)
    yield from _events(image, option)


def fixed(image: Image, option: str) -> frozenset[str]:
    """Return the full names of fields that routes and keys of events name, and so keep their names."""
    types, found = Types(image), set[str]()
    for method in types.methods():
        rule = method.GetOptions().Extensions[HTTP]
        for each in (rule, *rule.additional_bindings):
            template = getattr(each, each.WhichOneof("pattern") or "get")
            paths = [part.split("}")[0].split("=")[0] for part in template.split("{")[1:]]
            for path in [*paths, *([each.body] if each.body not in ("", "*") else [])]:
                found |= set(_on_the_way(method.input_type, path))
    for place in messages(image):
        kind = types.message(place.name(image))
        assert kind is not None
        found |= set(_on_the_way(kind.DESCRIPTOR, _told(image, place.message(image), option).key))
    return frozenset(found)


def _on_the_way(message: Any, path: str) -> Iterator[str]:
    for name in path.split(".") if path else ():
        field = message.fields_by_name[name]
        yield field.full_name
        message = field.message_type


def _methods(image: Image) -> Iterator[Candidate]:
    for number, file in own_files(image):
        for index, service in enumerate(file.service):
            full = f"{file.package}.{service.name}"

            def renamed(edited: Image, at: tuple[int, int] = (number, index)) -> None:
                edited.file[at[0]].service[at[1]].name += "Now"

            def gone(edited: Image, at: tuple[int, int] = (number, index)) -> None:
                del edited.file[at[0]].service[at[1]]

            yield Candidate("rename service", full, renamed, moved={f"{full}.": f"{full}Now."})
            yield Candidate("delete service", full, gone)
            for place, method in enumerate(service.method):
                answer = next(each for each in file.message_type if method.output_type.endswith(f".{each.name}"))
                part = answer.field[0].name if answer.field else ""
                yield from _method((number, index, place), f"{full}.{method.name}", part)


def _method(at: tuple[int, int, int], full: str, part: str) -> Iterator[Candidate]:
    def on(do: Callable[[Any], None]) -> Callable[[Image], None]:
        return lambda image: do(image.file[at[0]].service[at[1]].method[at[2]])

    def renamed(method: Any) -> None:
        method.name += "Now"

    def gone(image: Image) -> None:
        del image.file[at[0]].service[at[1]].method[at[2]]

    def streams(method: Any) -> None:
        method.server_streaming = True

    yield Candidate("rename rpc", full, on(renamed), moved={full: f"{full}Now"})
    yield Candidate("delete rpc", full, gone)
    yield Candidate("stream", full, on(streams))
    for name, edit in (("path", _other_path), ("verb", _other_verb), ("body", _other_body)):
        yield Candidate("route", f"{full}: another {name}", on(edit))
    if part:
        yield Candidate("route", f"{full}: another response body", on(partial(_part, name=part)))


def _other_path(method: Any) -> None:
    rule = method.options.Extensions[HTTP]
    verb = rule.WhichOneof("pattern")
    setattr(rule, verb, getattr(rule, verb).replace("/v1/", "/v2/", 1))


def _other_verb(method: Any) -> None:
    rule = method.options.Extensions[HTTP]
    verb = rule.WhichOneof("pattern")
    path = getattr(rule, verb)
    setattr(rule, "put" if verb != "put" else "post", path)


def _other_body(method: Any) -> None:
    rule = method.options.Extensions[HTTP]
    rule.body = "" if rule.body else "*"


def _part(method: Any, name: str) -> None:
    method.options.Extensions[HTTP].response_body = name


def _types(image: Image) -> Iterator[Candidate]:
    for number, file in own_files(image):
        for group in ("message_type", "enum_type"):
            for index, each in enumerate(getattr(file, group)):
                full = f"{file.package}.{each.name}"

                def edit(edited: Image, at: tuple[int, str, int] = (number, group, index), full: str = full) -> None:
                    getattr(edited.file[at[0]], at[1])[at[2]].name += "Now"
                    renamed_type(edited, full, f"{full}Now")

                kind = "rename message" if group == "message_type" else "rename enum"
                yield Candidate(kind, full, edit, moved={full: f"{full}Now", f"{full}.": f"{full}Now."})


def _values(image: Image) -> Iterator[Candidate]:
    for number, file in own_files(image):
        for index, enum in enumerate(file.enum_type):
            for place, value in enumerate(enum.value):
                at, full = (number, index, place), f"{file.package}.{enum.name}.{value.name}"

                def renamed(edited: Image, at: tuple[int, int, int] = at) -> None:
                    edited.file[at[0]].enum_type[at[1]].value[at[2]].name += "_NOW"

                def gone(edited: Image, at: tuple[int, int, int] = at) -> None:
                    del edited.file[at[0]].enum_type[at[1]].value[at[2]]

                def renumbered(edited: Image, at: tuple[int, int, int] = at) -> None:
                    edited.file[at[0]].enum_type[at[1]].value[at[2]].number += 40

                yield Candidate("rename value", full, renamed, moved={full: f"{full}_NOW"})
                if value.number:
                    yield Candidate("delete value", full, gone)
                    yield Candidate("renumber value", full, renumbered)


def _packages(image: Image) -> Iterator[Candidate]:
    for package in sorted({file.package for _, file in own_files(image)}):
        now = package.replace(".v1", ".v2")

        def edit(edited: Image, package: str = package, now: str = now) -> None:
            for _, file in own_files(edited):
                if file.package == package:
                    file.package = now
            renamed_type(edited, package, now)

        yield Candidate("rename package", package, edit, moved={f"{package}.": f"{now}."})


def _told(image: Image, message: Any, option: str) -> Any:
    """Return what the option of an event says; it is empty for other messages."""
    types = Types(image)
    kind = types.message("google.protobuf.MessageOptions")
    assert kind is not None
    return kind.FromString(message.options.SerializeToString()).Extensions[types.pool.FindExtensionByName(option)]


def _keyed(told: Any, name: str) -> None:
    told.key = name


def _events(image: Image, option: str) -> Iterator[Candidate]:
    def topic(told: Any) -> None:
        told.topic += ".now"

    def headers(told: Any) -> None:
        del told.headers[:]

    def no_key(told: Any) -> None:
        told.key = ""

    for place in messages(image):
        if not _told(image, place.message(image), option).topic:
            continue
        former = _told(image, place.message(image), option).key
        texts = [each.name for each in place.message(image).field if each.type == each.TYPE_STRING]
        other = next((name for name in texts if name != former), "")
        key = partial(_keyed, name=other)
        for name, do in (("topic", topic), ("headers", headers), ("key", key), ("no key", no_key)):

            def edit(edited: Image, place: Any = place, do: Callable[[Any], None] = do) -> None:
                types = Types(edited)
                message = place.message(edited)
                kind = types.message("google.protobuf.MessageOptions")
                assert kind is not None
                options = kind.FromString(message.options.SerializeToString())
                do(options.Extensions[types.pool.FindExtensionByName(option)])
                message.options.ParseFromString(options.SerializeToString())

            yield Candidate(f"event: {name}", place.name(image), edit)

        def gone(edited: Image, place: Any = place) -> None:
            place.message(edited).ClearField("options")

        yield Candidate("event: none", place.name(image), gone)
