"""Access to an operation: what a caller has to prove, as its rpc declares it."""

from __future__ import annotations

from typing import Any, Final

from google.protobuf.descriptor import MethodDescriptor

from platformkit.access import Policy, policy_of
from platformkit.transcoding.fields import json_dotted

SCHEME: Final = "accessToken"


def sentence_of(method: MethodDescriptor) -> str:
    """Return who may call an rpc, as a sentence."""
    return f"Access: {_callers(policy_of(method))}."


def requirement_of(method: MethodDescriptor) -> list[dict[str, list[str]]]:
    """Return the security requirement of an rpc at an edge that asks for access tokens."""
    return [] if policy_of(method).is_public else [{SCHEME: []}]


def scheme_components() -> dict[str, Any]:
    """Return the security scheme that `requirement_of` refers to."""
    description = "Access token of a login, see plt.auth.v1.AuthService."
    return {SCHEME: {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": description}}


def _callers(policy: Policy) -> str:
    if policy.is_closed:
        return "nobody from outside"
    if policy.is_public:
        return "anybody, without a token"
    roles = f"role {' or '.join(policy.roles)}" if policy.roles else ""
    owner = f"the user whom `{json_dotted(policy.owner)}` names" if policy.owner else ""
    return " or ".join(filter(None, (owner, roles))) or "whoever has an access token"
