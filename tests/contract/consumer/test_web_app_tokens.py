"""What the web app needs of the gateway when a token that its browser has kept is not to be believed."""

from __future__ import annotations

import base64
import json

import pytest
from pact import match

from servanda import PactWith
from tests.contract.consumer.conftest import OpenWebApp
from tests.contract.consumer.test_web_app import USER_ID, error
from tests.contract.consumer.web_app_client import RefusedError

CLAIMS = {
    "iss": "plt.auth",
    "aud": "plt",
    "sub": USER_ID,
    "roles": ["admin"],
    "jti": "of-a-contract",
    "ver": 0,
    "iat": 1767323045,
    "nbf": 1767323045,
    "exp": 4102444800,
}
HEADER = {"alg": "ES256", "kid": "of-a-contract", "typ": "at+jwt"}

REFUSED = match.regex('Bearer error="invalid_token"', regex='Bearer .*"invalid_token".*')


def part(content: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content, separators=(",", ":")).encode()).decode().rstrip("=")


def token(signature: str, **header: str) -> str:
    """A token of an administrator that auth has not signed."""
    return f"{part({**HEADER, **header})}.{part({**CLAIMS})}.{signature}"


@pytest.mark.parametrize(
    ("description", "shown"),
    [
        ("a token that somebody else has signed", token("A" * 86)),
        ("a token without a signature", token("", alg="none")),
        ("a token that is signed with a public key as a secret", token("A" * 43, alg="HS256")),
        ("a token that names the address of its key", token("A" * 86, jku="https://keys.example.com/jwks.json")),
        ("what is no token at all", "an-access-token"),
    ],
)
def test_whose_token_is_not_believed_is_told_to_log_in(
    pact_with: PactWith, open_web_app: OpenWebApp, description: str, shown: str
) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving(f"a person, asked for with {description}")
        .with_request("GET", f"/v1/users/{USER_ID}")
        .with_header("Authorization", f"Bearer {shown}")
        .will_respond_with(401)
        .with_header("WWW-Authenticate", REFUSED)
        .with_body(error("UNAUTHENTICATED", "TOKEN_INVALID"), "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app:
        web_app.resume(shown)
        with pytest.raises(RefusedError) as refused:
            web_app.person(USER_ID)

    assert refused.value.must_log_in


def test_whose_token_has_expired_is_told_to_log_in(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("a person, asked for with a token that has expired")
        .given("a login has expired")
        .with_request("GET", f"/v1/users/{USER_ID}")
        .with_header("Authorization", match.regex("Bearer expired", regex="Bearer .+"))
        .will_respond_with(401)
        .with_header("WWW-Authenticate", REFUSED)
        .with_body(error("UNAUTHENTICATED", "TOKEN_INVALID"), "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app:
        web_app.resume("expired")
        with pytest.raises(RefusedError) as refused:
            web_app.person(USER_ID)

    assert refused.value.must_log_in
