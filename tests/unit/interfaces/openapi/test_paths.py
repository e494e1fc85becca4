"""Paths are compared by what they are called as: the names of variables are local, what they stand for is not."""

import pytest

from servanda.verdict import Severity
from tests.unit.interfaces.openapi.operation import findings, get, rules

NAME, LIMIT, TYPE = "PATH_PARAMETER_SAME_NAME", "REQUEST_LIMIT_NO_TIGHTEN", "REQUEST_TYPE_NO_NARROW"


def variable(name: str, schema: str = "{type: string}") -> str:
    return f"{{name: {name}, in: path, required: true, schema: {schema}}}"


def path(template: str, *parameters: str) -> str:
    return get(f"parameters: [{', '.join(parameters)}], responses: {{}}", template)


def test_a_variable_may_be_called_otherwise() -> None:
    [found] = findings(path("/crates/{id}", variable("id")), path("/crates/{crateId}", variable("crateId")))

    assert (found.rule, found.severity) == ("OPENAPI_PATH_PARAMETER_SAME_NAME", Severity.WARNING)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("{type: string}", "{type: string, pattern: '^[0-9]+$'}", {LIMIT}, id="tighter"),
        pytest.param("{type: string}", "{type: integer}", {TYPE}, id="another type"),
        pytest.param("{type: integer}", "{type: string}", set(), id="wider"),
    ],
)
def test_a_variable_that_is_called_otherwise_is_the_same(before: str, after: str, expected: set[str]) -> None:
    one, other = path("/crates/{id}", variable("id", before)), path("/crates/{crate}", variable("crate", after))

    assert rules(one, other) == {NAME, *expected}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        pytest.param("/a/{x}/b/{y}", set(), id="nothing"),
        pytest.param("/a/{p}/b/{y}", {NAME}, id="one of them"),
        pytest.param("/a/{p}/b/{q}", {NAME}, id="both"),
        pytest.param("/a/{y}/b/{x}", {NAME, TYPE}, id="they changed places"),
        pytest.param("/a/{x}/c/{y}", {"PATH_NO_DELETE"}, id="another path"),
    ],
)
def test_variables_are_paired_by_where_they_stand(template: str, expected: set[str]) -> None:
    before = path("/a/{x}/b/{y}", variable("x", "{type: string}"), variable("y", "{type: integer}"))
    names = {"/a/{p}/b/{y}": "py", "/a/{p}/b/{q}": "pq"}.get(template, "xy")
    after = path(template, variable(names[0], "{type: string}"), variable(names[1], "{type: integer}"))

    assert rules(before, after) == expected


def test_variables_may_share_a_segment() -> None:
    before, after = path("/a/{x}-{y}.json", variable("x")), path("/a/{p}-{q}.json", variable("p", "{type: integer}"))

    assert rules(before, after) == {NAME, TYPE}


def test_a_variable_is_part_of_its_path_whether_it_is_described_or_not() -> None:
    described, not_described = path("/crates/{id}", variable("id")), path("/crates/{id}")

    assert rules(described, not_described) == set()
    assert rules(not_described, described) == set()


def test_what_extends_openapi_is_no_path() -> None:
    text = "openapi: 3.0.3\npaths: {/a: {get: {responses: {}}}%s}\n"

    assert rules(text % ", x-note: 1", text % "") == set()


def test_a_webhook_is_called_by_its_name() -> None:
    text = "openapi: 3.1.0\nwebhooks: {%s: {post: {responses: {}}}}\n"
    [found] = findings(text % "'{a}'", text % "'{b}'")

    assert (found.message, found.element) == ("Webhook {a} was deleted.", "#/webhooks/{a}")


def test_what_stands_beside_the_reference_of_a_path_belongs_to_the_path() -> None:
    text = (
        "openapi: %s\npaths: {/a: {$ref: '#/components/pathItems/A', put: {operationId: %s, responses: {}}}}\n"
        "components: {pathItems: {A: {get: {responses: {}}}}}\n"
    )
    for version in ("3.0.3", "3.1.0"):
        [found] = findings(text % (version, "a"), text % (version, "b"))
        assert (found.rule, found.element) == ("OPENAPI_OPERATION_SAME_ID", "#/paths/~1a/put")
        assert found.span.start_line == 2


CALLBACK = (
    "openapi: 3.0.3\npaths: {/a: {post: {responses: {}, callbacks: {%s: {$ref: '#/components/callbacks/Done'}}}}}\n"
    "components: {callbacks: {Done: {'%s': {post: {responses: {}, requestBody: {content: {a/b: {schema: {type: %s}}}},"
    " callbacks: {again: {$ref: '#/components/callbacks/Done'}}}}}}}\n"
)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        pytest.param(("ended", "{$url}", "string"), set(), id="another name"),
        pytest.param(("done", "{$other}", "string"), {"PATH_NO_DELETE"}, id="another address"),
        pytest.param(("done", "{$url}", "integer"), {"RESPONSE_TYPE_NO_WIDEN", TYPE}, id="another body, both ways"),
    ],
)
def test_a_callback_may_refer_to_itself(after: tuple[str, str, str], expected: set[str]) -> None:
    assert rules(CALLBACK % ("done", "{$url}", "string"), CALLBACK % after) == expected


def test_a_link_may_lead_to_the_operation_that_has_it() -> None:
    text = get("operationId: a, responses: {200: {links: {again: {operationId: a}}}}")

    assert rules(text, text.replace("again", "more")) == set()
