"""Security schemes are compared by what they ask for: their keys are names within the document."""

import pytest

from tests.unit.interfaces.openapi.operation import findings, rules

TIGHTER, SCHEME = "SECURITY_NO_TIGHTEN", "SECURITY_SAME_SCHEME"
KEY, BEARER = "{type: apiKey, in: header, name: X-Key}", "{type: http, scheme: bearer}"


def document(schemes: str, demanded: str, root: str = "") -> str:
    return (
        f"openapi: 3.1.0\n{root}\npaths: {{/a: {{get: {{security: {demanded}, responses: {{}}}}}}}}\n"
        f"components: {{securitySchemes: {{{schemes}}}}}\n"
    )


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param((f"a: {KEY}", "[{a: []}]"), (f"b: {KEY}", "[{b: []}]"), set(), id="called otherwise"),
        pytest.param(
            (f"a: {KEY}, b: {BEARER}", "[{a: []}]"), (f"b: {KEY}, a: {BEARER}", "[{b: []}]"), set(), id="swapped names"
        ),
        pytest.param(
            (f"a: {KEY}, b: {BEARER}", "[{a: []}]"), (f"b: {KEY}, a: {BEARER}", "[{a: []}]"), {TIGHTER}, id="swapped"
        ),
        pytest.param((f"a: {KEY}", "[{a: []}]"), (f"b: {BEARER}", "[{b: []}]"), {TIGHTER}, id="another one"),
        pytest.param((f"a: {KEY}", "[{a: []}]"), (f"a: {BEARER}", "[{a: []}]"), {SCHEME}, id="another meaning"),
        pytest.param((f"a: {KEY}", "[{a: []}]"), ("", "[]"), set(), id="open now"),
        pytest.param((f"a: {KEY}", "[{a: []}]"), ("", "[{a: []}]"), {SCHEME}, id="asked for, and not there"),
        pytest.param((f"a: {KEY}", "[]"), ("", "[]"), set(), id="one that nobody was asked for"),
        pytest.param(
            (f"a: {KEY}, b: {BEARER}", "[{a: []}, {b: []}]"), (f"c: {BEARER}", "[{c: []}]"), {TIGHTER}, id="one less"
        ),
        pytest.param((f"a: {KEY}", "[{}, {a: []}]"), (f"a: {KEY}", "[{a: []}]"), {TIGHTER}, id="not for everybody"),
    ],
)
def test_a_scheme_is_what_it_asks_for(before: tuple[str, str], after: tuple[str, str], expected: set[str]) -> None:
    assert rules(document(*before), document(*after)) == expected


def flows(flow: str) -> str:
    return f"{{type: oauth2, flows: {{clientCredentials: {{tokenUrl: 'https://a.example/t', {flow}}}}}}}"


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        pytest.param(KEY, KEY.replace("X-Key", "x-key"), True, id="case of a header"),
        pytest.param(KEY, KEY.replace("header", "query"), False, id="another place"),
        pytest.param(
            KEY.replace("header", "query"), "{type: apiKey, in: query, name: x-key}", False, id="case of a query"
        ),
        pytest.param(KEY, KEY.replace("}", ", description: a, x-note: 1}"), True, id="a remark"),
        pytest.param(BEARER, "{type: http, scheme: Bearer, bearerFormat: JWT}", True, id="a hint"),
        pytest.param(BEARER, "{type: http, scheme: basic}", False, id="another scheme"),
        pytest.param(flows("scopes: {r: read}"), flows("scopes: {r: reads, w: write}"), True, id="one scope more"),
        pytest.param(flows("scopes: {r: read}"), flows("scopes: {w: write}"), False, id="one scope less"),
        pytest.param(flows("scopes: {}"), flows("scopes: {}").replace("/t", "/u"), False, id="another address"),
        pytest.param(
            flows("scopes: {}"), flows("scopes: {}").replace("client", "x-c"), False, id="a flow that was removed"
        ),
        pytest.param(
            flows("scopes: {}"), flows("scopes: {}}, password: {tokenUrl: x, scopes: {}"), True, id="one flow more"
        ),
        pytest.param("{type: other, key: a}", "{type: other, key: a, description: b, x-c: d}", True, id="unknown"),
        pytest.param("{type: other, key: a}", "{type: other, key: b}", False, id="unknown, and another one"),
        pytest.param("{type: mutualTLS}", "{type: mutualTLS, description: a}", True, id="certificates"),
        pytest.param(
            "{type: openIdConnect, openIdConnectUrl: a}",
            "{type: openIdConnect, openIdConnectUrl: b}",
            False,
            id="OpenID",
        ),
    ],
)
def test_what_a_scheme_asks_for_may_stay_the_same(before: str, after: str, same: bool) -> None:
    same_name = document(f"a: {before}", "[{a: []}]"), document(f"a: {after}", "[{a: []}]")
    other_name = same_name[0], document(f"b: {after}", "[{b: []}]")

    assert rules(*same_name) == (set() if same else {SCHEME})
    assert rules(*other_name) == (set() if same else {TIGHTER})


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (KEY, BEARER, 'type changed from "apiKey" to "http"'),
        (KEY, KEY.replace("X-Key", "X-Token"), 'name changed from "X-Key" to "X-Token"'),
        (
            flows("scopes: {}"),
            flows("scopes: {}").replace("clientCredentials", "password"),
            "the flow clientCredentials was removed",
        ),
        (
            flows("scopes: {a: x, b: x, c: x, d: x, e: x, f: x, g: x}"),
            flows("scopes: {}"),
            "of the flow clientCredentials, scopes were removed: a, b, c, d, e and 2 more",
        ),
        (
            flows("scopes: {}"),
            flows("scopes: {}").replace("/t", "/u"),
            'of the flow clientCredentials, tokenUrl changed from "https://a.example/t" to "https://a.example/u"',
        ),
    ],
)
def test_a_message_says_what_is_asked_for(before: str, after: str, told: str) -> None:
    [found] = findings(document(f"a: {before}", "[{a: []}]"), document(f"a: {after}", "[{a: []}]"))

    assert found.message == f"Security scheme 'a' changed: {told}."


def test_what_no_operation_goes_by_shuts_nobody_out() -> None:
    before, after = (document(f"a: {KEY}", "[]", root=f"security: [{each}]") for each in ("", "{a: []}"))

    assert rules(before, after) == set()
    assert rules(before.replace("security: [], ", ""), after.replace("security: [], ", "")) == {TIGHTER}
