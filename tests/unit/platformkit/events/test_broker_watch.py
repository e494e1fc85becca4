from __future__ import annotations

import pytest
import structlog
from confluent_kafka import KafkaError

from platformkit.events.broker_watch import BrokerWatch

DOWN = KafkaError(KafkaError._ALL_BROKERS_DOWN)


def test_an_outage_and_its_end_are_said_once_each() -> None:
    with structlog.testing.capture_logs() as lines:
        watch = BrokerWatch(structlog.get_logger())
        for _ in range(3):
            watch.complained(DOWN)
        for _ in range(3):
            watch.succeeded()
    assert [line["event"] for line in lines] == ["Kafka is away", "Kafka is back"]


@pytest.mark.parametrize("code", [KafkaError._TRANSPORT, KafkaError._RESOLVE], ids=["one connection", "one name"])
def test_a_complaint_about_one_broker_is_no_outage(code: int) -> None:
    watch = BrokerWatch(structlog.get_logger())
    watch.complained(KafkaError(code))
    assert not watch.away
