"""Callers of a service: who they prove to be, with an internal token."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import grpc

from platformkit.channels.errors import CALLER_UNPROVEN
from platformkit.context import Context, Principal
from platformkit.lifecycle import Settings, StartError
from platformkit.lifecycle.application import Application
from platformkit.lifecycle.background import every
from platformkit.status import ServiceError
from platformkit.telemetry import get_logger
from platformkit.tokens import INTERNAL_TOKEN_KEY, InternalTokens, KeysUnavailableError, RefusedTokenError
from platformkit.tokens.internal_tokens import PUBLISH_SECONDS

_log = get_logger(__name__)


async def proven(context: Context, metadata: Iterable[tuple[str, str | bytes]], tokens: InternalTokens) -> Context:
    """Return the context of a call with its caller, and the principal for whom that calls.

    Args:
        context: The context, as far as anybody may be believed.
        metadata: Metadata of the call.
        tokens: Verifies.

    Raises:
        ServiceError: UNAUTHENTICATED, there is no token to be believed; UNAVAILABLE, nobody can tell.
    """
    shown = [value for key, value in metadata if key == INTERNAL_TOKEN_KEY and isinstance(value, str)]
    if len(shown) != 1:
        raise _refused(f"expected one internal token in {INTERNAL_TOKEN_KEY}, found {len(shown)}")
    try:
        claims = await tokens.verify(shown[0], context.request_id)
    except RefusedTokenError as error:
        _log.warning("internal token refused", refusal=error.refusal.value)
        raise _refused("the internal token is not to be believed; the log says why") from error
    except KeysUnavailableError as error:
        _log.warning("keys of callers unavailable", error=str(error))
        message = "who calls cannot be verified right now; try again"
        raise ServiceError(grpc.StatusCode.UNAVAILABLE, message, reason="CALLER_KEYS_UNAVAILABLE") from error
    principal = Principal(claims.subject, claims.roles) if claims.subject else None
    return replace(context, principal=principal, caller=claims.issuer)


def with_published_key(application: Application) -> Application:
    """Return the application with what publishes its key, so that others can verify what it signs."""
    tokens = application.internal_tokens
    if tokens is None:
        return application
    publish = every(PUBLISH_SECONDS, tokens.publish, outages=(KeysUnavailableError,))
    return replace(
        application,
        background={**application.background, "internal token key": publish},
        readiness={**application.readiness, "internal token key": tokens.require_published},
    )


def tokens_to_require(settings: Settings, application: Application) -> InternalTokens | None:
    """Return who verifies the callers of the servicers; None if everybody may call, or there is nothing to call.

    Raises:
        StartError: The settings do not say, or the application has nobody who verifies.
    """
    if not application.servicers or not settings.internal_tokens_required:
        return None
    if application.internal_tokens is None:
        raise StartError(
            f"{settings.name} cannot verify who calls it", hint="give its Application internal_tokens, see Connections"
        )
    return application.internal_tokens


def _refused(message: str) -> ServiceError:
    return ServiceError(grpc.StatusCode.UNAUTHENTICATED, message, reason=CALLER_UNPROVEN)
