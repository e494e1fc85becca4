"""Types that a pact carries."""

import base64
from typing import Any

import pytest
from google.protobuf import descriptor_pb2

from servanda.errors import ContractError
from servanda.pact.descriptors import Descriptors, decode, from_configuration, map_value

Files = descriptor_pb2.FileDescriptorSet


@pytest.mark.parametrize("name", ["shop.v1.Line", ".shop.v1.Line"])
def test_a_message_is_found_by_its_full_name(descriptors: Descriptors, name: str) -> None:
    assert descriptors.message(name).DESCRIPTOR.full_name == "shop.v1.Line"


@pytest.mark.parametrize("name", ["shop.v1.Shop", ".shop.v1.Shop"])
def test_a_method_is_found_by_its_service(descriptors: Descriptors, name: str) -> None:
    assert descriptors.method(name, "Get").output_type.full_name == "shop.v1.Answer"


def test_what_the_descriptors_do_not_hold_is_named(descriptors: Descriptors) -> None:
    with pytest.raises(ContractError, match=r"no message 'shop\.v1\.Nothing'"):
        descriptors.message("shop.v1.Nothing")
    with pytest.raises(ContractError, match=r"no service 'shop\.v1\.Nothing'"):
        descriptors.method("shop.v1.Nothing", "Get")
    with pytest.raises(ContractError, match=r"'shop\.v1\.Shop' has no method 'Set'") as failed:
        descriptors.method("shop.v1.Shop", "Set")
    assert failed.value.hint == "its methods: Get, Watch"


def test_descriptors_that_import_what_is_not_there_are_refused(files: Files) -> None:
    alone = Files(file=[file for file in files.file if file.name == "shop.proto"])
    with pytest.raises(ContractError, match="the descriptors cannot be used"):
        Descriptors(alone)


def test_a_map_has_values_and_a_list_has_none(answer: Any) -> None:
    fields = answer.DESCRIPTOR.fields_by_name
    value = map_value(fields["labels"])
    assert value is not None
    assert value.full_name == "shop.v1.Answer.LabelsEntry.value"
    assert [map_value(fields[name]) for name in ("lines", "main", "name")] == [None, None, None]


def test_an_example_is_decoded_or_refused_with_what_to_do(answer: Any) -> None:
    assert decode(answer, answer(name="a").SerializeToString()) == answer(name="a")
    with pytest.raises(ContractError, match=r"cannot be decoded as shop\.v1\.Answer") as failed:
        decode(answer, b"\x0a\xff")
    assert failed.value.hint == "record the interaction again"


def test_the_descriptors_of_a_pact_are_known_by_their_keys(files: Files) -> None:
    encoded = base64.b64encode(files.SerializeToString()).decode()
    found = from_configuration({"one": {"protoDescriptors": encoded}, "two": {"protoDescriptors": ""}})
    assert list(found) == ["one", "two"]
    assert found["one"].message("shop.v1.Line").DESCRIPTOR.full_name == "shop.v1.Line"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("text", "'shop' have no 'protoDescriptors'"),
        ({}, "'shop' have no 'protoDescriptors'"),
        ({"protoDescriptors": 7}, "'shop' have no 'protoDescriptors'"),
        ({"protoDescriptors": "%%%%"}, "'shop' cannot be decoded"),
        ({"protoDescriptors": "/w=="}, "'shop' cannot be decoded"),
    ],
)
def test_descriptors_that_cannot_be_read_are_refused(value: object, message: str) -> None:
    with pytest.raises(ContractError, match=message):
        from_configuration({"shop": value})
