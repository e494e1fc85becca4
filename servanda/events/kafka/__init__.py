"""A Kafka cluster as recording and replay need it: what topics hold, what groups have read, how records are sent."""

from servanda.events.kafka.cluster import Cluster, Placed
from servanda.events.kafka.names import Names

__all__ = ["Cluster", "Names", "Placed"]
