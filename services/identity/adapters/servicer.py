"""The interface of the service: messages in, use cases, messages out."""

from __future__ import annotations

import grpc
from plt.identity.v1 import identity_pb2, identity_pb2_grpc

from platformkit.paging import PageTokens
from platformkit.service.listing import Listing
from services.identity.adapters.messages import canonical_id, changes_of, data_of, message_of, status_of
from services.identity.adapters.refusals import REFUSALS
from services.identity.use_cases.identity import Identity


class IdentityServicer(identity_pb2_grpc.IdentityServiceServicer):
    """plt.identity.v1.IdentityService; the constraints of the interface are checked before a request comes here.

    Args:
        identity: What the service does.
        tokens: Makes and reads page tokens.
    """

    def __init__(self, identity: Identity, tokens: PageTokens) -> None:
        self._identity = identity
        self._listing = Listing(tokens)

    async def CreateUser(
        self,
        request: identity_pb2.CreateUserRequest,
        context: grpc.aio.ServicerContext[identity_pb2.CreateUserRequest, identity_pb2.CreateUserResponse],
    ) -> identity_pb2.CreateUserResponse:
        """Create a user."""
        with REFUSALS.raised("user"):
            user = await self._identity.create(data_of(request.user), request.idempotency_key)
        return identity_pb2.CreateUserResponse(user=message_of(user))

    async def GetUser(
        self,
        request: identity_pb2.GetUserRequest,
        context: grpc.aio.ServicerContext[identity_pb2.GetUserRequest, identity_pb2.GetUserResponse],
    ) -> identity_pb2.GetUserResponse:
        """Read a user."""
        with REFUSALS.raised():
            user = await self._identity.get(canonical_id(request.user_id))
        return identity_pb2.GetUserResponse(user=message_of(user))

    async def ListUsers(
        self,
        request: identity_pb2.ListUsersRequest,
        context: grpc.aio.ServicerContext[identity_pb2.ListUsersRequest, identity_pb2.ListUsersResponse],
    ) -> identity_pb2.ListUsersResponse:
        """List users."""
        after, limit = self._listing.after(request), self._listing.limit(request)
        with REFUSALS.raised():
            page = await self._identity.list(status_of(request.status), after, limit)
        return identity_pb2.ListUsersResponse(
            users=[message_of(user) for user in page.items],
            next_page_token=self._listing.next_token(request, page),
        )

    async def UpdateUser(
        self,
        request: identity_pb2.UpdateUserRequest,
        context: grpc.aio.ServicerContext[identity_pb2.UpdateUserRequest, identity_pb2.UpdateUserResponse],
    ) -> identity_pb2.UpdateUserResponse:
        """Change a user."""
        with REFUSALS.raised("user"):
            user_id = canonical_id(request.user.user_id)
            changes = changes_of(request.user, request.update_mask)
            user = await self._identity.update(user_id, changes, request.user.etag)
        return identity_pb2.UpdateUserResponse(user=message_of(user))

    async def DeactivateUser(
        self,
        request: identity_pb2.DeactivateUserRequest,
        context: grpc.aio.ServicerContext[identity_pb2.DeactivateUserRequest, identity_pb2.DeactivateUserResponse],
    ) -> identity_pb2.DeactivateUserResponse:
        """Deactivate a user."""
        with REFUSALS.raised():
            user = await self._identity.deactivate(canonical_id(request.user_id), request.etag)
        return identity_pb2.DeactivateUserResponse(user=message_of(user))
