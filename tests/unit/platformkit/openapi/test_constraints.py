"""What each rule and each kind of field becomes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
from buf.validate import validate_pb2
from google.api import annotations_pb2
from google.protobuf import any_pb2, descriptor_pool, duration_pb2, struct_pb2, timestamp_pb2, wrappers_pb2
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet

from codegen.comments import comments_of
from platformkit.openapi import document
from servanda.interfaces.protobuf.compiler import compile_workspace

IMPORTED = (annotations_pb2, any_pb2, duration_pb2, struct_pb2, timestamp_pb2, validate_pb2, wrappers_pb2)
NAME = "test.constraints.v1"


@pytest.fixture(scope="module")
def image() -> FileDescriptorSet:
    return compile_workspace(Path(__file__).parent)


@pytest.fixture(scope="module")
def service(image: FileDescriptorSet) -> ServiceDescriptor:
    descriptor_pool.Default().Add(next(file for file in image.file if file.package == NAME))
    return descriptor_pool.Default().FindServiceByName(f"{NAME}.ConstraintsService")


@pytest.fixture(scope="module")
def openapi(image: FileDescriptorSet, service: ServiceDescriptor) -> dict[str, Any]:
    return document([service], "Constraints", "1", ["/"], comments_of(image))


@pytest.fixture(scope="module")
def properties(openapi: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = openapi["components"]["schemas"][f"{NAME}.Constraints"]["properties"]
    return found


@pytest.mark.parametrize(
    ("name", "fits", "does_not_fit"),
    [
        ("exact", ["abc"], ["ab", "abcd"]),
        ("begins", ["a.b"], ["ab", "xa."]),
        ("between", ["a-z"], ["az", "a-", "-z"]),
        ("short", ["abcd"], ["abcde"]),
        ("chosen", ["x", "y"], ["z"]),
        ("banned", ["user"], ["root"]),
        ("fixed", ["v1"], ["v2", ""]),
        ("percent", [0, 99], [-1, 100, 1.5, "1"]),
        ("count", [1, 2**32 - 1], [0, -1, 2**32]),
        ("ratio", [-5.5, 1, "NaN", "-Infinity"], [1.1, "one"]),
        ("big", ["-5", "9223372036854775807"], [5, "five"]),
        ("huge", ["5"], ["-5"]),
        ("blob", ["AA=="], [5]),
        ("agreed", [True], [False, "true"]),
        ("color", ["COLOR_RED", "COLOR_GREEN"], ["COLOR_UNSPECIFIED", "COLOR_BLUE"]),
        ("red", ["COLOR_RED"], ["COLOR_GREEN"]),
        ("tags", [["ab"]], [[], ["a"]]),
        ("scores", [{"a": 1}], [{}, {"a": 0}]),
        ("time", ["2026-01-01T00:00:00Z"], [5]),
        ("duration", ["1s", "-0.5s"], ["1", "1.s", "s"]),
        ("object", [{}], [[]]),
        ("any", [{"@type": "x"}], [{}]),
        ("wrapped", ["a"], [{"value": "a"}]),
        ("skipped", [""], [5]),
        ("maybe", [4], [3]),
    ],
)
def test_a_field_takes_what_its_rules_take(
    properties: dict[str, Any], name: str, fits: list[Any], does_not_fit: list[Any]
) -> None:
    validator = jsonschema.Draft202012Validator(properties[name])
    assert [value for value in fits if not validator.is_valid(value)] == []
    assert [value for value in does_not_fit if validator.is_valid(value)] == []


def test_a_format_that_json_schema_has_is_named(properties: dict[str, Any]) -> None:
    assert properties["link"]["format"] == "uri"


def test_a_field_whose_zero_value_is_refused_is_required(openapi: dict[str, Any]) -> None:
    assert openapi["components"]["schemas"][f"{NAME}.Constraints"]["required"] == ["exact", "tags"]


def test_a_message_that_contains_itself_is_described_once(openapi: dict[str, Any]) -> None:
    tree = openapi["components"]["schemas"][f"{NAME}.Tree"]
    assert tree["properties"]["branches"]["items"] == {"$ref": f"#/components/schemas/{NAME}.Tree"}


def test_each_binding_of_an_rpc_is_an_operation(openapi: dict[str, Any]) -> None:
    assert {path: item[verb]["operationId"] for path, item in openapi["paths"].items() for verb in item} == {
        "/v1/constraints/{exact}/{name}": "ConstraintsService_Read",
        "/v1/{exact}": "ConstraintsService_Read_2",
        "/v1/trees/{tree.name}/names/{name}": "ConstraintsService_Write",
    }


def test_what_a_query_cannot_carry_is_no_parameter(openapi: dict[str, Any]) -> None:
    parameters = openapi["paths"]["/v1/constraints/{exact}/{name}"]["get"]["parameters"]
    names = {parameter["name"] for parameter in parameters if parameter["in"] == "query"}
    assert names.isdisjoint({"scores", "object", "any", "tree", "tree.name", "tree.branches", "exact"})
    assert {"time", "tags", "wrapped", "maybe"} <= names


def test_the_response_may_be_one_field(openapi: dict[str, Any]) -> None:
    operation = openapi["paths"]["/v1/trees/{tree.name}/names/{name}"]["put"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema == {"$ref": f"#/components/schemas/{NAME}.Tree"}


def test_comments_are_known_by_the_name_of_what_they_are_about(image: FileDescriptorSet) -> None:
    comments = {name: text for name, text in comments_of(image).items() if name.startswith(NAME)}
    assert comments == {
        f"{NAME}.ConstraintsService": "Serves constraints.",
        f"{NAME}.ConstraintsService.Read": "Reads. Two sentences.",
        f"{NAME}.ConstraintsService.Write": "Writes.",
        f"{NAME}.Color": "A color.",
        f"{NAME}.COLOR_UNSPECIFIED": "None.",
        f"{NAME}.COLOR_RED": "Red.",
        f"{NAME}.Tree": "Contains itself.",
        f"{NAME}.Tree.name": "Its name.",
        f"{NAME}.Tree.Leaf": "Inside.",
        f"{NAME}.Tree.Leaf.shape": "Its shape.",
    }
