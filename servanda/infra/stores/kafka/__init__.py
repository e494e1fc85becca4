"""Kafka: a namespace is a suffix of topics and consumer groups."""

from servanda.infra.store import StoreKind
from servanda.infra.stores.kafka.endpoint import NAME, KafkaEndpoint

STORE = StoreKind(
    NAME, package=__name__, endpoint=KafkaEndpoint, address="KAFKA_BOOTSTRAP_SERVERS", image="apache/kafka:4.3.0"
)
