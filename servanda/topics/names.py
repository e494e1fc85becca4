"""Names of topics and groups on the cluster of one run."""

from __future__ import annotations

from dataclasses import dataclass

from servanda.configuration import EventConsumer


@dataclass(frozen=True, slots=True)
class Names:
    """Naming of topics and groups.

    Attributes:
        pattern: How a name is made, from ``{topic}`` and ``{namespace}``.
        namespace: Namespace of the run; may be empty.
    """

    pattern: str
    namespace: str

    def of(self, name: str) -> str:
        """Return the name on the cluster; without a namespace, what would join it falls away."""
        return self.pattern.replace("{topic}", name).replace("{namespace}", self.namespace).strip(".-_")

    def group(self, consumer: EventConsumer) -> str:
        """Return the group of a consumer on the cluster."""
        return self.of(consumer.group or consumer.name)

    def dead_letters(self, consumer: EventConsumer, topic: str) -> str:
        """Return the topic on the cluster of what a consumer gives up of a topic; empty if it has none."""
        return self.of(consumer.dead_letters.replace("{topic}", topic)) if consumer.dead_letters else ""
