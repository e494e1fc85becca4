"""The mobile app's client of the gateway, as its own repository ships it: few fields, over a network that fails."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self

import httpx2

ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Card:
    """A user as the app shows it, and keeps it while it is offline."""

    user_id: str
    name: str
    etag: str


class StaleError(Exception):
    """Somebody else changed the user meanwhile."""


class LoginNeededError(Exception):
    """The platform does not know who asks: the app shows the login."""


class ForbiddenError(Exception):
    """Whoever asks may not see this: the app shows why.

    Args:
        reason: Why, for programs.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MobileAppClient:
    """Everything that the mobile app asks of the gateway, at the address that its first version was built with.

    Args:
        base_url: Where the gateway is.
        network: The way there.

    Attributes:
        works_until: When this version of the app has to be updated, if it was told so.
    """

    def __init__(self, base_url: str, network: httpx2.BaseTransport | None = None) -> None:
        self._http = httpx2.Client(base_url=base_url, timeout=10, transport=network)
        self.works_until: datetime | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def card(self, user_id: str, kept: Card | None = None) -> Card:
        """Return the card of a user; what is kept is not sent again."""
        headers = {"If-None-Match": f'"{kept.etag}"'} if kept else {}
        answer = self._ask("GET", f"/api/v1/users/{user_id}", headers=headers)
        return kept if kept and not answer else _card(answer["user"])

    def join(self, email: str, name: str, key: str) -> str:
        """Create a user and return its identifier; what got lost on the way is sent again, under the same key."""
        body = {"user": {"email": email, "profile": {"displayName": name}}, "idempotencyKey": key}
        user_id: str = self._ask("POST", "/api/v1/users", json=body)["user"]["userId"]
        return user_id

    def rename(self, card: Card, name: str) -> Card:
        """Change the name.

        Raises:
            StaleError: The card is not what the user is by now.
        """
        # The networks of some phones take If-Match away.
        headers = {"X-If-Match": f'"{card.etag}"'}
        params, body = {"updateMask": "profile.displayName"}, {"profile": {"displayName": name}}
        answer = self._ask("PATCH", f"/api/v1/users/{card.user_id}", params=params, json=body, headers=headers)
        return _card(answer["user"])

    def history(self, user_id: str, page_size: int) -> tuple[list[str], str]:
        """Return when something happened to a user, a page of it, and the token of the page that follows."""
        params = {"subject": f"users/{user_id}", "pageSize": str(page_size)}
        page = self._ask("GET", "/api/v1/audit/entries", params=params)
        return [entry["occurTime"] for entry in page["entries"]], page.get("nextPageToken", "")

    def _ask(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        answer = self._send(method, path, **options)
        if "sunset" in answer.headers:
            self.works_until = parsedate_to_datetime(answer.headers["sunset"])
        if answer.status_code == httpx2.codes.NOT_MODIFIED:
            return {}
        if answer.status_code == httpx2.codes.PRECONDITION_FAILED:
            raise StaleError(path)
        if answer.status_code == httpx2.codes.UNAUTHORIZED:
            raise LoginNeededError(answer.headers["www-authenticate"])
        if answer.status_code == httpx2.codes.FORBIDDEN:
            raise ForbiddenError(answer.json()["error"]["details"][0]["reason"])
        document: dict[str, Any] = answer.raise_for_status().json()
        return document

    def _send(self, method: str, path: str, **options: Any) -> httpx2.Response:
        for _ in range(ATTEMPTS - 1):
            try:
                return self._http.request(method, path, **options)
            except httpx2.TransportError:
                continue
        return self._http.request(method, path, **options)


def _card(user: dict[str, Any]) -> Card:
    return Card(user["userId"], user["profile"]["displayName"], user["etag"])
