"""The publisher for tests."""

from __future__ import annotations

import pytest

from platformkit.events import MemoryPublisher, PublishError, Record
from platformkit.events.errors import RecordRefusedError


def record(key: bytes = b"k", value: bytes | None = b"12345") -> Record:
    return Record("t", key, value, ())


async def test_what_is_published_is_kept_in_order() -> None:
    publisher = MemoryPublisher()
    await publisher.publish([record(b"1"), record(b"2")])
    await publisher.publish([record(b"3")])
    assert [each.key for each in publisher.records] == [b"1", b"2", b"3"]


async def test_without_a_broker_nothing_is_kept() -> None:
    publisher = MemoryPublisher()
    publisher.available = False
    with pytest.raises(PublishError):
        await publisher.publish([record()])
    assert publisher.records == []


@pytest.mark.parametrize(("limit", "refused"), [(4, True), (5, True), (6, False)])
async def test_a_value_is_refused_from_a_size_on_with_those_beside_it(limit: int, refused: bool) -> None:
    publisher = MemoryPublisher()
    publisher.refused_bytes = limit
    try:
        await publisher.publish([record(value=b""), record()])
    except RecordRefusedError:
        assert refused
    assert len(publisher.records) == (0 if refused else 2)


async def test_a_record_without_a_value_is_of_no_size() -> None:
    publisher = MemoryPublisher()
    publisher.refused_bytes = 1
    await publisher.publish([record(value=None)])
    assert len(publisher.records) == 1
