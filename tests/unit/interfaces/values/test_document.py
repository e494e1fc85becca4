"""A document of formats obeys its published schema, and what it does not know is refused with its place."""

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest

from servanda.errors import InterfaceError
from servanda.interfaces.values.document import parse

SCHEMA = json.loads(Path("docs/reference/values.schema.json").read_text(encoding="utf-8"))
FIXTURES = Path(__file__).parent / "fixtures"
DOCUMENTS = sorted((*FIXTURES.rglob("*.toml"), *Path("contracts/values").glob("*.toml")))
CART = """[formats.cart]
key = "{namespace}:cart:{cart_id}"
type = "string"
content = "text"
ttl = 60
writers = ["shop"]
readers = ["shop"]
"""
WRONG = {
    "extra = 1": "shop.toml:1:1: unknown key 'extra'",
    CART + "extra = 1": "shop.toml:8:1: formats.cart: unknown key 'extra'",
    CART.replace("ttl = 60\n", ""): "formats.cart: 'ttl' is missing",
    CART.replace("60", "0"): 'expected a number of seconds above 0, or "none", found the number 0',
    CART.replace("60", '"never"'): 'expected a number of seconds above 0, or "none", found the string "never"',
    CART.replace('"string"', '"text"'): "shop.toml:3:8: formats.cart.type: 'text' is unknown",
    CART.replace("{cart_id}", "{Cart}"): "shop.toml:2:7: formats.cart.key: '{namespace}:cart:{Cart}' is no pattern",
    CART.replace('"text"', '"protobuf"'): "formats.cart: 'message' is missing",
    CART.replace('"string"', '"hash"'): "formats.cart: 'fields' is missing",
    CART + "schema = { default = 2026-01-01 }": "expected a value that JSON has, found the date or time 2026-01-01",
}


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_a_document_obeys_the_published_schema(document: Path) -> None:
    text = document.read_text(encoding="utf-8")

    parse(text, str(document))
    jsonschema.validate(tomllib.loads(text), SCHEMA)


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_such_document_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(InterfaceError) as caught:
        parse(text, "shop.toml")

    assert WRONG[text] in str(caught.value)


@pytest.mark.parametrize("text", [text for text in WRONG if "2026" not in text and "{Cart}" not in text])
def test_the_published_schema_refuses_the_same(text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(text), SCHEMA)
