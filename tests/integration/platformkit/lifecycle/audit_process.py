"""A service as its own process: answers once something was written to the pipe that a request names as its subject."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc.aio
from plt.audit.v1 import audit_pb2, audit_pb2_grpc

from platformkit.discovery import RedisRegistry
from platformkit.lifecycle import Settings
from platformkit.lifecycle.application import Application, Servicer
from platformkit.redis import Keys, connect
from platformkit.service import run
from platformkit.telemetry import get_logger


class _AuditService(audit_pb2_grpc.AuditServiceServicer):
    # Nobody asks for them.
    ListDeadLetters: Any = audit_pb2_grpc.AuditServiceServicer.ListDeadLetters
    RedriveDeadLetters: Any = audit_pb2_grpc.AuditServiceServicer.RedriveDeadLetters

    async def ListEntries(
        self, request: audit_pb2.ListEntriesRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> audit_pb2.ListEntriesResponse:
        get_logger("audit").info("waiting")
        await asyncio.to_thread(Path(request.subject).read_bytes)
        return audit_pb2.ListEntriesResponse(next_page_token="served")


@asynccontextmanager
async def _application(settings: Settings) -> AsyncIterator[Application]:
    redis = connect(settings.redis_url)
    yield Application(
        servicers=(
            Servicer(
                audit_pb2.DESCRIPTOR.services_by_name["AuditService"],
                audit_pb2_grpc.add_AuditServiceServicer_to_server,
                _AuditService(),
            ),
        ),
        registry=RedisRegistry(redis, Keys(settings.namespace)),
    )
    await redis.aclose()


if __name__ == "__main__":
    sys.exit(run("audit", lambda: _application))
