"""Authentication: the principal that an access token proves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final, NoReturn

import grpc

from platformkit.context import Principal, current, entered
from platformkit.status import ServiceError
from platformkit.telemetry import get_logger
from platformkit.tokens import KeysUnavailableError, RefusedTokenError, VerifiedTokens
from platformkit.transcoding import EdgeError, EdgeRequest, Handler, HttpResponse
from services.gateway.pipeline.access import is_public

AUTHORIZATION: Final = "authorization"
_log = get_logger("gateway.authentication")


@dataclass(frozen=True, slots=True)
class Authentication:
    """Puts whoever a token stands for into the context of the request; without a token, nobody.

    Nothing is verified for what anybody may call: a token that has expired must not keep its owner from logging in, and
    a stranger must not make the gateway verify. What is wrong with a token is told to the log only.

    Attributes:
        tokens: Verifies.
    """

    tokens: VerifiedTokens

    async def __call__(self, request: EdgeRequest, handler: Handler) -> HttpResponse:
        """Hand the request on for its principal.

        Raises:
            EdgeError: 401, the token is not to be believed.
            ServiceError: UNAVAILABLE, nothing can be told about it.
        """
        header = request.headers.get(AUTHORIZATION)
        if header is None or is_public(request):
            return await handler(request)
        scheme, _, token = header.partition(" ")
        # Two headers are joined by a comma, which no token has.
        if scheme.lower() != "bearer" or not token or "," in token:
            _refuse("expected one authorization header: Bearer and an access token", "invalid_request")
        try:
            claims = await self.tokens.verify(token.strip())
        except RefusedTokenError as error:
            _log.info("token refused", refusal=error.refusal.value)
            _refuse("the access token is not valid; get a new one", "invalid_token")
        except KeysUnavailableError as error:
            _log.warning("keys unavailable", error=str(error))
            message = "access tokens cannot be verified right now; try again"
            raise ServiceError(grpc.StatusCode.UNAVAILABLE, message, reason="AUTH_UNAVAILABLE") from error
        principal = Principal(claims.subject, claims.roles)
        with entered(replace(current(), principal=principal)):
            return await handler(request)


def _refuse(message: str, error: str) -> NoReturn:
    raise unauthenticated(message, error)


def unauthenticated(message: str, error: str = "") -> EdgeError:
    """Return the refusal of a request without a proof of who sends it (RFC 6750, section 3).

    Args:
        message: What to do.
        error: Code of that RFC; empty if the request has no token at all.
    """
    challenge = f'Bearer realm="plt", error="{error}"' if error else 'Bearer realm="plt"'
    return EdgeError(
        HTTPStatus.UNAUTHORIZED,
        grpc.StatusCode.UNAUTHENTICATED,
        message,
        reason="TOKEN_INVALID" if error else "TOKEN_MISSING",
        headers={"www-authenticate": challenge},
    )
