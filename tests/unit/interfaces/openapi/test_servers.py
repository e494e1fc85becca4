"""Addresses are compared, of which the URL of a server is one part and the path the other."""

import pytest

from servanda.interfaces.openapi.servers import normalized
from tests.unit.interfaces.openapi.operation import findings, rules

GONE, DEFAULT, PATH = "SERVER_NO_DELETE", "SERVER_SAME_DEFAULT", "PATH_NO_DELETE"
DEPOT, DEPOT_V1, OTHER = (
    "{url: 'https://depot.example'}",
    "{url: 'https://depot.example/v1'}",
    "{url: 'https://b.example'}",
)


def document(servers: str, path: str = "/crates", of_path: str = "", of_operation: str = "") -> str:
    """A document with one operation; servers are given as the inside of a list."""
    of_root, of_item, own = (f"servers: [{each}]" if each else "" for each in (servers, of_path, of_operation))
    operation = ", ".join(filter(None, ("responses: {}", own)))
    item = ", ".join(filter(None, (f"get: {{{operation}}}", of_item)))
    return f"openapi: 3.0.3\n{of_root}\npaths: {{'{path}': {{{item}}}}}\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param((DEPOT, "/v1/crates"), (DEPOT_V1, "/crates"), id="to the server"),
        pytest.param((DEPOT_V1.replace("v1", "v1/"), "/crates"), (DEPOT, "/v1/crates"), id="to the path"),
        pytest.param(("", "/v1/crates"), ("{url: /v1}", "/crates"), id="relative, no server before"),
        pytest.param(("{url: /v1}", "/crates"), ("", "/v1/crates"), id="relative, no server now"),
        pytest.param(("", "/v1/crates"), (DEPOT_V1, "/crates"), id="a host is told"),
        pytest.param(
            (f"{DEPOT}, {OTHER}", "/v1/a/{id}"),
            (f"{DEPOT_V1}, {OTHER.replace('example', 'example/v1')}", "/a/{id}"),
            id="of several servers, with a variable",
        ),
        pytest.param(
            ("{url: 'https://depot.example/{base}', variables: {base: {default: v1, enum: [v1]}}}", "/crates"),
            (DEPOT, "/v1/crates"),
            id="of a variable with one value",
        ),
        pytest.param(
            ("{url: 'https://{h}/v1', variables: {h: {default: a}}}", "/crates"),
            ("{url: 'https://{host}', variables: {host: {default: a}}}", "/v1/crates"),
            id="behind a variable with any value",
        ),
    ],
)
def test_a_prefix_may_stand_in_the_url_or_in_the_path(before: tuple[str, str], after: tuple[str, str]) -> None:
    assert rules(document(*before), document(*after)) == set()


def test_a_prefix_may_move_for_one_operation_alone() -> None:
    before = document("", "/v1/crates", of_operation=DEPOT)

    assert rules(before, document("", "/crates", of_operation=DEPOT_V1)) == set()
    assert rules(before, document("", "/crates", of_path=DEPOT_V1)) == set()
    assert rules(before, document(OTHER, "/crates", of_operation=DEPOT_V1)) == set()
    assert rules(before, document("", "/crates", of_operation=OTHER)) == {PATH}


def test_a_path_at_the_same_address_counts_before_one_of_the_same_name() -> None:
    before = document(DEPOT_V1)
    after = document(DEPOT, "/v1/crates").replace("paths: {", "paths: {/crates: {put: {responses: {}}}, ")

    assert rules(before, after) == set()


def test_a_prefix_that_moved_takes_what_changed_along() -> None:
    before = document(DEPOT, "/v1/crates/{id}").replace("responses", "operationId: a, responses")
    after = document(DEPOT_V1, "/crates/{crate}").replace("responses", "operationId: b, responses")

    assert rules(before, after) == {"OPERATION_SAME_ID", "PATH_PARAMETER_SAME_NAME"}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(DEPOT, OTHER, {GONE}, id="another host"),
        pytest.param(DEPOT, DEPOT_V1, {GONE}, id="another prefix"),
        pytest.param(DEPOT, f"{OTHER}, {DEPOT}", set(), id="one more"),
        pytest.param(f"{OTHER}, {DEPOT}", DEPOT, {GONE}, id="one less"),
        pytest.param(DEPOT, "", {GONE}, id="none listed now"),
        pytest.param("", DEPOT, set(), id="none listed before"),
        pytest.param(DEPOT, "{url: 'HTTPS://Depot.Example:443/'}", set(), id="another spelling"),
        pytest.param(DEPOT, "{url: 'http://depot.example'}", {GONE}, id="another scheme"),
        pytest.param(DEPOT, "{url: 'https://depot.example:8443'}", {GONE}, id="another port"),
        pytest.param("{url: /}", "{description: here}", set(), id="the default said"),
        pytest.param("{url: ./v1}", "{url: v1/}", set(), id="relative"),
        pytest.param(DEPOT, "{url: 'https://depot.example', description: main, x-note: 1}", set(), id="a remark"),
    ],
)
def test_a_server_is_what_it_is_called_at(before: str, after: str, expected: set[str]) -> None:
    assert rules(document(before), document(after)) == expected


