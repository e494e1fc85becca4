"""The interface of the service: messages in, use cases, messages out."""

from __future__ import annotations

from typing import Any

import grpc
from plt.audit.v1 import audit_pb2, audit_pb2_grpc

from platformkit.events import DeadLetterRpcs
from platformkit.paging import PageTokens
from platformkit.service import Listing
from services.audit.adapters.messages import kind_of, message_of
from services.audit.adapters.refusals import REFUSALS
from services.audit.use_cases.list_entries import ListEntries
from services.audit.use_cases.ports import Filter


class AuditServicer(audit_pb2_grpc.AuditServiceServicer):
    """plt.audit.v1.AuditService; the constraints of the interface are checked before a request comes here.

    Args:
        list_entries: Reads the audit trail.
        dead_letters: Lists what the service could not apply, and sends it back.
        tokens: Makes and reads page tokens.
    """

    def __init__(self, list_entries: ListEntries, dead_letters: DeadLetterRpcs, tokens: PageTokens) -> None:
        self._list_entries = list_entries
        self._dead_letters = dead_letters
        self._listing = Listing(tokens)

    async def ListEntries(
        self,
        request: audit_pb2.ListEntriesRequest,
        context: grpc.aio.ServicerContext[audit_pb2.ListEntriesRequest, audit_pb2.ListEntriesResponse],
    ) -> audit_pb2.ListEntriesResponse:
        """List entries."""
        after, limit = self._listing.after(request), self._listing.limit(request)
        with REFUSALS.raised():
            page = await self._list_entries(Filter(request.subject, kind_of(request.kind)), after, limit)
        return audit_pb2.ListEntriesResponse(
            entries=[message_of(entry) for entry in page.items],
            next_page_token=self._listing.next_token(request, page),
        )

    async def ListDeadLetters(
        self, request: audit_pb2.ListDeadLettersRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> audit_pb2.ListDeadLettersResponse:
        """List dead letters."""
        return await self._dead_letters.list(request, audit_pb2.ListDeadLettersResponse)

    async def RedriveDeadLetters(
        self, request: audit_pb2.RedriveDeadLettersRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> audit_pb2.RedriveDeadLettersResponse:
        """Send dead letters back."""
        return await self._dead_letters.redrive(request, audit_pb2.RedriveDeadLettersResponse)
