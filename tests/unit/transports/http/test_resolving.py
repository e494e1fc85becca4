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
