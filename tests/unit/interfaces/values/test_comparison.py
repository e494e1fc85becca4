"""Formats are compared both ways: what is safe is not reported, and what is not safe is, whichever way it was done."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.errors import InterfaceError
from servanda.interfaces.values.check import check_formats
from servanda.interfaces.values.document import parse
from servanda.interfaces.values.format import Formats
from servanda.verdict import DeployOrder

CART = """[formats.cart]
key = "{namespace}:cart:{cart_id}"
type = "string"
content = "json"
schema = { type = "object", required = ["items"], properties = { items = { type = "integer" } } }
ttl = 60
writers = ["shop"]
readers = ["shop", "billing"]
"""
COLD = CART + 'policy = "cold-on-change"\n'
ITEMS = "items = { type = "
SAFE = {
    "a property more": (CART, CART.replace(ITEMS, "note = {}, " + ITEMS)),
    "an optional property less": (CART.replace(ITEMS, "note = {}, " + ITEMS), CART),
    "a shorter life": (CART, CART.replace("60", "30")),
    "a writer more": (CART, CART.replace('writers = ["shop"]', 'writers = ["shop", "billing"]')),
    "another name of a part": (CART, CART.replace("{cart_id}", "{id}")),
    "another name of the format": (CART, CART.replace("formats.cart", "formats.basket")),
    "a format more": (CART, CART + CART.replace("cart", "basket")),
    "a format less that nobody reads": (CART.replace('readers = ["shop", "billing"]', "readers = []"), ""),
    "a new prefix of what is cold on change": (COLD, COLD.replace(":cart:", ":cart:2:").replace('"json"', '"text"')),
}
BREAKING = {
    "a required property less": (CART, CART.replace('required = ["items"], ', ""), "VALUE_SCHEMA_NO_WIDEN"),
    "a required property deleted": (
        CART,
        CART.replace('required = ["items"], properties = { items = { type = "integer" } }', "required = []"),
        "VALUE_SCHEMA_NO_WIDEN",
    ),
    "a required property more": (CART, CART.replace('["items"]', '["items", "note"]'), "VALUE_SCHEMA_NO_NARROW"),
    "a policy that excuses its own change": (
        CART,
        COLD.replace('"json"', '"binary"\nform = "cart"').replace("schema = { type", "# {"),
        "VALUE_SAME_CONTENT",
    ),
    "keys that are cold and keep their prefix": (
        COLD,
        COLD.replace("{cart_id}", "{shop}:{cart_id}"),
        "VALUE_KEY_SAME_PATTERN",
    ),
}
SCHEMAS = st.recursive(
    st.fixed_dictionaries({"type": st.sampled_from(["string", "integer", "null", "boolean"])}),
    lambda inner: st.one_of(
        st.fixed_dictionaries({"type": st.just("array"), "items": inner}),
        st.fixed_dictionaries({"anyOf": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries(
            {
                "type": st.just("object"),
                "properties": st.dictionaries(st.sampled_from("abc"), inner),
                "additionalProperties": st.booleans(),
            }
        ),
    ),
    max_leaves=6,
)


def formats(text: str) -> Formats:
    return Formats(parse(text, "shop.toml"))


def rules(previous: str, current: str) -> list[str]:
    return [each.finding.rule for each in check_formats(formats(previous), formats(current))]


def inline(value: object) -> str:
    """Write a value in TOML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {inline(each)}" for key, each in value.items()) + "}"
    return "[" + ", ".join(map(inline, value)) + "]" if isinstance(value, list) else json.dumps(value)


@pytest.mark.parametrize("change", SAFE)
def test_a_safe_change_is_not_reported(change: str) -> None:
    assert rules(*SAFE[change]) == []


@pytest.mark.parametrize("change", BREAKING)
def test_a_change_that_breaks_readers_is_reported(change: str) -> None:
    previous, current, rule = BREAKING[change]

    assert rules(previous, current) == [rule]


@given(SCHEMAS)
def test_a_format_is_compatible_with_itself(schema: object) -> None:
    text = CART.replace(CART.splitlines()[4], f"schema = {inline(schema)}")

    assert rules(text, text) == []


def test_no_order_of_deployment_helps_a_service_that_reads_what_it_writes() -> None:
    (found,) = check_formats(formats(CART), formats(CART.replace("60", "90")))

    assert found.finding.transition is not None
    assert found.finding.transition.deploy_order is DeployOrder.NONE


def test_a_channel_is_not_taken_for_a_key() -> None:
    channel = (
        '[formats.told]\nkey = "{namespace}:cart:all"\ntype = "channel"\ncontent = "text"\nwriters = []\nreaders = []\n'
    )

    assert rules("", CART + channel) == []


def test_a_reference_in_a_schema_leads_into_the_schema_itself() -> None:
    before = CART.replace(
        'properties = { items = { type = "integer" } }',
        'properties = { items = { "$ref" = "#/$defs/count" } }, "$defs" = { count = { type = "integer" } }',
    )
    after = before.replace('count = { type = "integer" }', 'count = { type = "string" }')

    assert rules(before, before) == []
    assert set(rules(before, after)) == {"VALUE_SCHEMA_NO_NARROW", "VALUE_SCHEMA_NO_WIDEN"}


def test_what_is_no_schema_is_told_where_it_stands() -> None:
    with pytest.raises(InterfaceError, match=r"shop\.toml:5:1: .*expected an array of strings"):
        rules(CART, CART.replace('required = ["items"]', "required = 1"))
