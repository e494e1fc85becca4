"""Which internal tokens are believed, and which are not."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from platformkit.context import Context, Principal, entered
from platformkit.tokens import (
    ACCESS_TOKEN,
    INTERNAL_TOKEN,
    INTERNAL_TOKEN_KEY,
    Claims,
    FixedKeys,
    InternalTokens,
    MemoryCallerKeys,
    Refusal,
    RefusedTokenError,
    SigningKey,
    Verifier,
)
from tests.unit.platformkit.tokens.test_verifying import confused, pem
from tests.unit.platformkit.tokens.tokens_at_hand import forged

NOW = 1_800_000_000
ADA = Principal("7f1f0f6e-2b1c-4c5d-8e9f-000000000001", ("member",))
GATEWAY, AUTH, STRANGER = SigningKey.generate(), SigningKey.generate(), SigningKey.generate()
CLAIMS = Claims("gateway", "identity", ADA.subject, "token-1", NOW, NOW + 60, roles=ADA.roles, request_id="request-1")


def header(**members: Any) -> dict[str, Any]:
    return {"alg": "ES256", "kid": GATEWAY.key_id, "typ": INTERNAL_TOKEN, **members}


def made(head: dict[str, Any] | None = None, key: SigningKey = GATEWAY, **changes: Any) -> str:
    """A token with the good claims, but for the changes; its signature by the key is good, whatever it says."""
    document = CLAIMS.document() | changes
    payload = json.dumps({name: value for name, value in document.items() if value is not None}).encode()
    return forged(header(kid=key.key_id) if head is None else head, payload, key=key)


@pytest.fixture
async def keys() -> MemoryCallerKeys:
    """Keys where the gateway and auth have published theirs, and a stranger has not."""
    keys = MemoryCallerKeys()
    await keys.publish("gateway", GATEWAY.public)
    await keys.publish("auth", AUTH.public)
    return keys


def identity(keys: MemoryCallerKeys, now: float = NOW) -> InternalTokens:
    return InternalTokens("identity", keys, lambda: now)


async def refusal_of(token: str, keys: MemoryCallerKeys, request_id: str = "request-1") -> Refusal:
    with pytest.raises(RefusedTokenError) as refused:
        await identity(keys).verify(token, request_id)
    return refused.value.refusal


async def shown(caller: InternalTokens, context: Context) -> str:
    """The token that a process shows to identity in a request."""
    await caller.publish()
    with entered(context):
        ((name, token),) = caller.prove("identity", (("x-request-id", context.request_id),))
    assert name == INTERNAL_TOKEN_KEY
    return token


async def test_a_token_says_who_calls_for_whom_and_in_which_request() -> None:
    keys = MemoryCallerKeys()
    gateway = InternalTokens("gateway", keys, lambda: NOW)
    token = await shown(gateway, Context(request_id="request-1", principal=ADA))

    claims = await identity(keys).verify(token, "request-1")

    assert (claims.issuer, claims.subject, claims.roles) == ("gateway", ADA.subject, ADA.roles)
    assert (claims.request_id, claims.expire_time) == ("request-1", NOW + 60)


async def test_without_a_principal_a_token_stands_for_the_service_alone() -> None:
    keys = MemoryCallerKeys()
    token = await shown(InternalTokens("auth", keys, lambda: NOW), Context(request_id="request-1"))

    claims = await identity(keys).verify(token, "request-1")

    assert (claims.issuer, claims.subject, claims.roles) == ("auth", "", ())


async def test_no_token_is_shown_twice() -> None:
    gateway = InternalTokens("gateway", MemoryCallerKeys())

    assert gateway.prove("identity") != gateway.prove("identity")


async def test_two_processes_of_a_service_have_keys_of_their_own(keys: MemoryCallerKeys) -> None:
    first, second = InternalTokens("gateway", keys, lambda: NOW), InternalTokens("gateway", keys, lambda: NOW)
    judge = identity(keys)

    for process in (first, second):
        token = await shown(process, Context(request_id="request-1"))
        assert (await judge.verify(token, "request-1")).issuer == "gateway"


@pytest.mark.parametrize(
    ("token", "refusal"),
    [
        # What says how it is to be verified.
        pytest.param(lambda: made(header(alg="none")), Refusal.ALGORITHM, id="alg none"),
        pytest.param(lambda: confused(pem(GATEWAY.key), GATEWAY.key_id), Refusal.ALGORITHM, id="HS256 with the key"),
        pytest.param(lambda: made(header(alg="RS256")), Refusal.ALGORITHM, id="RS256 with the key of ES256"),
        pytest.param(lambda: made(header(crit=["exp"])), Refusal.HEADER, id="crit"),
        # What says where the key is.
        pytest.param(lambda: made(header(kid="../callers/gateway")), Refusal.HEADER, id="kid is a path"),
        pytest.param(lambda: made(header(kid="gateway:x")), Refusal.HEADER, id="kid with a part of a key in Redis"),
        pytest.param(lambda: made(header(kid="https://evil.example/k")), Refusal.HEADER, id="kid is an address"),
        pytest.param(lambda: made(header(jku="https://evil.example/jwks")), Refusal.HEADER, id="jku"),
        pytest.param(lambda: made(header(x5u="https://evil.example/cert")), Refusal.HEADER, id="x5u"),
        pytest.param(lambda: made(header(jwk=STRANGER.public.document()), STRANGER), Refusal.HEADER, id="jwk"),
        # Who signed.
        pytest.param(lambda: made(key=STRANGER), Refusal.UNKNOWN_KEY, id="a key that nobody published"),
        pytest.param(lambda: made(header(), STRANGER), Refusal.SIGNATURE, id="the name of a key of somebody else"),
        pytest.param(lambda: made(key=AUTH), Refusal.UNKNOWN_KEY, id="the key of another service"),
        pytest.param(lambda: made(iss="auth"), Refusal.UNKNOWN_KEY, id="the name of another service"),
        pytest.param(lambda: made(iss="gateway:x"), Refusal.ISSUER, id="a name with a part of a key in Redis"),
        pytest.param(lambda: made(iss=None), Refusal.ISSUER, id="no issuer"),
        pytest.param(lambda: made(iss=["gateway"]), Refusal.ISSUER, id="a list of issuers"),
        # What it is for.
        pytest.param(lambda: made(header(typ=ACCESS_TOKEN)), Refusal.TYPE, id="an access token"),
        pytest.param(lambda: made(header(typ="JWT")), Refusal.TYPE, id="no type that anybody uses"),
        pytest.param(lambda: made(aud="audit"), Refusal.AUDIENCE, id="for another service"),
        pytest.param(lambda: made(aud="plt"), Refusal.AUDIENCE, id="for the platform"),
        pytest.param(lambda: made(rid="request-2"), Refusal.REQUEST, id="for another request"),
        # When it is good.
        pytest.param(lambda: made(exp=NOW - 5, iat=NOW - 65, nbf=NOW - 65), Refusal.EXPIRED, id="expired"),
        pytest.param(lambda: made(nbf=NOW + 6), Refusal.EARLY, id="not yet valid"),
        pytest.param(lambda: made(exp=NOW + 3600), Refusal.CLAIMS, id="good for an hour"),
        pytest.param(lambda: made(exp=None), Refusal.CLAIMS, id="no end"),
        # What it is not.
        pytest.param(lambda: made(pad="x" * 9000), Refusal.TOO_LARGE, id="huge"),
        pytest.param(lambda: "", Refusal.MALFORMED, id="empty"),
        pytest.param(lambda: "a.b.c", Refusal.MALFORMED, id="no token"),
    ],
)
async def test_a_token_that_is_not_as_it_has_to_be_is_refused(
    token: Callable[[], str], refusal: Refusal, keys: MemoryCallerKeys
) -> None:
    assert await refusal_of(token(), keys) == refusal


async def test_the_good_token_of_these_tests_is_believed(keys: MemoryCallerKeys) -> None:
    assert await identity(keys).verify(made(), "request-1") == replace(CLAIMS, start_time=NOW)


async def test_an_internal_token_is_no_access_token(keys: MemoryCallerKeys) -> None:
    verifier = Verifier(FixedKeys([GATEWAY.public]), "gateway", "identity", clock=lambda: NOW)

    with pytest.raises(RefusedTokenError) as refused:
        await verifier.verify(made())

    assert refused.value.refusal is Refusal.TYPE
