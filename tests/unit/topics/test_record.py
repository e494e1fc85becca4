"""A record is the same after it was written and read."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from servanda.documents import Notation
from servanda.events.corpus.document import READER
from servanda.topics.record import Record, from_json, to_json

SOME = st.none() | st.binary(max_size=20) | st.text(max_size=20).map(str.encode)
HEADERS = st.lists(st.tuples(st.text(min_size=1, max_size=8), st.binary(max_size=8)), max_size=3).map(tuple)


@given(SOME, SOME, HEADERS, st.integers(0, 4_000_000_000_000))
def test_every_record_reads_back(key: bytes | None, value: bytes | None, headers: object, time: int) -> None:
    one = Record("orders", key, value, headers, time)  # type: ignore[arg-type]  # the strategy gives them
    text = json.dumps(to_json(one), ensure_ascii=True)
    assert from_json(READER.parse(text, "x.json", Notation.JSON).root.table()) == one


def test_a_record_without_a_value_is_no_record_with_an_empty_one() -> None:
    assert Record("orders", b"k", None).digest != Record("orders", b"k", b"").digest
