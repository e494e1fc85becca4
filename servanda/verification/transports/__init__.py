"""How an interaction reaches the real provider, one file per transport."""

from servanda.verification.transports.grpc import GrpcTransport
from servanda.verification.transports.http import HttpTransport
from servanda.verification.transports.kafka import KafkaTransport

__all__ = ["GrpcTransport", "HttpTransport", "KafkaTransport"]
