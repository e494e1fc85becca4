"""Exercising a new Kafka broker once, so that its internal topics exist and its classes are loaded."""

from __future__ import annotations

from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

_TOPIC = "warmup"
_SECONDS = 60


def warm_up(bootstrap: str) -> None:
    """Let a broker serve a transaction, a consumer group and some administration; its topics are gone afterwards.

    Raises:
        confluent_kafka.KafkaException: The broker refused.
    """
    admin = AdminClient({"bootstrap.servers": bootstrap})
    for made in admin.create_topics([NewTopic(_TOPIC, 2, 1)]).values():
        made.result(_SECONDS)
    _produce(bootstrap)
    _consume(bootstrap)
    for group in admin.delete_consumer_groups([_TOPIC]).values():
        group.result(_SECONDS)
    for gone in admin.delete_topics([_TOPIC]).values():
        gone.result(_SECONDS)


def _produce(bootstrap: str) -> None:
    settings = {"bootstrap.servers": bootstrap, "transactional.id": _TOPIC, "log_level": 0}
    producer = Producer({**settings, "compression.type": "lz4"})
    producer.init_transactions(_SECONDS)
    producer.begin_transaction()
    for number in range(100):
        producer.produce(_TOPIC, key=str(number), value=b"x" * 100, headers={"number": str(number)})
    producer.commit_transaction(_SECONDS)


def _consume(bootstrap: str) -> None:
    settings = {"bootstrap.servers": bootstrap, "group.id": _TOPIC, "auto.offset.reset": "earliest"}
    consumer = Consumer({**settings, "enable.auto.commit": False, "isolation.level": "read_committed"})
    consumer.subscribe([_TOPIC])
    try:
        messages = consumer.consume(1, _SECONDS)
        if messages:
            consumer.commit(message=messages[-1], asynchronous=False)
    finally:
        consumer.close()
