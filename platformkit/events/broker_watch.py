"""Outages of the brokers, told once when one begins or ends rather than with every attempt to connect."""

from __future__ import annotations

from typing import Final

from confluent_kafka import KafkaError

from platformkit.telemetry import Logger

LOG_LEVEL: Final = 2
"""What the client itself writes: critical lines only, since an attempt to connect that fails is an error to it."""


class BrokerWatch:
    """Listens to what a Kafka client complains about.

    Args:
        log: Where changes are written.

    Attributes:
        away: Whether no broker can be reached, as far as the client knows.
    """

    def __init__(self, log: Logger) -> None:
        self._log = log
        self.away = False

    def complained(self, error: KafkaError) -> None:
        """Take a complaint; for the client's setting ``error_cb``."""
        if error.code() == KafkaError._ALL_BROKERS_DOWN and not self.away:  # noqa: SLF001 - its documented name
            self.away = True
            self._log.warning("Kafka is away", reason=error.str())

    def succeeded(self) -> None:
        """Take notice that a broker has answered."""
        if self.away:
            self.away = False
            self._log.info("Kafka is back")