def region(variable: str, host: str = "{region}.example") -> str:
    return f"{{url: 'https://{host}', variables: {{region: {{{variable}}}}}}}"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("default: eu, enum: [eu, us]", "default: eu, enum: [eu]", {GONE}, id="one value less"),
        pytest.param("default: eu, enum: [eu]", "default: eu, enum: [eu, us]", set(), id="one value more"),
        pytest.param("default: eu, enum: [eu]", "default: eu", set(), id="any value"),
        pytest.param("default: eu", "default: eu, enum: [eu, us]", {GONE}, id="not any value"),
        pytest.param("default: eu, enum: [eu, us]", "default: us, enum: [eu, us]", {DEFAULT}, id="another default"),
        pytest.param("default: eu", "default: us", {GONE}, id="the one value that is told is another one"),
        pytest.param("default: eu, enum: [eu]", "default: us, enum: [us]", {GONE}, id="another value"),
        pytest.param("default: eu, description: a", "default: eu, description: b", set(), id="a remark"),
        pytest.param("default: 1, enum: [1]", "default: '1', enum: ['1']", set(), id="a number"),
    ],
)
def test_a_variable_may_keep_its_values(before: str, after: str, expected: set[str]) -> None:
    assert rules(document(region(before)), document(region(after))) == expected


def test_a_variable_may_be_written_out() -> None:
    two = region("default: eu, enum: [eu, us]")
    listed = "{url: 'https://eu.example'}, {url: 'https://us.example'}"

    assert rules(document(two), document(listed)) == set()
    assert rules(document(listed), document(two)) == set()
    assert rules(document(two), document("{url: 'https://eu.example'}")) == {GONE}


def test_a_variable_may_be_called_otherwise() -> None:
    before = region("default: eu, enum: [eu, us]")

    assert rules(document(before), document(before.replace("region", "zone"))) == set()


def test_a_default_that_another_server_has_is_still_there() -> None:
    fixed = "{url: 'https://eu.example'}"

    assert rules(document(region("default: eu")), document(f"{region('default: us')}, {fixed}")) == set()


def test_what_is_gone_of_a_variable_stands_at_its_values() -> None:
    before = document(region("default: eu, enum: [eu, us]"))
    [found] = findings(before, document(region("default: eu, enum: [eu]")))

    assert found.message.startswith("The server https://us.example of the document was removed;")
    assert found.element == "#/servers/https:~1~1{region}.example"
    assert before.splitlines()[1][found.span.start_column - 1 :].startswith("enum")


def test_a_server_is_told_once_of_what_lists_it() -> None:
    two = "paths: {/a: {get: {responses: {}}}, /b: {get: {responses: {}}}}\n"
    text = f"openapi: 3.0.3\nservers: [%s]\n{two}"
    own = text.replace("get: {", f"get: {{servers: [{OTHER}], ", 1)

    assert [each.message for each in findings(text % DEPOT, text % OTHER)] == [
        "The server https://depot.example of the document was removed; now: https://b.example."
    ]
    assert [each.message for each in findings(text % DEPOT, own % DEPOT)] == [
        "The server https://depot.example of GET /a was removed; now: https://b.example."
    ]


def test_a_server_that_nothing_is_called_at_is_missed_by_nobody() -> None:
    assert rules(document(DEPOT, of_path=OTHER), document("", of_path=OTHER)) == set()


def test_documents_without_operations_have_servers_all_the_same() -> None:
    text = "openapi: 3.0.3\nservers: [%s]\npaths: {}\n"

    assert rules(text % DEPOT, text % OTHER) == {GONE}


def test_countless_values_are_compared_in_no_time() -> None:
    names = [f"v{number}" for number in range(9)]
    values = ", ".join(map(str, range(20)))
    url = "https://" + ".".join(f"{{{name}}}" for name in names)
    variables = ", ".join(f"{name}: {{default: 1, enum: [{values}]}}" for name in names)
    before = document(f"{{url: '{url}', variables: {{{variables}}}}}")

    assert rules(before, before) == set()
    assert rules(before, before.replace("[0, 1,", "[1,")) == {GONE}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://A.Example:80/V1/", "http://a.example/V1"),
        ("https://a.example:80", "https://a.example:80"),
        ("//A.example/", "//a.example"),
        ("/V1/", "/V1"),
        ("./v1", "v1"),
        ("", ""),
        ("urn:a", "urn:a"),
        ("\n", "\n"),
    ],
)
def test_equal_urls_are_written_alike(url: str, expected: str) -> None:
    assert normalized(url) == expected
