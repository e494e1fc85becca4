"""Kafka: records that a provider writes to a topic."""

from servanda.transport import TransportKind

TRANSPORT = TransportKind("kafka", package=__name__, pact_type="Asynchronous/Messages", has_port=False)
