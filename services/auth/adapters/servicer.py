"""The interface of the service: messages in, use cases, messages out."""

from __future__ import annotations

from typing import Any

import grpc
from plt.auth.v1 import auth_pb2, auth_pb2_grpc

from platformkit.events import DeadLetterRpcs
from services.auth.adapters.messages import canonical_id, introspection_of, timestamp_of, tokens_of
from services.auth.adapters.network import network_of
from services.auth.adapters.refusals import refused
from services.auth.use_cases.auth import Auth


class AuthServicer(auth_pb2_grpc.AuthServiceServicer):
    """plt.auth.v1.AuthService; the constraints of the interface are checked before a request comes here.

    Args:
        auth: What the service does.
        dead_letters: Lists what the service could not apply, and sends it back.
    """

    def __init__(self, auth: Auth, dead_letters: DeadLetterRpcs) -> None:
        self._auth = auth
        self._dead_letters = dead_letters

    async def RegisterCredentials(
        self,
        request: auth_pb2.RegisterCredentialsRequest,
        context: grpc.aio.ServicerContext[Any, Any],
    ) -> auth_pb2.RegisterCredentialsResponse:
        """Give a user a password."""
        with refused():
            user_id = canonical_id(request.user_id)
            time = await self._auth.register(user_id, request.password)
        return auth_pb2.RegisterCredentialsResponse(user_id=user_id, register_time=timestamp_of(time))

    async def LogIn(
        self, request: auth_pb2.LogInRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> auth_pb2.LogInResponse:
        """Begin a session."""
        with refused():
            issued = await self._auth.log_in(request.email, request.password, _network(context))
        return auth_pb2.LogInResponse(tokens=tokens_of(issued), user_id=issued.user_id)

    async def RefreshTokens(
        self, request: auth_pb2.RefreshTokensRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> auth_pb2.RefreshTokensResponse:
        """Exchange a refresh token."""
        with refused():
            issued = await self._auth.refresh(request.refresh_token)
        return auth_pb2.RefreshTokensResponse(tokens=tokens_of(issued))

    async def LogOut(
        self, request: auth_pb2.LogOutRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> auth_pb2.LogOutResponse:
        """End a session."""
        with refused():
            await self._auth.log_out(request.refresh_token)
        return auth_pb2.LogOutResponse()

    async def LogOutEverywhere(
        self, request: auth_pb2.LogOutEverywhereRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> auth_pb2.LogOutEverywhereResponse:
        """End every session of a user."""
        with refused():
            ended = await self._auth.log_out_everywhere(request.refresh_token)
        return auth_pb2.LogOutEverywhereResponse(ended_sessions=ended)

    async def IntrospectToken(
        self, request: auth_pb2.IntrospectTokenRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> auth_pb2.IntrospectTokenResponse:
        """Tell whether a token is good."""
        with refused():
            found = await self._auth.introspect(request.token)
        return introspection_of(found)

    async def ChangePassword(
        self, request: auth_pb2.ChangePasswordRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> auth_pb2.ChangePasswordResponse:
        """Replace a password."""
        with refused():
            time = await self._auth.change_password(
                request.email, request.current_password, request.new_password, _network(context)
            )
        return auth_pb2.ChangePasswordResponse(change_time=timestamp_of(time))

    async def ListDeadLetters(
        self, request: auth_pb2.ListDeadLettersRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> auth_pb2.ListDeadLettersResponse:
        """List dead letters."""
        return await self._dead_letters.list(request, auth_pb2.ListDeadLettersResponse)

    async def RedriveDeadLetters(
        self, request: auth_pb2.RedriveDeadLettersRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> auth_pb2.RedriveDeadLettersResponse:
        """Send dead letters back."""
        return await self._dead_letters.redrive(request, auth_pb2.RedriveDeadLettersResponse)


def _network(context: grpc.aio.ServicerContext[Any, Any]) -> str:
    # A server hands out pairs, whatever the types say.
    metadata: Any = context.invocation_metadata() or ()
    return network_of(metadata)
