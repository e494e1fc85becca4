"""The same type and number always make the same value, within what its column holds."""

import pytest

from servanda.migrations.values import FIRST, LARGE, NEGATIVE, NONE, Type, value_of

TEXT, WHOLE = Type("text"), Type("int4")


def test_keys_of_one_type_refer_to_each_other() -> None:
    assert value_of(Type("uuid"), FIRST) == value_of(Type("uuid"), FIRST) != value_of(Type("uuid"), LARGE)


def test_a_large_text_fills_its_column() -> None:
    assert len(value_of(Type("varchar"), LARGE, length=40) or "") == 40


@pytest.mark.parametrize("length", [1, 2, 40])
def test_a_text_fits_its_column(length: int) -> None:
    assert len(value_of(Type("varchar"), FIRST, length=length) or "") <= length


@pytest.mark.parametrize(
    ("kind", "nothing"), [(WHOLE, "0"), (TEXT, ""), (Type("_text", element=TEXT, is_array=True), "{}")]
)
def test_nothing_is_zero_or_empty(kind: Type, nothing: str) -> None:
    assert value_of(kind, NONE) == nothing


def test_numbers_go_below_zero() -> None:
    assert value_of(WHOLE, NEGATIVE) == "-1"


def test_a_value_that_a_constraint_names_is_taken() -> None:
    assert {value_of(TEXT, number, known=("open", "paid")) for number in range(4)} == {"open", "paid"}


def test_a_value_of_an_enum_is_one_of_its_labels() -> None:
    assert value_of(Type("state", labels=("open", "paid")), 7) == "paid"


def test_an_element_of_an_array_is_quoted() -> None:
    assert value_of(Type("_text", element=TEXT, is_array=True), FIRST) == '{"1v"}'


def test_a_domain_holds_what_it_is_made_of() -> None:
    assert value_of(Type("positive", element=WHOLE), FIRST) == "1"


def test_nobody_knows_a_value_of_a_type_of_an_extension() -> None:
    assert value_of(Type("geometry"), FIRST) is None
