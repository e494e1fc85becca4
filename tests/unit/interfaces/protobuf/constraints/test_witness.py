"""What a value shows: rules accept less exactly if the validator refuses something that it accepted."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import protovalidate
import pytest
from google.protobuf import (
    descriptor_pb2,
    descriptor_pool,
    duration_pb2,
    field_mask_pb2,
    message_factory,
    timestamp_pb2,
)
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servanda.interfaces.protobuf.compiler import bundled_descriptors
from servanda.interfaces.protobuf.constraints.shifts import Shifts
from servanda.interfaces.protobuf.constraints.wire import PROTOVALIDATE, option
from servanda.interfaces.protobuf.options import Options
from servanda.interfaces.protobuf.schema import File, State
from servanda.interfaces.protobuf.schema.element import fields

VALIDATE = "buf/validate/validate.proto"
KINDS = {
    "int32": FieldDescriptorProto.TYPE_INT32,
    "uint64": FieldDescriptorProto.TYPE_UINT64,
    "double": FieldDescriptorProto.TYPE_DOUBLE,
    "string": FieldDescriptorProto.TYPE_STRING,
    "bytes": FieldDescriptorProto.TYPE_BYTES,
}


def _pool() -> descriptor_pool.DescriptorPool:
    pool = descriptor_pool.DescriptorPool()
    for module in (descriptor_pb2, duration_pb2, field_mask_pb2, timestamp_pb2):
        pool.AddSerializedFile(module.DESCRIPTOR.serialized_pb)
    pool.Add(bundled_descriptors().file[0])
    return pool


POOL = _pool()
# ``Any``: made here, so that nothing knows its fields beforehand.
RULES: Any = message_factory.GetMessageClass(POOL.FindMessageTypeByName("buf.validate.FieldRules"))


def definition(kind: str, rules: Any, *, repeated: bool = False, name: str = "shop.proto") -> FileDescriptorProto:
    file = FileDescriptorProto(name=name, package=name.replace(".", "_"), syntax="proto3", dependency=[VALIDATE])
    field = file.message_type.add(name="In").field.add(name="f", number=1, type=KINDS[kind])
    field.label = FieldDescriptorProto.LABEL_REPEATED if repeated else FieldDescriptorProto.LABEL_OPTIONAL
    field.options.MergeFromString(option(PROTOVALIDATE, rules.SerializeToString()))
    return file


def state(file: FileDescriptorProto) -> State:
    imported = (*POOL_FILES, bundled_descriptors().file[0])
    return State(
        [File(file.SerializeToString()), *(File(each.SerializeToString(), imported=True) for each in imported)]
    )


POOL_FILES = tuple(
    FileDescriptorProto.FromString(module.DESCRIPTOR.serialized_pb)
    for module in (descriptor_pb2, duration_pb2, field_mask_pb2, timestamp_pb2)
)


def shift(kind: str, before: Any, after: Any, *, repeated: bool = False) -> Any:
    states = [state(definition(kind, rules, repeated=repeated)) for rules in (before, after)]
    both = Shifts(*((each, Options(each)) for each in states))
    return both.of_field(*(fields(each.files["shop.proto"].messages["In"])[1] for each in states))


def judge(kind: str, rules: Any, *, repeated: bool = False) -> Callable[[Any], bool]:
    """Tell what the validator itself accepts, by a definition that is not the one under test."""
    pool = _pool()
    pool.Add(definition(kind, rules, repeated=repeated, name="judge.proto"))
    message = message_factory.GetMessageClass(pool.FindMessageTypeByName("judge_proto.In"))
    validator = protovalidate.Validator()
    return lambda value: not validator.collect_violations(message(f=value))


SMALL = st.integers(0, 6)
NUMBER_RULES = st.fixed_dictionaries(
    {},
    optional={
        "lower": st.tuples(st.sampled_from(["gt", "gte"]), SMALL),
        "upper": st.tuples(st.sampled_from(["lt", "lte"]), SMALL),
        "in": st.lists(SMALL, max_size=3),
        "not_in": st.lists(SMALL, max_size=3),
        "const": SMALL,
    },
)
FORMATS = (
    "email",
    "hostname",
    "ip",
    "ipv4",
    "ipv6",
    "uri",
    "uri_ref",
    "address",
    "uuid",
    "tuuid",
    "ulid",
    "ip_with_prefixlen",
    "ipv4_with_prefixlen",
    "ipv6_with_prefixlen",
    "ip_prefix",
    "ipv4_prefix",
    "ipv6_prefix",
    "host_and_port",
    "protobuf_fqn",
    "protobuf_dot_fqn",
)
LETTERS = st.text("ab", max_size=2)
PATTERNS = ("^a", "b$", "^[ab]*$", "^a{1,3}$", "^(a|b)b*$", "a")
TEXT_RULES = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("min_len", "max_len", "min_bytes", "max_bytes", "len"), SMALL),
        **dict.fromkeys(("prefix", "suffix", "contains", "not_contains"), LETTERS.filter(bool)),
        "in": st.lists(LETTERS, max_size=3),
        "not_in": st.lists(LETTERS, max_size=3),
        "pattern": st.sampled_from(PATTERNS),
    },
)
WHOLE_LIST = st.fixed_dictionaries({}, optional={"min_items": SMALL, "max_items": SMALL, "unique": st.booleans()})
IGNORE = st.sampled_from([0, 0, 0, 1, 3])


def numeric(kind: str, chosen: dict[str, Any], ignore: int) -> Any:
    found = RULES(ignore=ignore)
    target = getattr(found, kind)
    for name, value in chosen.items():
        if name in {"lower", "upper"}:
            setattr(target, *value)
        elif name in {"in", "not_in"}:
            getattr(target, name).extend(value)
        else:
            setattr(target, name, value)
    return found


def textual(chosen: dict[str, Any], ignore: int) -> Any:
    return numeric("string", chosen, ignore)


SETTINGS = settings(
    max_examples=int(__import__("os").environ.get("N", "60")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@SETTINGS
@given(st.sampled_from(["int32", "uint64", "double"]), NUMBER_RULES, NUMBER_RULES, IGNORE, IGNORE)
def test_a_number_that_is_refused_now_is_found(
    kind: str, before: dict[str, Any], after: dict[str, Any], ignored: int, ignores: int
) -> None:
    old, new = numeric(kind, before, ignored), numeric(kind, after, ignores)
    accepted, accepts = judge(kind, old), judge(kind, new)
    values = [*range(-3 if kind != "uint64" else 0, 10), *([0.5, 5.5, math.inf] if kind == "double" else [])]

    refused = any(accepted(value) and not accepts(value) for value in values)

    assert bool(shift(kind, old, new).tightened) == refused


@SETTINGS
@given(TEXT_RULES, TEXT_RULES, IGNORE, IGNORE, st.lists(st.text("ab0é", max_size=6), max_size=30))
def test_a_text_that_is_refused_now_is_found(
    before: dict[str, Any], after: dict[str, Any], ignored: int, ignores: int, values: list[str]
) -> None:
    old, new = textual(before, ignored), textual(after, ignores)
    accepted, accepts = judge("string", old), judge("string", new)

    refused = [value for value in values if accepted(value) and not accepts(value)]

    if refused:
        assert shift("string", old, new).tightened


# What one format includes of another; of every other two a text shows which one it has.
INCLUDED = {
    "email": {"uri_ref"},
    "hostname": {"uri_ref", "address"},
    "ip": {"address"},
    "ipv4": {"ip", "uri_ref", "address"},
    "ipv6": {"ip", "address"},
    "uri": {"uri_ref"},
    "uuid": {"hostname", "uri_ref", "address"},
    "tuuid": {"uri_ref"},
    "ulid": {"uri_ref"},
    "ipv4_with_prefixlen": {"uri_ref", "ip_with_prefixlen"},
    "ipv6_with_prefixlen": {"ip_with_prefixlen"},
    "ip_prefix": {"ip_with_prefixlen"},
    "ipv4_prefix": {"uri_ref", "ip_with_prefixlen", "ipv4_with_prefixlen", "ip_prefix"},
    "ipv6_prefix": {"ip_with_prefixlen", "ipv6_with_prefixlen", "ip_prefix"},
    "protobuf_fqn": {"uri_ref"},
    "protobuf_dot_fqn": {"uri_ref"},
}


@pytest.mark.parametrize("before", FORMATS)
def test_a_format_that_another_does_not_include_is_refused_by_it(before: str) -> None:
    includes = {after for after in FORMATS if not shift("string", of_format(before), of_format(after)).tightened}

    assert includes == {before, *INCLUDED.get(before, ())}


def of_format(name: str) -> Any:
    found = RULES()
    setattr(found.string, name, True)
    return found


@SETTINGS
@given(st.sampled_from(["string", "int32"]), st.data())
def test_a_list_that_is_refused_now_is_found(kind: str, data: st.DataObject) -> None:
    chosen = NUMBER_RULES if kind == "int32" else TEXT_RULES
    sets = []
    for _ in range(2):
        found = RULES()
        whole = data.draw(
            st.fixed_dictionaries({}, optional={"min_items": SMALL, "max_items": SMALL, "unique": st.booleans()})
        )
        for name, value in whole.items():
            setattr(found.repeated, name, value)
        found.repeated.items.CopyFrom(numeric(kind, data.draw(chosen), data.draw(IGNORE)))
        sets.append(found)
    accepted, accepts = (judge(kind, rules, repeated=True) for rules in sets)
    single = st.integers(-2, 8) if kind == "int32" else st.text("ab", max_size=4)
    lists = data.draw(st.lists(st.lists(single, max_size=6), max_size=30))

    refused = [value for value in lists if accepted(value) and not accepts(value)]

    if refused:
        assert shift(kind, *sets, repeated=True).tightened
