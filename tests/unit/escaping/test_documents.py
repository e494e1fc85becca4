"""Values in documents for programs."""

import json
from urllib.parse import unquote_to_bytes

from hypothesis import given

from servanda.escaping.characters import path_bytes
from servanda.escaping.documents import command_property, json_text, uri_path
from tests.samples.hostile import CONTROL, TEXTS, workflow_commands


@given(TEXTS, TEXTS)
def test_json_reads_back_and_has_nothing_raw(key: str, value: str) -> None:
    text = json_text({key: [value, (value,), 1, None]})

    assert json.loads(text) == {key: [value, [value], 1, None]}
    assert CONTROL.search(text) is None
    assert workflow_commands(text) == []


@given(TEXTS)
def test_an_address_has_the_bytes_of_the_path(path: str) -> None:
    written = uri_path(path)

    assert unquote_to_bytes(written) == path_bytes(path)
    assert set(written) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/%")


@given(TEXTS)
def test_a_property_ends_no_command(text: str) -> None:
    assert not set(command_property(text)) & set(":,\n\r")
