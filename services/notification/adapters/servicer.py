"""The interface of the service: messages in, use cases, messages out."""

from __future__ import annotations

from typing import Any

import grpc
from plt.notification.v1 import notification_pb2, notification_pb2_grpc

from platformkit.events import DeadLetterRpcs
from platformkit.paging import PageTokens
from platformkit.service import Listing
from services.notification.adapters.messages import canonical_id, changes_of, message_of, preferences_of, status_of
from services.notification.adapters.refusals import REFUSALS
from services.notification.use_cases.list_notifications import ListNotifications
from services.notification.use_cases.ports import Store
from services.notification.use_cases.preferences import GetPreferences, UpdatePreferences


class NotificationServicer(notification_pb2_grpc.NotificationServiceServicer):
    """plt.notification.v1.NotificationService; the constraints of the interface are checked before a request comes.

    Args:
        store: Where notifications and preferences are.
        dead_letters: Lists what the service could not apply, and sends it back.
        tokens: Makes and reads page tokens.
    """

    def __init__(self, store: Store, dead_letters: DeadLetterRpcs, tokens: PageTokens) -> None:
        self._list = ListNotifications(store)
        self._get = GetPreferences(store)
        self._update = UpdatePreferences(store)
        self._dead_letters = dead_letters
        self._listing = Listing(tokens)

    async def ListNotifications(
        self,
        request: notification_pb2.ListNotificationsRequest,
        context: grpc.aio.ServicerContext[Any, Any],
    ) -> notification_pb2.ListNotificationsResponse:
        """List notifications."""
        after, limit = self._listing.after(request), self._listing.limit(request)
        with REFUSALS.raised():
            user_id = canonical_id(request.user_id)
            page = await self._list(user_id, status_of(request.status), after, limit)
        return notification_pb2.ListNotificationsResponse(
            notifications=[message_of(notification) for notification in page.items],
            next_page_token=self._listing.next_token(request, page),
        )

    async def GetPreferences(
        self,
        request: notification_pb2.GetPreferencesRequest,
        context: grpc.aio.ServicerContext[Any, Any],
    ) -> notification_pb2.GetPreferencesResponse:
        """Read preferences."""
        with REFUSALS.raised():
            recipient = await self._get(canonical_id(request.user_id))
        return notification_pb2.GetPreferencesResponse(preferences=preferences_of(recipient))

    async def UpdatePreferences(
        self,
        request: notification_pb2.UpdatePreferencesRequest,
        context: grpc.aio.ServicerContext[Any, Any],
    ) -> notification_pb2.UpdatePreferencesResponse:
        """Change preferences."""
        wanted = request.preferences
        with REFUSALS.raised("preferences"):
            changes = changes_of(wanted, request.update_mask)
            recipient = await self._update(canonical_id(wanted.user_id), changes, wanted.etag)
        return notification_pb2.UpdatePreferencesResponse(preferences=preferences_of(recipient))

    async def ListDeadLetters(
        self, request: notification_pb2.ListDeadLettersRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> notification_pb2.ListDeadLettersResponse:
        """List dead letters."""
        return await self._dead_letters.list(request, notification_pb2.ListDeadLettersResponse)

    async def RedriveDeadLetters(
        self, request: notification_pb2.RedriveDeadLettersRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> notification_pb2.RedriveDeadLettersResponse:
        """Send dead letters back."""
        return await self._dead_letters.redrive(request, notification_pb2.RedriveDeadLettersResponse)
