"""Words for the options of an element: of a file, an rpc, an event, and what buf.validate demands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from types import MappingProxyType

from google.protobuf import text_format
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    Edition,
    FieldDescriptorProto,
    FileOptions,
    MethodDescriptorProto,
    OneofDescriptorProto,
)

from servanda.interfaces.protobuf.location import Located, Place, file_of
from servanda.interfaces.protobuf.options import FIELD_RULES, MESSAGE_RULES, ONEOF_RULES, Options
from servanda.interfaces.protobuf.rules.events import Event, event
from servanda.interfaces.protobuf.rules.routes import Route, routes
from servanda.interfaces.protobuf.schema import Element
from servanda.interfaces.protobuf.schema.features import syntax


def _syntax(it: Located) -> str:
    file = file_of(it.place)
    if file is None:
        return ""
    written = syntax(file.proto)
    if written == "editions":
        return f'edition = "{Edition.Name(file.proto.edition).removeprefix("EDITION_")}";'
    return f'syntax = "{written}";'


def _file_option(it: Located, name: str) -> str:
    file = file_of(it.place)
    if file is None or not file.proto.options.HasField(name):  # type: ignore[arg-type]  # names of FileOptions
        return f"// no option {name}"
    value: object = getattr(file.proto.options, name)
    field = FileOptions.DESCRIPTOR.fields_by_name[name]
    if isinstance(value, str):
        shown = '"' + value.replace("\\", "\\\\") + '"'
    elif field.enum_type is not None:
        shown = field.enum_type.values_by_number[int(str(value))].name
    else:
        shown = str(value).lower()
    return f"option {name} = {shown};"


def _routes_of(place: Place, options: Options) -> tuple[Route, ...]:
    if isinstance(place, Element) and isinstance(place.proto, MethodDescriptorProto):
        return routes(place, options)
    return ()


def _changed_routes(it: Located, *, new: bool) -> tuple[Route, ...]:
    before, after = map(_routes_of, (it.was, it.now), it.comparison.options)
    here, there = (after, before) if new else (before, after)
    return tuple(route for route in here if route not in there) or here


def _routes(it: Located, *, new: bool) -> str:
    return " and ".join(map(str, _changed_routes(it, new=new)))


def _bindings(it: Located) -> str:
    main = _routes_of(it.was, it.comparison.options[0])[:1]
    return "\n".join(
        route.binding if route in main else f"additional_bindings {{ {route.binding} }}"
        for route in _changed_routes(it, new=False)
    )


def _new_bindings(it: Located) -> str:
    return "\n".join(f"additional_bindings {{ {route.binding} }}" for route in _changed_routes(it, new=True))


def _event(it: Located, *, new: bool) -> Event | None:
    place, option = it.now if new else it.was, it.comparison.conventions.event_option
    if isinstance(place, Element) and isinstance(place.proto, DescriptorProto):
        return event(place, it.comparison.options[new], option)
    return None


def _topic(it: Located, *, new: bool = False) -> str:
    found = _event(it, new=new)
    return f"topic {found.topic}" if found is not None and found.topic else _NAMELESS_TOPIC[new]


def _key(it: Located, *, new: bool = False) -> str:
    found = _event(it, new=new)
    return f"key {found.key}" if found is not None and found.key else "no key"


def _headers(it: Located) -> str:
    found = _event(it, new=False)
    return _listed(found.headers if found is not None else ())


def _changed_headers(it: Located, *, new: bool) -> str:
    here, there = _event(it, new=new), _event(it, new=not new)
    others = there.headers if there is not None else ()
    return _listed(header for header in (here.headers if here is not None else ()) if header not in others)


def _listed(headers: Iterable[str]) -> str:
    names = list(headers)
    return f"header{'s' if len(names) > 1 else ''} {', '.join(names)}" if names else "no headers"


def _retention(it: Located) -> str:
    found = _event(it, new=False)
    if found is None:
        return ""
    return f"{found.retention_hours} hours" if found.retention_hours else "the broker's default time"


def _constraint(it: Located, *, new: bool) -> str:
    place = it.now if new else it.was
    if not isinstance(place, Element) or type(place.proto) not in _CONSTRAINTS:
        return "no constraint"
    option = _CONSTRAINTS[type(place.proto)]
    value = it.comparison.options[new].message(place, option)
    if value is None:
        return "no constraint"
    return f"({option}) = {{{text_format.MessageToString(value, as_one_line=True)}}}"


_NAMELESS_TOPIC = {False: "its old topic", True: "its new topic"}
_CONSTRAINTS = {DescriptorProto: MESSAGE_RULES, FieldDescriptorProto: FIELD_RULES, OneofDescriptorProto: ONEOF_RULES}
_FILE_OPTIONS = tuple(
    field.name for field in FileOptions.DESCRIPTOR.fields if field.message_type is None and field.name != "deprecated"
)
OPTION_WORDS: Mapping[str, Callable[[Located], str]] = MappingProxyType(
    {
        "syntax": _syntax,
        "routes": partial(_routes, new=False),
        "new_routes": partial(_routes, new=True),
        "bindings": _bindings,
        "new_bindings": _new_bindings,
        "topic": _topic,
        "new_topic": partial(_topic, new=True),
        "key": _key,
        "new_key": partial(_key, new=True),
        "headers": _headers,
        "lost_headers": partial(_changed_headers, new=False),
        "added_headers": partial(_changed_headers, new=True),
        "retention": _retention,
        "constraint": partial(_constraint, new=False),
        "new_constraint": partial(_constraint, new=True),
        **{name: partial(_file_option, name=name) for name in _FILE_OPTIONS},
    }
)
"""The way to work out each word."""
