"""gRPC: request messages, response messages and a status."""

from servanda.transport import TransportKind

TRANSPORT = TransportKind("grpc", package=__name__, pact_type="Synchronous/Messages")
