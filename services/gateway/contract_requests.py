"""Change of the requests of contracts: a token in a contract is not valid, and one of a provider state is."""

from __future__ import annotations

from typing import Any, Final

AUTHORIZATION: Final = "Authorization"
ACCESS_TOKEN: Final = "access_token"  # noqa: S105 - a name


def log_in(request: dict[str, Any]) -> None:
    """Send the access token of whoever is logged in, as far as a provider state says that somebody is."""
    token = request["values"].get(ACCESS_TOKEN)
    if token:
        sent = request["headers"]
        for name in [name for name in sent if name.lower() == AUTHORIZATION.lower()]:
            del sent[name]
        sent[AUTHORIZATION] = [f"Bearer {token}"]
