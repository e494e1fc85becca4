"""A Kafka cluster that somebody else runs, at ``KAFKA_BOOTSTRAP_SERVERS``."""

from __future__ import annotations

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from servanda.errors import InfrastructureError
from servanda.infra.bringup import BringUp, Running
from servanda.infra.stores.kafka.endpoint import NAME, KafkaEndpoint
from servanda.verdict import StoreFact

_ANSWER_SECONDS = 5


def start(task: BringUp) -> Running:
    """Ask for the cluster's metadata once; stopping does nothing.

    Raises:
        InfrastructureError: Nobody answers there, or it refuses.
    """
    bootstrap = task.choice.addresses[NAME]
    try:
        metadata = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0}).list_topics(timeout=_ANSWER_SECONDS)
    except KafkaException as error:
        raise InfrastructureError(
            f"Kafka is not reachable at {bootstrap}: {error.args[0].str()}",
            where="KAFKA_BOOTSTRAP_SERVERS",
            hint="check the address, or unset KAFKA_BOOTSTRAP_SERVERS to have one started",
        ) from error
    # No request of the protocol tells the release; the number of brokers and the cluster are what can be said.
    version = f"Kafka cluster {metadata.cluster_id} of {len(metadata.brokers)}"
    return Running(KafkaEndpoint(bootstrap, StoreFact(NAME, "external", version)), lambda: None)
