"""Values of provider states in requests over HTTP."""

import re
from typing import Any

from servanda.pact.document import Generator
from servanda.transports.http.interaction import HttpInteraction, HttpRequest, HttpResponse
from servanda.transports.http.resolving import resolve
from servanda.verdict import Location

HERE = Location("basket-shop.json", 1)


def from_state(expression: str) -> Generator:
    return Generator("ProviderState", {"expression": expression})


def request(**parts: Any) -> HttpInteraction:
    return HttpInteraction(
        description="one", location=HERE, requests=(HttpRequest(**parts),), responses=(HttpResponse(status=204),)
    )


def test_path_query_and_header_take_values_of_the_state() -> None:
    interaction = request(
        path="/users/example",
        query={"page": ("p",)},
        fields={"If-Match": ("e",)},
        generators={
            "path": {"": from_state("/users/${id}")},
            "query": {"page": from_state("${page}")},
            "header": {"if-match": from_state("${etag}")},
        },
    )

    found = resolve(interaction, {"id": "u-1", "page": 7, "etag": '"3"'}).request

    assert (found.path, found.query, found.fields) == ("/users/u-1", {"page": ("7",)}, {"If-Match": ('"3"',)})


def test_a_name_that_the_state_does_not_give_leaves_the_example() -> None:
    interaction = request(path="/users/example", generators={"path": {"": from_state("/users/${id}")}})

    assert resolve(interaction, {}).request.path == "/users/example"


def test_generators_of_every_kind_fill_path_query_and_headers() -> None:
    digits = Generator("RandomInt", {"min": 10, "max": 99})
    interaction = request(
        path="/a",
        query={"page": ("1", None)},
        fields={"X-Id": ("a",)},
        generators={
            "path": {"": Generator("Regex", {"regex": r"/b/\d+"})},
            "query": {"page": digits},
            "header": {"x-id": digits},
        },
    )
    found = resolve(interaction, {}).request
    assert re.fullmatch(r"/b/\d+", found.path)
    assert [len(value or "") for value in (*found.query["page"], *found.fields["X-Id"])] == [2, 2, 2]


def test_a_generator_of_one_value_leaves_the_others() -> None:
    interaction = request(
        query={"id": ("a", "b"), "name": ("c", "d")},
        fields={"X-Id": ("e", "f")},
        generators={
            "query": {"id[1]": from_state("${id}"), "$.name[0]": from_state("${id}")},
            "header": {"x-id[0]": from_state("${id}")},
        },
    )
    found = resolve(interaction, {"id": 7}).request
    assert found.query == {"id": ("a", "7"), "name": ("7", "d")}
    assert found.fields == {"X-Id": ("7", "f")}


def test_a_parameter_with_brackets_in_its_name_is_filled() -> None:
    by_name = {"ids[]": from_state("${id}"), "filter[name]": from_state("${id}")}
    interaction = request(query={"ids[]": ("a", "b"), "filter[name]": ("c",)}, generators={"query": by_name})
    found = resolve(interaction, {"id": 7}).request
    assert found.query == {"ids[]": ("7", "7"), "filter[name]": ("7",)}


def test_parameters_in_capitals_are_others() -> None:
    interaction = request(query={"id": ("a",), "ID": ("b",)}, generators={"query": {"id": from_state("${id}")}})
    assert resolve(interaction, {"id": 7}).request.query == {"id": ("7",), "ID": ("b",)}
