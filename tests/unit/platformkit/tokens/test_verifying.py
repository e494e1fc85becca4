"""Which tokens are believed, and which are not."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from platformkit.tokens import FixedKeys, PublicKey, Refusal, RefusedTokenError, SigningKey
from tests.unit.platformkit.tokens.tokens_at_hand import CLAIMS, KEY, NOW, encoded, forged, header, signed, verifier

RSA = RSAKey.generate_key(2048)
RSA_PUBLIC = PublicKey.of({**RSA.as_dict(private=False), "kid": "rsa"})
KEYS = FixedKeys([KEY.public, RSA_PUBLIC])
OTHER = SigningKey.generate()


async def refusal_of(token: str, now: float = NOW) -> Refusal:
    with pytest.raises(RefusedTokenError) as refused:
        await verifier(KEYS, now).verify(token)
    return refused.value.refusal


def confused(public: bytes, key_id: str) -> str:
    """A token signed with HS256, where the secret is a public key."""
    head = json.dumps(header(alg="HS256", kid=key_id)).encode()
    signing_input = f"{encoded(head)}.{encoded(json.dumps(CLAIMS.document()).encode())}"
    return f"{signing_input}.{encoded(hmac.digest(public, signing_input.encode(), hashlib.sha256))}"


def pem(key: ECKey | RSAKey) -> bytes:
    return key.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def with_claims(**changes: Any) -> str:
    """A token whose payload is not what Claims would write; None leaves a member out."""
    members = {**CLAIMS.document(), **changes}
    return forged(header(), json.dumps({name: value for name, value in members.items() if value is not None}).encode())


def unsigned() -> str:
    return forged(header(alg="none")).rpartition(".")[0] + "."


def repeated(member: str) -> bytes:
    return json.dumps(CLAIMS.document())[:-1].encode() + f', "{member}": "admin"}}'.encode()


async def test_a_good_token_says_what_was_signed() -> None:
    assert await verifier().verify(signed()) == CLAIMS


async def test_a_token_by_rs256_is_believed() -> None:
    head, payload = header(alg="RS256", kid="rsa"), json.dumps(CLAIMS.document())
    token = jws.serialize_compact(head, payload, RSA, algorithms=["RS256"])

    assert await verifier(KEYS).verify(token) == CLAIMS


@pytest.mark.parametrize(
    ("token", "refusal"),
    [
        # What says how it is to be verified.
        pytest.param(unsigned, Refusal.ALGORITHM, id="alg none"),
        pytest.param(lambda: forged(header(alg="None")), Refusal.ALGORITHM, id="alg none in other letters"),
        pytest.param(lambda: forged(header(alg="ES512")), Refusal.ALGORITHM, id="an algorithm that nobody uses"),
        pytest.param(lambda: forged(header(alg=None)), Refusal.ALGORITHM, id="no algorithm"),
        pytest.param(lambda: forged(header(alg=["ES256"])), Refusal.ALGORITHM, id="a list of algorithms"),
        # Before anybody is asked for a key.
        pytest.param(lambda: forged(header(alg="HS256", kid="unknown")), Refusal.ALGORITHM, id="HS256 with no key"),
        pytest.param(lambda: confused(pem(RSA), "rsa"), Refusal.ALGORITHM, id="HS256 with the RSA key"),
        pytest.param(lambda: confused(pem(KEY.key), KEY.key_id), Refusal.ALGORITHM, id="HS256 with the EC key"),
        pytest.param(lambda: forged(header(kid="rsa")), Refusal.ALGORITHM, id="ES256 with the name of the RSA key"),
        # What says where the key is.
        pytest.param(lambda: forged(header(kid="../../dev/null")), Refusal.HEADER, id="kid is a path"),
        pytest.param(lambda: forged(header(kid="https://evil.example/k")), Refusal.HEADER, id="kid is an address"),
        pytest.param(lambda: forged(header(kid="' OR 1=1 --")), Refusal.HEADER, id="kid is a statement"),
        pytest.param(lambda: forged(header(kid="a\u0000")), Refusal.HEADER, id="kid with a zero"),
        pytest.param(lambda: forged(header(kid=f"{KEY.key_id}\n")), Refusal.HEADER, id="kid with a line end"),
        pytest.param(lambda: forged(header(kid=7)), Refusal.HEADER, id="kid is a number"),
        pytest.param(lambda: forged({"alg": "ES256", "typ": "at+jwt"}), Refusal.HEADER, id="no kid"),
        pytest.param(lambda: forged(header(kid="unknown")), Refusal.UNKNOWN_KEY, id="kid of nobody"),
        pytest.param(lambda: forged(header(jku="https://evil.example/jwks")), Refusal.HEADER, id="jku"),
        pytest.param(lambda: forged(header(x5u="https://evil.example/cert")), Refusal.HEADER, id="x5u"),
        pytest.param(lambda: forged(header(x5c=["MII"])), Refusal.HEADER, id="x5c"),
        pytest.param(
            lambda: forged(header(jwk=OTHER.public.document()), key=OTHER), Refusal.HEADER, id="the key comes along"
        ),
        pytest.param(lambda: forged(header(crit=["exp"])), Refusal.HEADER, id="crit"),
        pytest.param(lambda: forged(header(b64=False, crit=["b64"])), Refusal.HEADER, id="b64"),
        pytest.param(lambda: forged(header(zip="DEF")), Refusal.HEADER, id="zip"),
        # What it is for.
        pytest.param(lambda: forged(header(typ="JWT")), Refusal.TYPE, id="another type"),
        pytest.param(lambda: forged(header(typ="internal+jwt")), Refusal.TYPE, id="the type of another purpose"),
        pytest.param(lambda: forged({"alg": "ES256", "kid": KEY.key_id}), Refusal.TYPE, id="no type"),
        pytest.param(lambda: signed(issuer="somebody"), Refusal.ISSUER, id="wrong issuer"),
        pytest.param(lambda: signed(audience="elsewhere"), Refusal.AUDIENCE, id="wrong audience"),
        pytest.param(lambda: with_claims(aud=["plt", "elsewhere"]), Refusal.CLAIMS, id="two audiences"),
        # When it is good.
        pytest.param(lambda: signed(expire_time=NOW - 5), Refusal.EXPIRED, id="expired"),
        pytest.param(lambda: signed(start_time=NOW + 6), Refusal.EARLY, id="not yet valid"),
        pytest.param(lambda: with_claims(exp=None), Refusal.CLAIMS, id="no end"),
        pytest.param(lambda: with_claims(exp=str(NOW + 300)), Refusal.CLAIMS, id="an end that is text"),
        pytest.param(lambda: with_claims(exp=1e400), Refusal.MALFORMED, id="an infinite end"),
        pytest.param(lambda: with_claims(exp=True), Refusal.CLAIMS, id="an end that is true"),
        pytest.param(lambda: with_claims(exp=10**30), Refusal.CLAIMS, id="an end that is no time"),
        # Who it stands for.
        pytest.param(lambda: with_claims(sub=None), Refusal.CLAIMS, id="no subject"),
        pytest.param(lambda: with_claims(sub=""), Refusal.CLAIMS, id="an empty subject"),
        pytest.param(lambda: with_claims(jti=None), Refusal.CLAIMS, id="no identifier"),
        pytest.param(lambda: with_claims(roles="admin"), Refusal.CLAIMS, id="roles that are text"),
        pytest.param(lambda: with_claims(roles=[["admin"]]), Refusal.CLAIMS, id="roles in roles"),
        # What it is written like.
        pytest.param(lambda: forged(header(), repeated("sub")), Refusal.MALFORMED, id="a claim twice"),
        pytest.param(
            lambda: forged(b'{"alg":"none","alg":"ES256","kid":"%s","typ":"at+jwt"}' % KEY.key_id.encode()),
            Refusal.MALFORMED,
            id="a header member twice",
        ),
        pytest.param(lambda: signed() + "." + "a" * 9000, Refusal.TOO_LARGE, id="huge"),
        pytest.param(lambda: forged(header(), b"[" * 2000), Refusal.MALFORMED, id="deep"),
        pytest.param(lambda: forged(header(), b"[]"), Refusal.MALFORMED, id="no object"),
        pytest.param(lambda: forged(header(), b"\xff\xfe"), Refusal.MALFORMED, id="no text"),
        pytest.param(lambda: "", Refusal.MALFORMED, id="empty"),
        pytest.param(lambda: "..", Refusal.MALFORMED, id="three empty parts"),
        pytest.param(lambda: signed().rpartition(".")[0], Refusal.MALFORMED, id="two parts"),
        pytest.param(lambda: signed() + ".x", Refusal.MALFORMED, id="four parts"),
        pytest.param(lambda: signed() + "=", Refusal.MALFORMED, id="padding"),
        pytest.param(lambda: signed() + "\n", Refusal.MALFORMED, id="a line end"),
        pytest.param(lambda: signed().replace(".", ".*", 1), Refusal.MALFORMED, id="no base64url"),
        pytest.param(lambda: "é" + signed(), Refusal.MALFORMED, id="no ASCII"),
        # Who signed it.
        pytest.param(lambda: forged(header(), key=OTHER), Refusal.SIGNATURE, id="signed by somebody else"),
        pytest.param(lambda: signed().rpartition(".")[0] + ".", Refusal.SIGNATURE, id="no signature"),
        pytest.param(
            lambda: signed().rpartition(".")[0] + "." + encoded(bytes(64)), Refusal.SIGNATURE, id="a signature of zeros"
        ),
    ],
)
async def test_a_token_that_is_not_to_be_believed(token: Callable[[], str], refusal: Refusal) -> None:
    assert await refusal_of(token()) is refusal


async def test_the_clocks_may_differ_by_a_little() -> None:
    assert await verifier(now=NOW + 304).verify(signed()) == CLAIMS
    assert await refusal_of(signed(), NOW + 305) is Refusal.EXPIRED
    assert await verifier(now=NOW - 5).verify(signed()) == CLAIMS
    assert await refusal_of(signed(), NOW - 6) is Refusal.EARLY


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
async def test_no_byte_of_a_token_can_be_changed(place: int, change: int) -> None:
    token = signed().encode()
    place %= len(token)
    changed = token[:place] + bytes([token[place] ^ change]) + token[place + 1 :]

    with pytest.raises(RefusedTokenError):
        await verifier().verify(changed.decode("latin-1"))


@given(st.text() | st.text(alphabet="eyJ.-_=A") | st.binary().map(lambda raw: raw.decode("latin-1")))
async def test_any_text_is_refused_and_nothing_else_is_raised(token: str) -> None:
    with pytest.raises(RefusedTokenError):
        await verifier().verify(token)
