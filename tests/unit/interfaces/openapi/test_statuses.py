"""The entry that describes a status counts, not its name: its own one, else that of its class, else the default."""

import pytest

from servanda.interfaces.openapi.statuses import describing
from tests.unit.interfaces.openapi.operation import findings, get, rules

TYPE, HEADER, WRITTEN = "RESPONSE_TYPE_NO_WIDEN", "RESPONSE_HEADER_NO_DELETE", "RESPONSE_SAME_ENCODING"
GONE, NEW, DELETED = "RESPONSE_NO_DELETE", "RESPONSE_SUCCESS_NO_ADD", "RESPONSE_PROPERTY_NO_DELETE"
BODY = "{content: {application/json: {schema: {type: object, required: [%s], properties: {%s: {type: string}}}}}}"
FAULT, OTHER, ITEM = (BODY % (name, name) for name in ("code", "reason", "name"))


def changed(before: str, after: str) -> set[str]:
    return rules(*(get(f"responses: {{{each}}}") for each in (before, after)))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(f"404: {FAULT}", f"4XX: {FAULT}", set(), id="into its class"),
        pytest.param(f"404: {FAULT}", f"4xx: {FAULT}", set(), id="into its class, in lower case"),
        pytest.param(f"404: {FAULT}", f"default: {FAULT}", set(), id="into the default"),
        pytest.param(f"4XX: {FAULT}", f"default: {FAULT}", set(), id="a class into the default"),
        pytest.param(f"404: {FAULT}", f"4XX: {OTHER}", {DELETED}, id="into a class that says something else"),
        pytest.param(f"404: {FAULT}", f"5XX: {FAULT}", {GONE}, id="into another class"),
        pytest.param(f"404: {FAULT}", f"405: {FAULT}", {GONE}, id="another status"),
        pytest.param(f"4XX: {FAULT}", f"404: {FAULT}", set(), id="out of its class"),
        pytest.param(f"default: {FAULT}", f"404: {FAULT}, 5XX: {FAULT}", set(), id="out of the default"),
        pytest.param(f"4XX: {FAULT}", f"5XX: {FAULT}", {GONE}, id="a class that is gone"),
        pytest.param(f"4XX: {FAULT}", f"4XX: {FAULT}, 404: {OTHER}", {DELETED}, id="an exception to a class"),
        pytest.param(f"default: {FAULT}", f"default: {FAULT}, 404: {FAULT}", set(), id="an exception that is none"),
        pytest.param(
            f"default: {FAULT}", f"default: {FAULT}, 404: {{description: x}}", set(), id="a status that is only named"
        ),
        pytest.param(
            f"4XX: {FAULT.replace('required: [code], ', '')}",
            f"4XX: {FAULT}, 404: {OTHER}",
            set(),
            id="an exception without what may be missing",
        ),
        pytest.param(
            f"4XX: {FAULT}", f"4XX: {FAULT}, 404: {FAULT.replace('string', 'integer')}", {TYPE}, id="of another type"
        ),
        pytest.param(
            "4XX: {headers: {A: {}, B: {required: true}}}",
            "4XX: {headers: {A: {}, B: {required: true}}}, 404: {headers: {b: {required: true}}}",
            set(),
            id="an exception without an optional header",
        ),
        pytest.param(
            "4XX: {headers: {B: {required: true}}}",
            "4XX: {headers: {B: {required: true}}}, 404: {headers: {A: {}}}",
            {"RESPONSE_HEADER_NO_DELETE"},
            id="an exception without a header that is always there",
        ),
        pytest.param(f"404: {FAULT}, 4XX: {OTHER}", f"4XX: {OTHER}", {DELETED}, id="no exception any more"),
        pytest.param(f"404: {FAULT}", "", {GONE}, id="gone"),
        pytest.param("404: {}, x-note: {}", "404: {}", set(), id="what extends OpenAPI is no response"),
    ],
)
def test_an_error_is_described_by_what_fits_it_best(before: str, after: str, expected: set[str]) -> None:
    assert changed(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(f"200: {ITEM}", f"2XX: {ITEM}", set(), id="into its class"),
        pytest.param(f"2XX: {ITEM}", f"200: {ITEM}", {"RESPONSE_VALUE_NO_DELETE"}, id="out of its class"),
        pytest.param(f"200: {ITEM}", f"200: {ITEM}, 2XX: {ITEM}", {NEW}, id="its class beside it"),
        pytest.param(f"2XX: {ITEM}", f"2XX: {ITEM}, 201: {ITEM}", set(), id="one of its class"),
        pytest.param(f"200: {ITEM}", f"200: {ITEM}, 201: {ITEM}", {NEW}, id="another one"),
        pytest.param(f"200: {ITEM}", f"default: {ITEM}", set(), id="into the default"),
        pytest.param(
            f"200: {ITEM}, default: {FAULT}", f"201: {ITEM}, default: {FAULT}", {GONE, NEW}, id="beside a default"
        ),
        pytest.param(f"default: {ITEM}", f"200: {ITEM}, default: {ITEM}", set(), id="out of the default"),
        pytest.param(
            f"200: {ITEM}, default: {FAULT}", f"410: {FAULT}, default: {FAULT}", {GONE}, id="no success any more"
        ),
    ],
)
def test_a_default_means_errors_where_successes_have_entries(before: str, after: str, expected: set[str]) -> None:
    assert changed(before, after) == expected


