"""What rules are handed is all that they could object to."""

from collections import Counter
from random import Random

from google.protobuf.descriptor_pb2 import FileDescriptorSet
from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st

from bench.compatibility.agreement import drawn
from treaty.compatibility.comparison import compare
from treaty.compatibility.rules.rule import Comparison, Kind, Pair
from treaty.compatibility.rules.table import RULES
from treaty.compatibility.schema import File, State
from treaty.compatibility.schema.element import fields

FIELD_RULES = [rule for rule in RULES if rule.kind is Kind.FIELD]


def state(image: FileDescriptorSet) -> State:
    return State(File(file.SerializeToString()) for file in image.file)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(seed=st.integers(min_value=0, max_value=2**32), edits=st.integers(1, 12))
def test_no_rule_objects_to_a_field_that_it_is_not_handed(seed: int, edits: int) -> None:
    note(f"seed {seed}")
    images = drawn(Random(seed), edits)  # noqa: S311 - a seed makes it repeatable
    assume(images is not None)
    assert images is not None
    previous, current = map(state, images)
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

    objections = Counter(
        (rule.id, found) for rule in FIELD_RULES for pair in every_field for found in rule.handler(pair)
    )
    assert Counter((each.rule.id, each.objection) for each in compare(previous, current, FIELD_RULES)) == objections
