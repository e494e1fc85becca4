"""Typed access says where a value is, what was expected and what was found."""

import pytest

from servanda.documents import Reader, Table
from servanda.errors import ConfigurationError

TEXT = """\
name = "x"
empty = []

[services.identity]
ports = [1]
drain = -1
"""


def table(text: str = TEXT) -> Table:
    return Reader(ConfigurationError).parse(text, "servanda.toml").root.table()


def identity() -> Table:
    return table().table("services").table("identity")


def test_a_value_of_another_type_has_its_place_and_its_path() -> None:
    with pytest.raises(ConfigurationError) as caught:
        identity().texts("ports")
    assert str(caught.value) == "servanda.toml:5:10: services.identity.ports[0]: expected a string, found the number 1"


def test_a_number_may_not_be_negative() -> None:
    with pytest.raises(
        ConfigurationError, match=r"6:9: services.identity.drain: expected a finite, non-negative number"
    ):
        identity().number("drain", 1.0)


@pytest.mark.parametrize("number", ["inf", "nan", "1" + "0" * 400])
def test_a_number_has_to_be_finite(number: str) -> None:
    with pytest.raises(ConfigurationError, match=r"expected a (finite, non-negative )?number"):
        table(f"a = {number}").number("a", 1.0)


def test_a_key_that_is_missing_names_its_table() -> None:
    with pytest.raises(ConfigurationError, match=r"servanda.toml:4:1: services.identity: 'command' is missing"):
        identity().text("command")


def test_an_unknown_key_has_its_place_and_what_may_be_meant() -> None:
    found = identity()
    found.number("drain_seconds", 1.0)
    found.texts("port")
    with pytest.raises(ConfigurationError) as caught:
        found.close()
    assert caught.value.where == "servanda.toml:5:1"
    assert caught.value.hint == "did you mean 'port'? known keys: drain_seconds, port"


def test_what_is_absent_has_its_default() -> None:
    found = table()
    absent = (found.text("a", "b"), found.texts("c"), dict(found.mapping("d")), found.number("e", 2.0))
    assert absent == ("b", (), {}, 2.0)
    assert list(found.table("f").tables()) == []


def test_a_table_is_expected_where_one_is_asked_for() -> None:
    with pytest.raises(ConfigurationError, match=r"1:8: name: expected a table, found the string \"x\""):
        table().table("name")


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [("a.json", '{"a": 1}', "an object"), ("a.yaml", "a: 1", "a mapping"), ("a.toml", "a = 1", "a table")],
)
def test_a_table_is_called_as_its_notation_calls_it(name: str, text: str, expected: str) -> None:
    found = Reader(ConfigurationError).parse(text, name).root.table()
    with pytest.raises(ConfigurationError, match=f"a: expected {expected}, found the number 1"):
        found.table("a")


def test_a_number_is_a_text_as_it_is_written_where_yaml_expects_one() -> None:
    found = Reader(ConfigurationError).parse("a: 0x10\nb: yes\nc: [1]\n", "a.yaml").root.table()
    assert (found.required("a").scalar(), found.required("b").scalar()) == ("0x10", "yes")
    with pytest.raises(ConfigurationError, match="expected a string, found a list"):
        found.required("c").scalar()
