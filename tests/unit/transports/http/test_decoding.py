"""Content codings are undone within bounds."""

import gzip
import zlib
from collections.abc import Callable
from functools import partial

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from servanda.errors import LimitError, VerificationError
from servanda.transports.http.decoding import decoded


def raw_deflate(content: bytes) -> bytes:
    deflating = zlib.compressobj(wbits=-15)
    return deflating.compress(content) + deflating.flush()


CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": partial(brotli.compress, quality=5),
    "deflate": zlib.compress,
    "gzip": gzip.compress,
    "zstd": zstd.compress,
}


@given(st.binary(), st.lists(st.sampled_from(sorted(CODINGS)), max_size=3))
def test_codings_are_undone_in_the_order_in_which_they_were_applied(content: bytes, codings: list[str]) -> None:
    body = content
    for coding in codings:
        body = CODINGS[coding](body)
    assert decoded(body, codings, 1_000_000) == content


def test_deflate_without_its_frame_is_understood_as_well() -> None:
    assert decoded(raw_deflate(b"x" * 100), ["deflate"], 100) == b"x" * 100


@pytest.mark.parametrize("codings", [["gzip"], ["gzip", "gzip"], ["Deflate "], ["br"], ["zstd"], ["br", "zstd"]])
def test_a_bomb_ends_at_the_limit(codings: list[str]) -> None:
    body = b"\0" * 10_000_000
    for coding in codings:
        body = CODINGS[coding.strip().lower()](body)
    with pytest.raises(LimitError, match="limit of 1000 bytes") as failed:
        decoded(body, codings, 1000)
    assert failed.value.limit == "answer_bytes"


def test_an_unknown_coding_leaves_the_body_as_it_is() -> None:
    assert decoded(b"\x1b", ["utf-8"], 10) == b"\x1b"


@pytest.mark.parametrize("coding", sorted(CODINGS))
def test_a_body_that_is_not_coded_as_it_says_cannot_be_decoded(coding: str) -> None:
    with pytest.raises(VerificationError, match=f"not have its declared content coding {coding}"):
        decoded(b"plain text, this is", [coding], 10)


@pytest.mark.parametrize("coding", sorted(CODINGS))
def test_a_body_that_was_cut_off_is_not_taken_for_a_whole_one(coding: str) -> None:
    with pytest.raises(VerificationError, match=f"ends before its content coding {coding} does"):
        decoded(CODINGS[coding](b"some text")[:-1], [coding], 1000)


def test_a_body_that_is_coded_many_times_is_not_decoded() -> None:
    with pytest.raises(LimitError, match="has 6 content codings, the limit is 5"):
        decoded(b"", ["gzip"] * 6, 10)


def test_an_empty_body_needs_no_decoding() -> None:
    assert decoded(b"", ["gzip"], 10) == b""


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_members_one_after_the_other_are_one_content(coding: str) -> None:
    compress = CODINGS[coding]
    body = b"".join(compress(content) for content in (b"a" * 5000, b"", bytes(range(256)) * 40, b"z"))
    assert decoded(body, [coding], 20_000) == b"a" * 5000 + bytes(range(256)) * 40 + b"z"


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_member_that_was_cut_off_is_not_left_out(coding: str) -> None:
    compress = CODINGS[coding]
    with pytest.raises(VerificationError, match=f"ends before its content coding {coding} does"):
        decoded(compress(b"a") + compress(b"b" * 100)[:-5], [coding], 1000)


@pytest.mark.parametrize("coding", ["deflate", "gzip", "zstd"])
def test_what_follows_the_coded_content_is_no_part_of_it(coding: str) -> None:
    assert decoded(CODINGS[coding](b"a") + b"\0\0", [coding], 10) == b"a"


def test_members_without_number_are_not_decoded() -> None:
    with pytest.raises(LimitError, match="coded in more than 10,000 members"):
        decoded(gzip.compress(b"") * 10_001, ["gzip"], 10)
