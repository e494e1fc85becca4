"""Asking a Kafka broker whether it serves."""

from __future__ import annotations

from collections.abc import Callable

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient


def metadata_probe(cluster: str | None = None) -> Callable[[tuple[int, ...]], bool | None]:
    """Return a probe that holds once a broker on the first port counts itself among the living.

    Args:
        cluster: Id of the cluster that must answer; any if absent.
    """
    clients: dict[int, AdminClient] = {}

    def ask(ports: tuple[int, ...]) -> bool | None:
        port = ports[0]
        if port not in clients:
            clients[port] = AdminClient(
                {
                    "bootstrap.servers": f"127.0.0.1:{port}",
                    "reconnect.backoff.ms": 10,
                    "reconnect.backoff.max.ms": 50,
                    "log_level": 0,
                }
            )
        try:
            metadata = clients[port].list_topics(timeout=0.5)
        except KafkaException:
            return None
        meant = cluster is None or metadata.cluster_id == cluster
        return True if metadata.brokers and meant else None

    return ask
