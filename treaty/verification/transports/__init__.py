"""How an interaction reaches the real provider, one file per transport."""

from treaty.verification.transports.grpc import GrpcTransport
from treaty.verification.transports.http import HttpTransport
from treaty.verification.transports.kafka import KafkaTransport

__all__ = ["GrpcTransport", "HttpTransport", "KafkaTransport"]
