"""Names of attributes, as the semantic conventions of OpenTelemetry have them.

https://opentelemetry.io/docs/specs/semconv/ at 1.44. They are written down here because OpenTelemetry asks nobody to
depend on its package of those that are not stable yet.
"""

from __future__ import annotations

from typing import Final

ERROR_TYPE: Final = "error.type"
SERVICE_NAME: Final = "service.name"
SERVICE_VERSION: Final = "service.version"
SERVER_ADDRESS: Final = "server.address"
SERVER_PORT: Final = "server.port"

HTTP_METHOD: Final = "http.request.method"
HTTP_ROUTE: Final = "http.route"
HTTP_STATUS: Final = "http.response.status_code"

RPC_SYSTEM: Final = "rpc.system.name"
RPC_METHOD: Final = "rpc.method"
RPC_STATUS: Final = "rpc.response.status_code"
GRPC: Final = "grpc"

DATABASE: Final = "db.system.name"
POSTGRESQL: Final = "postgresql"

MESSAGING: Final = "messaging.system"
MESSAGING_OPERATION: Final = "messaging.operation.name"
MESSAGING_OPERATION_TYPE: Final = "messaging.operation.type"
MESSAGING_DESTINATION: Final = "messaging.destination.name"
MESSAGING_GROUP: Final = "messaging.consumer.group.name"
MESSAGE_ID: Final = "messaging.message.id"
KAFKA: Final = "kafka"
