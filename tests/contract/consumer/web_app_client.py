"""The web app's client of the gateway, as its own repository ships it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx2


@dataclass(frozen=True, slots=True)
class Person:
    """A user as the web app shows it."""

    user_id: str
    email: str
    display_name: str
    roles: tuple[str, ...]
    labels: dict[str, str]
    active: bool
    etag: str


@dataclass(frozen=True, slots=True)
class Happening:
    """A line of the audit page."""

    kind: str
    subject: str
    when: str
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mail:
    """A line of the page of mails to a person."""

    kind: str
    status: str
    decided: str


@dataclass(frozen=True, slots=True)
class Wishes:
    """Choices of a person about mails, as the settings page shows them."""

    locale: str
    muted: tuple[str, ...]
    etag: str


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A line of the operations page: an event that a service could not apply."""

    event_id: str
    event_type: str
    when: str
    reason: str
    attempts: int


class RefusedError(Exception):
    """The platform refused: ``status`` and ``reason`` tell what to show, ``fields`` which inputs to mark.

    ``headers`` tell when to try again (``retry-after``) and what else could be done (``allow``).
    """

    def __init__(
        self, http_status: int, status: str, reason: str, fields: tuple[str, ...], headers: httpx2.Headers
    ) -> None:
        super().__init__(f"{http_status} {status} {reason}")
        self.http_status = http_status
        self.status = status
        self.reason = reason
        self.fields = fields
        self.headers = headers

    @property
    def must_log_in(self) -> bool:
        """Tell whether to show the login: the platform does not know who asks."""
        return self.http_status == httpx2.codes.UNAUTHORIZED


