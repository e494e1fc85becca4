"""The interface of the service: messages in, use cases, messages out."""

from __future__ import annotations

from datetime import datetime

import grpc
from plt.audit.v1 import audit_pb2, audit_pb2_grpc

from platformkit.paging import PageTokens
from services.audit.adapters.messages import kind_of, message_of
from services.audit.adapters.refusals import refusals
from services.audit.use_cases.list_entries import ListEntries
from services.audit.use_cases.ports import Cursor, Filter

DEFAULT_PAGE_SIZE = 50


class AuditServicer(audit_pb2_grpc.AuditServiceServicer):
    """plt.audit.v1.AuditService; the constraints of the interface are checked before a request comes here.

    Args:
        list_entries: Reads the audit trail.
        tokens: Makes and reads page tokens.
    """

    def __init__(self, list_entries: ListEntries, tokens: PageTokens) -> None:
        self._list_entries = list_entries
        self._tokens = tokens

    async def ListEntries(
        self,
        request: audit_pb2.ListEntriesRequest,
        context: grpc.aio.ServicerContext[audit_pb2.ListEntriesRequest, audit_pb2.ListEntriesResponse],
    ) -> audit_pb2.ListEntriesResponse:
        """List entries."""
        after = self._cursor(request)
        with refusals():
            wanted = Filter(request.subject, kind_of(request.kind))
            page = await self._list_entries(wanted, after, request.page_size or DEFAULT_PAGE_SIZE)
        position = (page.next.occur_time.isoformat(), page.next.entry_id) if page.next else None
        return audit_pb2.ListEntriesResponse(
            entries=[message_of(entry) for entry in page.entries],
            next_page_token=self._tokens.encode(request, position) if position else "",
        )

    def _cursor(self, request: audit_pb2.ListEntriesRequest) -> Cursor | None:
        if not request.page_token:
            return None
        occur_time, entry_id = self._tokens.decode(request, request.page_token)
        return Cursor(datetime.fromisoformat(occur_time), entry_id)
