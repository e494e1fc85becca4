"""Keys as JSON, and which of them are used."""

from __future__ import annotations

import json
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey

from platformkit.tokens import KeysUnavailableError, PublicKey, SigningKey, key_set_document, read_key_set
from tests.unit.platformkit.tokens.tokens_at_hand import KEY, signed, verifier

SECRETS = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}


def test_a_published_key_set_holds_no_secret_and_reads_back() -> None:
    document = key_set_document([KEY.public])

    assert not SECRETS & document["keys"][0].keys()
    assert [key.key_id for key in read_key_set(json.dumps(document).encode())] == [KEY.key_id]


async def test_a_signing_key_signs_the_same_after_it_was_stored() -> None:
    again = SigningKey.of(KEY.document())

    assert again.key_id == KEY.key_id
    assert (await verifier().verify(signed(again))).token_id == "token-1"


def test_a_signing_key_does_not_show_itself() -> None:
    assert str(KEY.key.as_dict(private=True)["d"]) not in repr(KEY)


@pytest.mark.parametrize("document", ["", "{}", "[]", json.dumps(KEY.public.document()), '{"kty": "oct", "k": "AA"}'])
def test_what_is_no_signing_key_is_refused_without_being_shown(document: str) -> None:
    with pytest.raises(ValueError, match=r"^expected a private JSON Web Key for ES256$"):
        SigningKey.of(document)


@pytest.mark.parametrize(
    "document",
    [
        pytest.param({**KEY.public.document(), "kid": None}, id="no name"),
        pytest.param({**KEY.key.as_dict(private=True), "kid": "private"}, id="private"),
        pytest.param({**OctKey.generate_key(256).as_dict(private=True), "kid": "secret"}, id="symmetric"),
        pytest.param({"kty": "RSA", "kid": "short", "n": "u" * 171, "e": "AQAB"}, id="RSA of 1024 bits"),
        pytest.param({"kty": "RSA", "kid": "long", "n": "u" * 2731, "e": "AQAB"}, id="RSA of 16384 bits"),
        pytest.param({**ECKey.generate_key("P-384").as_dict(private=False), "kid": "p384"}, id="another curve"),
        pytest.param({**KEY.public.document(), "alg": "ES512"}, id="for another algorithm"),
        pytest.param({**KEY.public.document(), "use": "enc"}, id="for encryption"),
        pytest.param({"kid": "empty", "kty": "EC"}, id="without a point"),
        pytest.param({**KEY.public.document(), "x": "AAAA"}, id="no point of the curve"),
    ],
)
def test_a_key_that_cannot_be_used_is_passed_over(document: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"key"):
        PublicKey.of(document)
    keys = read_key_set(json.dumps({"keys": [document, KEY.public.document()]}).encode())
    assert [key.key_id for key in keys] == [KEY.key_id]


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"<html>", id="no JSON"),
        pytest.param(b"[]", id="no object"),
        pytest.param(b'{"keys": {}}', id="no list"),
        pytest.param(b'{"keys": [%s]}' % b",".join([b"{}"] * 101), id="too many"),
        pytest.param(b" " * 300_000, id="too large"),
        pytest.param(json.dumps({"keys": [KEY.public.document()] * 2}).encode(), id="two of one name"),
    ],
)
def test_a_document_that_is_no_key_set_is_refused(raw: bytes) -> None:
    with pytest.raises(KeysUnavailableError):
        read_key_set(raw)