def test_an_entry_that_nobody_edited_is_not_what_changed() -> None:
    rest = f"components: {{responses: {{Fault: {FAULT}, Other: {OTHER}}}}}\n"
    fault, other = (f"{{$ref: '#/components/responses/{name}'}}" for name in ("Fault", "Other"))
    texts = (get(f"responses: {{4XX: {fault}{more}}}", rest=rest) for more in ("", f", 404: {other}"))
    [found] = findings(*texts)

    assert found.message.startswith("Response 404 of GET /crates is now described by its own entry, not by 4XX: ")
    assert found.element == "#/paths/~1crates/get/responses/404"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("{ETag: {}}", "{etag: {}}", set(), id="case"),
        pytest.param("{Content-Type: {required: true}}", "{}", set(), id="what is described elsewhere"),
        pytest.param("{ETag: {}}", "{}", {HEADER}, id="gone"),
        pytest.param("{ETag: {required: true}}", "{ETag: {}}", {HEADER}, id="not always there"),
        pytest.param(
            "{ETag: {}, Age: {schema: {type: integer}}}",
            "{Age: {schema: {type: string}}}",
            {HEADER, TYPE},
            id="one gone, one of another type",
        ),
        pytest.param(
            "{Tags: {schema: {type: array}}}",
            "{Tags: {content: {application/json: {}}}}",
            {TYPE, WRITTEN},
            id="as JSON",
        ),
    ],
)
def test_headers_go_with_a_response(before: str, after: str, expected: set[str]) -> None:
    assert changed(f"200: {{headers: {before}}}", f"200: {{headers: {after}}}") == expected


@pytest.mark.parametrize(
    ("status", "expected"), [("204", set()), ("304", set()), ("201", {"RESPONSE_MEDIA_TYPE_NO_DELETE"})]
)
def test_some_answers_never_have_a_body(status: str, expected: set[str]) -> None:
    assert changed(f"{status}: {ITEM}", f"{status}: {{description: x}}") == expected


def test_what_answers_a_webhook_is_written_by_consumers() -> None:
    text = "openapi: 3.1.0\nwebhooks: {sent: {post: {responses: {%s}}}}\n"

    assert rules(text % "200: {}", text % "200: {}, 204: {}") == set()
    assert rules(text % "200: {}, 204: {}", text % "200: {}") == {GONE}


@pytest.mark.parametrize(
    ("status", "keys", "expected"),
    [
        ("404", ("default", "4XX", "404"), "404"),
        ("404", ("default", "4XX"), "4XX"),
        ("404", ("default", "200"), "default"),
        ("200", ("default", "201"), None),
        ("200", ("default", "404"), "default"),
        ("default", ("default", "404"), "default"),
        ("default", ("4XX",), None),
        ("4XX", ("404",), None),
    ],
)
def test_the_most_exact_entry_describes_a_status(status: str, keys: tuple[str, ...], expected: str | None) -> None:
    assert describing(status, keys) == expected


def test_a_class_may_be_written_in_both_cases() -> None:
    text = 'responses: {"4XX": {description: A.}, "4xx": {headers: {ETag: {required: true, schema: {type: string}}}}}'

    assert rules(get(text), get(text)) == set()


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param('"4XX": {}', {"RESPONSE_NO_DELETE"}, id="one class"),
        pytest.param('"404": {}', {"RESPONSE_NO_DELETE"}, id="one status"),
        pytest.param('"4XX": {}, "5XX": {}', set(), id="both classes"),
        pytest.param('"404": {}, "503": {}', set(), id="a status of each"),
        pytest.param('"404": {}, default: {}', set(), id="and still the default"),
    ],
)
def test_a_class_of_errors_that_only_the_default_described_is_told(now: str, expected: set[str]) -> None:
    before, after = (get(f'responses: {{"200": {{}}, {each}}}') for each in ("default: {}", now))

    assert rules(before, after) == expected
    assert all("described 5XX, which nothing describes" in each.message for each in findings(before, after))
