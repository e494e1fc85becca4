"""How much is looked at while an event is waited for."""

import pytest

from servanda.configuration import Limits
from servanda.errors import LimitError
from servanda.transports.kafka.matching import Record
from servanda.transports.kafka.seen import Seen, size_of


def test_as_many_records_as_the_limit_are_looked_at() -> None:
    seen = Seen(Limits(event_records=2))
    seen.count(Record(None, b""))
    seen.count(Record(None, b""))
    with pytest.raises(LimitError, match="none of the first 2 events satisfies the contract") as failed:
        seen.count(Record(None, b""))
    assert failed.value.limit == "event_records"


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(Record(None, b"x" * 10), id="value"),
        pytest.param(Record(b"x" * 10, b""), id="key"),
        pytest.param(Record(None, b"", {"kind": ("xxx", "xxx")}), id="headers"),
    ],
)
def test_all_of_a_record_counts(record: Record) -> None:
    assert size_of(record) == 10
    Seen(Limits(event_bytes=10)).count(record)
    with pytest.raises(LimitError, match="none of the events in the first 9 bytes") as failed:
        Seen(Limits(event_bytes=9)).count(record)
    assert failed.value.limit == "event_bytes"
