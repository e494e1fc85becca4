"""Whatever a document holds, it is compared or refused with a place: no input ends in a defect."""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from servanda.errors import InterfaceError
from servanda.interfaces.openapi.check import check_document
from servanda.interfaces.openapi.document import Document, followed
from servanda.interfaces.openapi.growth import growth
from servanda.interfaces.openapi.usage.operations import Operations
from servanda.interfaces.openapi.usage.reach import Reach
from servanda.interfaces.rule import Found

TEXT = """
openapi: 3.1.0
servers: [{url: 'https://{region}.example/v1', variables: {region: {default: eu, enum: [eu, us]}}}, {url: /}]
security: [{key: []}, {oauth: [read]}]
paths:
  /crates/{id}:
    servers: [{url: /v2}]
    parameters: [{$ref: '#/components/parameters/Id'}, {name: X-Tenant, in: header, schema: {type: string}}]
    get:
      operationId: list
      security: [{}]
      servers: [{url: 'https://b.example'}]
      parameters:
        - {name: filter, in: query, required: true, schema: {type: object, properties: {a: {type: string}, b: {}}}}
        - {name: tags, in: query, allowEmptyValue: true, schema: {type: array, items: {type: integer}, minItems: 1}}
        - {name: q, in: query, content: {application/json: {schema: {type: object}}}}
      responses:
        '200':
          headers: {ETag: {required: true, schema: {type: string}}}
          content: {application/json; charset=utf-8: {schema: {$ref: '#/components/schemas/Tree'}}, 'text/*': {}}
        4XX: {$ref: '#/components/responses/Fault'}
        default: {links: {again: {operationId: list}}}
      callbacks: {done: {$ref: '#/components/callbacks/Done'}}
    put:
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema: {properties: {tags: {type: array}, photo: {type: string, format: binary}}}
            encoding:
              tags: {style: form, explode: true}
              photo: {contentType: image/*, headers: {X-Kind: {required: true, schema: {type: string}}}}
      responses: {'204': {description: Saved.}}
webhooks:
  sent: {post: {requestBody: {content: {a/b: {schema: {oneOf: [{const: 1}, {type: 'null'}]}}}}, responses: {}}}
components:
  parameters: {Id: {name: id, in: path, required: true, schema: {type: string, pattern: a}}}
  responses: {Fault: {content: {application/json: {schema: {allOf: [{$ref: '#/components/schemas/Tree'}]}}}}}
  callbacks: {Done: {'{$url}': {post: {responses: {}, callbacks: {again: {$ref: '#/components/callbacks/Done'}}}}}}
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    oauth: {type: oauth2, flows: {password: {tokenUrl: t, scopes: {read: r}}}}
  schemas:
    Tree:
      type: object
      required: [name]
      properties:
        name: {type: string, enum: [a, b], default: a}
        children: {type: array, items: {$ref: '#/components/schemas/Tree'}}
      additionalProperties: {type: integer, minimum: 1}
"""
DEPOT: dict[str, Any] = yaml.safe_load(TEXT)
POINTERS = (
    "",
    "#",
    "#/",
    "#/paths",
    "#/components",
    "#/components/schemas/Tree",
    "#/components/callbacks/Done",
    "#/nothing",
)
OTHERS: list[Any] = [
    *(None, 1, -1, 1.5, True, False, "", "x", "{", "{a}", "x-a", "a/b", "*/*", "default", 10**400),
    *(
        [],
        {},
        [1],
        [None],
        [[]],
        [{}],
        {"": {}},
        {"a": None},
        {"x": {"y": []}},
        {"schema": {}},
        {"content": {"a/b": 1}},
    ),
    *({"$ref": None}, {"$ref": 1}, {"$ref": []}, {"$ref": {}}),
    *({"$ref": pointer} for pointer in POINTERS),
    *({"$ref": pointer, "get": {}, "properties": {"a": 1}} for pointer in POINTERS),
]
Place = tuple[Any, ...]