class WebAppClient:
    """Everything that the web app asks of the gateway.

    Args:
        base_url: Where the gateway is.
        network: The way there; the page of a browser has one of its own.
    """

    def __init__(self, base_url: str, network: httpx2.BaseTransport | None = None) -> None:
        headers = {"Accept": "application/json"}
        self._http = httpx2.Client(base_url=base_url, headers=headers, timeout=10, transport=network)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def sign_up(self, email: str, display_name: str, idempotency_key: str) -> Person:
        """Create a user; repeating it with the same key is safe."""
        body = {"user": {"email": email, "profile": {"displayName": display_name}}, "idempotencyKey": idempotency_key}
        return _person(self._ask("POST", "/v1/users", json=body)["user"])

    def person(self, user_id: str) -> Person:
        """One user."""
        return _person(self._ask("GET", f"/v1/users/{user_id}")["user"])

    def latest(self, person: Person) -> Person:
        """Return a user as it is by now, asked for only if it changed."""
        headers = {"If-None-Match": f'"{person.etag}"'}
        document = self._ask("GET", f"/v1/users/{person.user_id}", headers=headers)
        return _person(document["user"]) if document else person

    def people(self, page_size: int) -> Iterator[Person]:
        """Every user, asked for a page at a time."""
        token = ""
        while True:
            params = {"pageSize": str(page_size), **({"pageToken": token} if token else {})}
            page = self._ask("GET", "/v1/users", params=params)
            yield from (_person(user) for user in page.get("users", []))
            token = page.get("nextPageToken", "")
            if not token:
                return

    def rename(self, person: Person, display_name: str) -> Person:
        """Change the name to show, unless somebody else changed the user meanwhile."""
        body = {"profile": {"displayName": display_name}, "etag": person.etag}
        params = {"updateMask": "profile.displayName"}
        return _person(self._ask("PATCH", f"/v1/users/{person.user_id}", params=params, json=body)["user"])

    def replace_name(self, person: Person, display_name: str) -> Person:
        """Do as ``rename``, with the version in a header."""
        body, headers = {"profile": {"displayName": display_name}}, {"If-Match": f'"{person.etag}"'}
        params = {"updateMask": "profile.displayName"}
        path = f"/v1/users/{person.user_id}"
        return _person(self._ask("PATCH", path, params=params, json=body, headers=headers)["user"])

    def may_delete(self, user_id: str) -> bool:
        """Tell whether this platform lets users be deleted, by trying it."""
        try:
            self._ask("DELETE", f"/v1/users/{user_id}")
        except RefusedError as refused:
            return "DELETE" in refused.headers.get("allow", "DELETE")
        return True

    def teams(self) -> list[Any]:
        """Every team; none where the platform has no teams."""
        try:
            teams: list[Any] = self._ask("GET", "/v1/teams")["teams"]
        except RefusedError as refused:
            if refused.reason != "ROUTE_NOT_FOUND":
                raise
            return []
        return teams

    def sign_up_all(self, table: str) -> None:
        """Create a user for each line of a table, where the platform reads such."""
        self._ask("POST", "/v1/users", content=table, headers={"Content-Type": "text/csv"})

    def log_in(self, email: str, password: str) -> str:
        """Ask for everything that follows as the user whose credentials these are, and return its identifier."""
        answer = self._ask("POST", "/v1/auth:logIn", json={"email": email, "password": password})
        self.resume(answer["tokens"]["accessToken"])
        user_id: str = answer["userId"]
        return user_id

    def resume(self, access_token: str) -> None:
        """Ask for everything that follows with an access token that the browser has kept."""
        self._http.headers["Authorization"] = f"Bearer {access_token}"

    def deactivate(self, user_id: str) -> Person:
        """Take a user's right to act."""
        return _person(self._ask("POST", f"/v1/users/{user_id}:deactivate", json={})["user"])

    def happenings(self, subject: str) -> list[Happening]:
        """The audit page of a user."""
        page = self.entries(subject=subject, page_size=20)
        return [
            Happening(entry["kind"], entry["subject"], entry["occurTime"], tuple(entry.get("changedFields", ())))
            for entry in page.get("entries", [])
        ]

    def entries(self, *, subject: str = "", kind: str = "", page_size: int, page_token: str = "") -> dict[str, Any]:
        """A page of the audit trail as it comes."""
        params = {"subject": subject, "kind": kind, "pageSize": str(page_size), "pageToken": page_token}
        return self._ask("GET", "/v1/audit/entries", params={name: text for name, text in params.items() if text})

    def mails(self, user_id: str) -> list[Mail]:
        """The latest mails to a person."""
        page = self._ask("GET", f"/v1/users/{user_id}/notifications", params={"pageSize": "20"})
        return [Mail(one["kind"], one["status"], one["createTime"]) for one in page.get("notifications", [])]

    def wishes(self, user_id: str) -> Wishes:
        """Return the choices of a person about mails."""
        return _wishes(self._ask("GET", f"/v1/users/{user_id}/notificationPreferences")["preferences"])

    def mute(self, user_id: str, wishes: Wishes, kind: str) -> Wishes:
        """Send a person no more mails of a kind, unless somebody else changed its wishes meanwhile."""
        body = {"mutedKinds": [*wishes.muted, kind], "etag": wishes.etag}
        path, params = f"/v1/users/{user_id}/notificationPreferences", {"updateMask": "mutedKinds"}
        return _wishes(self._ask("PATCH", path, params=params, json=body)["preferences"])

    def given_up(self, service: str) -> list[GivenUp]:
        """Return the events that a service could not apply, a page of them."""
        page = self._ask("GET", f"/v1/{service}/deadLetters", params={"pageSize": "20"})
        return [
            GivenUp(one["eventId"], one["eventType"], one["giveUpTime"], one["reason"], one["attempts"])
            for one in page.get("deadLetters", [])
        ]

    def try_again(self, service: str, event_ids: list[str]) -> int:
        """Let a service try events again that it could not apply, or all of them, and return how many."""
        body = {"eventIds": event_ids} if event_ids else {"all": True}
        answer = self._ask("POST", f"/v1/{service}/deadLetters:redrive", json=body)
        return int(answer.get("redrivenCount", 0))

    def _ask(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        answer = self._http.request(method, path, **options)
        if answer.status_code == httpx2.codes.NOT_MODIFIED:
            return {}
        document: dict[str, Any] = answer.json()
        if answer.is_success:
            return document
        error = document["error"]
        details = error.get("details", [])
        reason = next((detail["reason"] for detail in details if "reason" in detail), "")
        fields = tuple(violation["field"] for detail in details for violation in detail.get("fieldViolations", ()))
        raise RefusedError(answer.status_code, error["status"], reason, fields, answer.headers)


def _person(user: dict[str, Any]) -> Person:
    return Person(
        user_id=user["userId"],
        email=user["email"],
        display_name=user["profile"]["displayName"],
        roles=tuple(user["roles"]),
        labels=user.get("labels", {}),
        active=user["status"] == "USER_STATUS_ACTIVE",
        etag=user["etag"],
    )


def _wishes(preferences: dict[str, Any]) -> Wishes:
    return Wishes(preferences.get("locale", ""), tuple(preferences.get("mutedKinds", ())), preferences["etag"])
