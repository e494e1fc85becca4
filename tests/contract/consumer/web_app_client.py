"""The web app's client of the gateway, as its own repository ships it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx


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


class RefusedError(Exception):
    """The platform refused: ``status`` and ``reason`` tell what to show, ``fields`` which inputs to mark."""

    def __init__(self, http_status: int, status: str, reason: str, fields: tuple[str, ...]) -> None:
        super().__init__(f"{http_status} {status} {reason}")
        self.http_status = http_status
        self.status = status
        self.reason = reason
        self.fields = fields


class WebAppClient:
    """Everything that the web app asks of the gateway."""

    def __init__(self, base_url: str) -> None:
        self._http = httpx.Client(base_url=base_url, headers={"Accept": "application/json"}, timeout=10)

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

    def _ask(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        answer = self._http.request(method, path, **options)
        document: dict[str, Any] = answer.json()
        if answer.is_success:
            return document
        error = document["error"]
        details = error.get("details", [])
        reason = next((detail["reason"] for detail in details if "reason" in detail), "")
        fields = tuple(violation["field"] for detail in details for violation in detail.get("fieldViolations", ()))
        raise RefusedError(answer.status_code, error["status"], reason, fields)


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
