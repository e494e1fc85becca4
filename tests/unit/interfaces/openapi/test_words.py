"""The words for a part of an OpenAPI document are those of a person, not of a JSON pointer."""

import pytest

from servanda.interfaces.openapi.words import words


@pytest.mark.parametrize(
    ("element", "part"),
    [
        ("#/paths/~1orders", "path /orders"),
        ("#/paths/~1orders/get", "GET /orders"),
        ("#/paths/~1orders/get/parameters/query/view", "query parameter view of GET /orders"),
        ("#/paths/~1orders/get/parameters/0/schema", "parameter number 1 of GET /orders"),
        ("#/paths/~1orders/put/requestBody", "requestBody of PUT /orders"),
        ("#/paths/~1o/put/requestBody/content/text~1xml", "media type text/xml of requestBody of PUT /o"),
        ("#/paths/~1o/put/requestBody/content/text~1xml/schema/properties/a", "property a of requestBody of PUT /o"),
        ("#/paths/~1o/get/responses/200", "response 200 of GET /o"),
        ("#/paths/~1o/get/responses/200/headers/ETag", "header ETag of response 200 of GET /o"),
        ("#/paths/~1o/get/callbacks/done", "callback done of GET /o"),
        ("#/paths/~1o/get/callbacks/done/{$u}/post/requestBody", "requestBody of POST {$u} of callback done of GET /o"),
        ("#/webhooks/paid/post/requestBody", "requestBody of webhook POST paid"),
        ("#/components/schemas/Order", "schema Order"),
        ("#/components/schemas/Order/properties/tags/items", "items of property tags of schema Order"),
        ("#/components/schemas/Order/oneOf/1", "oneOf alternative number 2 of schema Order"),
        ("#/components/schemas/Order/properties/get", "property get of schema Order"),
        ("#/components/securitySchemes/token", "security scheme token"),
        ("#/servers/https:~1~1shop.example.org", "server https://shop.example.org of the document"),
        ("#/security", "security of the document"),
        ("common.yaml#/Order/properties/city", "property city of Order"),
    ],
)
def test_a_part_is_told_by_what_it_is_and_what_it_stands_in(element: str, part: str) -> None:
    assert words(element)["part"] == part


@pytest.mark.parametrize(
    ("element", "name"),
    [
        ("#/paths/~1orders/get", "GET"),
        ("#/paths/~1orders/put/requestBody/content/text~1xml/schema", "requestBody"),
        ("#/paths/~1orders/get/parameters/0/schema", "parameters"),
        ("#/components/schemas/Order/oneOf/1", "oneOf"),
        ("#/components/schemas/Order/properties/schema", "schema"),
        ("#/paths/~1orders/get/responses/404", "404"),
    ],
)
def test_a_name_means_something_to_a_person(element: str, name: str) -> None:
    assert words(element)["name"] == name


@pytest.mark.parametrize(
    ("element", "operation"),
    [
        ("#/paths/~1orders/get/responses/404", "GET /orders"),
        ("#/paths/~1orders", "/orders"),
        ("#/components/schemas/Order/properties/size", "Order"),
        ("#/servers/~1", "the document"),
    ],
)
def test_an_operation_is_the_one_that_a_part_belongs_to(element: str, operation: str) -> None:
    assert words(element)["operation"] == operation