def places(value: Any, here: Place = ()) -> Iterator[Place]:
    """All places in a document."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inside:
        yield (*here, key)
        yield from places(each, (*here, key))


PLACES = st.sampled_from(list(places(DEPOT)))
NAMES = st.sampled_from(
    ["", "x-a", "get", "$ref", "schema", "content", "in", "4xx", "servers", "required", "type", "2XX"]
)


def part(document: Any, place: Place) -> Any:
    for key in place:
        document = document[key]
    return document


@st.composite
def documents(draw: st.DrawFn) -> str:
    """The depot with a part that is something else, gone, called otherwise, or a copy of another part."""
    changed = copy.deepcopy(DEPOT)
    place = draw(PLACES)
    around, key = part(changed, place[:-1]), place[-1]
    match draw(st.sampled_from(["other", "other", "gone", "name", "copy"])):
        case "other":
            around[key] = draw(st.sampled_from(OTHERS))
        case "copy":
            around[key] = copy.deepcopy(part(DEPOT, draw(PLACES)))
        case "name" if isinstance(around, dict):
            around[draw(NAMES)] = around.pop(key)
        case _:
            del around[key]
    return json.dumps(changed)


def examined(before: str, after: str) -> None:
    """Everything that a check of a document does."""
    previous, current = Document(before, "before.json"), Document(after, "after.json")
    check_document(previous, current)
    with followed(current):
        growth(previous, current)
        operations, reach = Operations(previous, current), Reach()
        for call in (operations.called(method, "/v1/crates/1") for method in ("GET", "PUT")):
            if call is not None:
                reach.call(call.operation)
        for webhook in operations.webhooks():
            reach.pushed(webhook)


def where_refused(check: Callable[[], object]) -> str | None:
    """Return where a document is refused, if it is: any other error would reach the user as a defect."""
    try:
        check()
    except InterfaceError as error:
        return error.where or "nowhere"
    return None


@given(one=documents(), other=documents())
def test_any_two_documents_are_compared_or_refused_with_a_place(one: str, other: str) -> None:
    where = where_refused(lambda: examined(one, other))

    assert where is None or where.startswith(("before.json", "after.json"))


@given(text=documents())
def test_nothing_is_found_between_a_document_and_itself(text: str) -> None:
    found: list[Found] = []
    where_refused(lambda: found.extend(check_document(Document(text, "a.json"), Document(text, "a.json"))))

    assert found == []


@given(st.data())
def test_any_edit_of_the_text_gives_a_document_or_an_error(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(TEXT)))
    length = data.draw(st.integers(0, 20))
    written = data.draw(st.text("{}[]:,-&*'\"#|>! \n\tab1", max_size=4))
    text = TEXT[:start] + written + TEXT[start + length :]

    where = where_refused(lambda: check_document(Document(text, "depot.yaml"), Document(text, "depot.yaml")))

    assert where is None or where.startswith("depot.yaml")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        pytest.param("paths: []", "2:1: expected an object", id="a list of paths"),
        pytest.param("paths: {/a: null}", "2:9: expected an object, found null", id="a path that is nothing"),
        pytest.param("paths: {/a: {get: 1}}", "2:14: expected an object, found 1", id="a number as operation"),
        pytest.param(
            "paths: {/a: {get: {responses: {200: null}}}}", "2:32: expected an object, found null", id="no response"
        ),
        pytest.param("paths: {/a: {get: {parameters: {}}}}", "2:20: expected an array, found {}", id="no list"),
        pytest.param("paths: {/a: {get: {parameters: [x]}}}", '2:33: expected an object, found "x"', id="no parameter"),
        pytest.param("paths: {/a: {$ref: 1}}", "2:14: expected a reference as a string, found 1", id="no reference"),
        pytest.param("paths: {}\nservers: {url: a}", "3:1: expected an array", id="no list of servers"),
        pytest.param("paths: {}\nservers: [a]", '3:11: expected an object, found "a"', id="no server"),
        pytest.param("paths: {}\nsecurity: [{a: read}]", "3:13: expected an array of strings", id="no scopes"),
        pytest.param("paths: {}\ncomponents: {securitySchemes: {a: true}}", "3:32: expected an object", id="no scheme"),
    ],
)
def test_a_part_of_another_shape_is_refused_where_it_stands(text: str, where: str) -> None:
    document = Document(f"openapi: 3.1.0\n{text}\n", "a.yaml")

    with pytest.raises(InterfaceError) as refused:
        check_document(document, document)
    assert str(refused.value).startswith(f"a.yaml:{where}")
