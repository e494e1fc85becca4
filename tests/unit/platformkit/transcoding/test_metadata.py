from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platformkit.status import ServiceError
from platformkit.transcoding.metadata import headers_of, metadata_of, timeout_header, timeout_of

keys = st.from_regex(r"[a-z][a-z0-9_.]{0,8}", fullmatch=True)
texts = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=12)
pairs = st.tuples(keys, texts) | st.tuples(keys.map(lambda key: f"{key}-bin"), st.binary(max_size=12))


@given(st.lists(pairs, max_size=5, unique_by=lambda pair: pair[0]))
def test_metadata_survives_the_way_as_headers(metadata: list[tuple[str, str | bytes]]) -> None:
    assert metadata_of(headers_of(metadata)) == tuple(metadata)


@given(st.lists(st.binary(max_size=6), min_size=1, max_size=3))
def test_the_binary_values_of_a_repeated_key_stay_apart(values: list[bytes]) -> None:
    metadata = tuple(("trace-bin", value) for value in values)
    assert metadata_of(headers_of(metadata)) == metadata


def test_base64_is_read_with_and_without_padding() -> None:
    headers = {"grpc-metadata-a-bin": "AA==", "grpc-metadata-b-bin": "AA"}
    assert metadata_of(headers) == (("a-bin", b"\x00"), ("b-bin", b"\x00"))


def test_what_is_not_base64_is_an_invalid_argument() -> None:
    with pytest.raises(ServiceError) as caught:
        metadata_of({"grpc-metadata-a-bin": "%%%"})
    assert caught.value.code.name == "INVALID_ARGUMENT"


def test_other_headers_are_no_metadata() -> None:
    assert metadata_of({"authorization": "secret", "grpc-trailer-a": "1"}) == ()


@given(st.floats(0, 10**7))
def test_a_timeout_survives_the_way_as_a_header_but_never_grows(seconds: float) -> None:
    back = timeout_of({"grpc-timeout": timeout_header(seconds)})
    assert back is not None
    assert back <= seconds * (1 + 1e-9)
    assert back >= seconds - max(1e-5, seconds * 1e-3)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1H", 3600.0), ("2M", 120.0), ("3S", 3.0), ("4m", 0.004), ("5u", 0.000005), ("6n", 0.000000006), ("0S", 0.0)],
)
def test_every_unit_of_the_specification_is_read(text: str, seconds: float) -> None:
    assert timeout_of({"grpc-timeout": text}) == pytest.approx(seconds)


def test_no_header_is_no_limit() -> None:
    assert timeout_of({}) is None


@pytest.mark.parametrize("text", ["", "5", "S", "-1S", "1.5S", "123456789S", "1s"])
def test_a_malformed_timeout_is_an_invalid_argument(text: str) -> None:
    with pytest.raises(ServiceError):
        timeout_of({"grpc-timeout": text})
