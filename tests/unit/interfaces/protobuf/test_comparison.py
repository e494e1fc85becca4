"""What rules are handed is all that they could object to."""

from collections import Counter
from random import Random

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st

from bench.compatibility.agreement import compiled, drawn
from servanda.interfaces.protobuf.comparison import compare
from servanda.interfaces.protobuf.rules.subject import Comparison, Pair, Subject
from servanda.interfaces.protobuf.rules.table import RULES
from servanda.interfaces.protobuf.schema import File, State
from servanda.interfaces.protobuf.schema.element import fields
from servanda.interfaces.rule import Objection

FIELD_RULES = [rule for rule in RULES if rule.subject == Subject.FIELD]


def state(image: FileDescriptorSet) -> State:
    return State(File(file.SerializeToString()) for file in image.file)


def objections(previous: State, current: State) -> Counter[tuple[str, Objection]]:
    """What the rules about fields say if they are handed every field."""
    comparison = Comparison(previous, current)
    every_field = [
        Pair(field, fields(current.messages[name])[number], comparison)
        for name, message in previous.messages.items()
        if name in current.messages
        for number, field in fields(message).items()
        if number in fields(current.messages[name])
    ] + [
        Pair(extension, current.extensions[key], comparison)
        for key, extension in previous.extensions.items()
        if key in current.extensions
    ]
    return Counter((rule.id, found) for rule in FIELD_RULES for pair in every_field for found in rule.handler(pair))


def found(previous: State, current: State) -> Counter[tuple[str, Objection]]:
    """What they say if a comparison hands them what they need."""
    return Counter((each.rule.id, each.objection) for each in compare(previous, current, FIELD_RULES))


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(seed=st.integers(min_value=0, max_value=2**32), edits=st.integers(1, 12))
def test_no_rule_objects_to_a_field_that_it_is_not_handed(seed: int, edits: int) -> None:
    note(f"seed {seed}")
    images = drawn(Random(seed), edits)  # noqa: S311 - a seed makes it repeatable
    assume(images is not None)
    assert images is not None
    previous, current = map(state, images)

    assert found(previous, current) == objections(previous, current)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "oneof one { string s = 1; }",
            "oneof two { string s = 1; }",
            id="the oneof has another name",
        ),
        pytest.param(
            "map<string, int32> counts = 1;",
            "message CountsEntry { string key = 1; int32 value = 2; } repeated CountsEntry counts = 1;",
            id="the entry of a map is written by hand",
        ),
    ],
)
def test_a_field_that_says_the_same_is_handed_on_if_what_it_stands_in_changed(before: str, after: str) -> None:
    images = [compiled({"a.proto": f'syntax = "proto3";\nmessage M {{ {body} }}\n'}) for body in (before, after)]
    assert images[0] is not None
    assert images[1] is not None
    previous, current = state(images[0]), state(images[1])
    assert fields(previous.messages["M"])[1].proto == fields(current.messages["M"])[1].proto

    told = found(previous, current)

    assert told == objections(previous, current)
    assert told
