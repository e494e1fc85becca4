"""Content codings are undone within bounds."""

import gzip
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.errors import LimitError, VerificationError
from servanda.transports.http.decoding import decoded


def raw_deflate(content: bytes) -> bytes:
    deflating = zlib.compressobj(wbits=-15)
    return deflating.compress(content) + deflating.flush()


CODINGS: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "deflate": zlib.compress}


@given(st.binary(), st.lists(st.sampled_from(sorted(CODINGS)), max_size=3))
def test_codings_are_undone_in_the_order_in_which_they_were_applied(content: bytes, codings: list[str]) -> None:
    body = content
    for coding in codings:
        body = CODINGS[coding](body)
    assert decoded(body, codings, 1_000_000) == content


def test_deflate_without_its_frame_is_understood_as_well() -> None:
    assert decoded(raw_deflate(b"x" * 100), ["deflate"], 100) == b"x" * 100


@pytest.mark.parametrize("codings", [["gzip"], ["gzip", "gzip"], ["Deflate "]])
def test_a_bomb_ends_at_the_limit(codings: list[str]) -> None:
    body = b"\0" * 10_000_000
    for coding in codings:
        body = CODINGS[coding.strip().lower()](body)
    with pytest.raises(LimitError, match="more than the 1000 bytes") as failed:
        decoded(body, codings, 1000)
    assert failed.value.limit == "answer_bytes"


def test_an_unknown_coding_leaves_the_body_as_it_is() -> None:
    assert decoded(b"\x1b", ["br"], 10) == b"\x1b"


def test_a_body_that_is_not_coded_as_it_says_cannot_be_decoded() -> None:
    with pytest.raises(VerificationError, match="coded as gzip, but is not"):
        decoded(b"plain", ["gzip"], 10)


def test_an_empty_body_needs_no_decoding() -> None:
    assert decoded(b"", ["gzip"], 10) == b""
