"""The users, asked of identity through its generated client."""

from __future__ import annotations

from datetime import UTC
from typing import Final

import grpc
from plt.identity.v1 import identity_pb2
from plt.identity.v1.identity_pb2_grpc import IdentityServiceStub

from services.auth.domain.account import User, digest_of, email_key_of

ADMIN_NAME: Final = "Administrator"
PAGE_SIZE: Final = 200
INTERFACE = identity_pb2.DESCRIPTOR.services_by_name["IdentityService"]


class IdentityUsers:
    """`Users` through a channel to identity.

    Args:
        channel: To `plt.identity.v1.IdentityService`, over whatever transport.
    """

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._identity = IdentityServiceStub(channel)

    async def find(self, user_id: str) -> User | None:
        """See `Users`."""
        try:
            response = await self._identity.GetUser(identity_pb2.GetUserRequest(user_id=user_id))
        except grpc.aio.AioRpcError as error:
            if error.code() is grpc.StatusCode.NOT_FOUND:
                return None
            raise
        return user_of(response.user)

    async def ensure_admin(self, email: str) -> User:
        """See `Users`."""
        profile = identity_pb2.Profile(display_name=ADMIN_NAME)
        user = identity_pb2.User(email=email, profile=profile, roles=[identity_pb2.ROLE_ADMIN])
        key = f"first-admin {digest_of(email_key_of(email)).hex()}"
        try:
            created = await self._identity.CreateUser(identity_pb2.CreateUserRequest(user=user, idempotency_key=key))
        except grpc.aio.AioRpcError as error:
            if error.code() is grpc.StatusCode.ALREADY_EXISTS and (known := await self._with_email(email)) is not None:
                return known
            raise
        return user_of(created.user)

    async def _with_email(self, email: str) -> User | None:
        # Identity finds users by their identifiers only; this is asked once in the life of a deployment, at its start.
        request = identity_pb2.ListUsersRequest(page_size=PAGE_SIZE)
        while True:
            page = await self._identity.ListUsers(request)
            for user in page.users:
                if email_key_of(user.email) == email_key_of(email):
                    return user_of(user)
            if not page.next_page_token:
                return None
            request.page_token = page.next_page_token


def user_of(message: identity_pb2.User) -> User:
    """Return a user as identity's interface and events show it."""
    return User(
        user_id=message.user_id,
        email=message.email,
        roles=tuple(role_name(role) for role in message.roles),
        active=message.status == identity_pb2.USER_STATUS_ACTIVE,
        update_time=message.update_time.ToDatetime(UTC),
    )


def role_name(role: identity_pb2.Role.ValueType) -> str:
    """Return the name of a role in tokens: ``admin`` for ROLE_ADMIN."""
    # A newer identity may know roles that this version does not; nobody asks for one of that name.
    known = identity_pb2.Role.values()
    return identity_pb2.Role.Name(role).removeprefix("ROLE_").lower() if role in known else f"role-{role}"
