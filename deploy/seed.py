"""Fills a platform with data to try it out with: users, their passwords, and what the audit trail tells of them.

    GATEWAY_URL=http://127.0.0.1:8080 DEMO_PASSWORD=... python deploy/seed.py

Everybody has the password DEMO_PASSWORD. It may run as often as you like: what is there already stays as it is. The
first administrator, ada@example.com, is made by ``python -m services.auth first-admin``, which needs the environment of
auth.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

ADMIN = "ada@example.com"
PEOPLE = {"grace@example.com": ("Grace Hopper", "ROLE_MEMBER"), "alan@example.com": ("Alan Turing", "ROLE_AUDITOR")}
# For what is away for a moment.
PATIENCE_SECONDS = 30


class RefusedError(Exception):
    """The gateway refused a request."""


def main() -> int:
    """Fill it, and say what for."""
    gateway = os.environ.get("GATEWAY_URL", "").rstrip("/")
    password = os.environ.get("DEMO_PASSWORD", "")
    if not gateway or not password:
        sys.stderr.write("error: set GATEWAY_URL and DEMO_PASSWORD\n")
        return 2
    try:
        make_admin(password)
        token = log_in(gateway, ADMIN, password)
        for email, (name, role) in PEOPLE.items():
            register(gateway, token, user_of(gateway, token, email, name, role), password)
    except (RefusedError, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    sys.stdout.write(f"{len(PEOPLE) + 1} users are there: {', '.join((ADMIN, *PEOPLE))}\n")
    return 0


def make_admin(password: str) -> None:
    """Make the first administrator, unless there is one."""
    environment = {**os.environ, "FIRST_ADMIN_EMAIL": ADMIN, "FIRST_ADMIN_PASSWORD": password}
    command = [sys.executable, "-m", "services.auth", "first-admin"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise RefusedError(f"{ADMIN} could not be made an administrator: {ended.stdout or ended.stderr}")


def log_in(gateway: str, email: str, password: str) -> str:
    """Return an access token of somebody."""
    status, answer = ask(gateway, "/v1/auth:logIn", {"email": email, "password": password})
    if status != 200:
        raise RefusedError(f"{email} could not log in: {status} {answer}")
    return str(answer["tokens"]["accessToken"])


def user_of(gateway: str, token: str, email: str, name: str, role: str) -> str:
    """Return the identifier of a user, who is created if nobody has the address."""
    user = {"email": email, "profile": {"displayName": name}, "roles": [role]}
    status, answer = ask(gateway, "/v1/users", {"idempotencyKey": f"seed {email}", "user": user}, token)
    if status == 409:
        status, answer = ask(gateway, f"/v1/users?{urlencode({'pageSize': 1000})}", token=token)
        found = [each["userId"] for each in answer.get("users", []) if each["email"] == email]
        if found:
            return str(found[0])
    if status != 200:
        raise RefusedError(f"{email} could not be created: {status} {answer}")
    return str(answer["user"]["userId"])


def register(gateway: str, token: str, user_id: str, password: str) -> None:
    """Give a user a password, unless there is one."""
    status, answer = ask(gateway, "/v1/auth/credentials", {"userId": user_id, "password": password}, token)
    if status not in (200, 409):
        raise RefusedError(f"{user_id} could not be given a password: {status} {answer}")


def ask(gateway: str, path: str, body: object = None, token: str = "") -> tuple[int, dict[str, Any]]:
    """Send a request, and return the status and the answer; what is only away for now is asked again."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        request = Request(f"{gateway}{path}", data, headers)  # noqa: S310 - HTTP, or it fails
        try:
            with urlopen(request, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310
                return answer.status, json.load(answer)
        except HTTPError as error:
            if error.code != 503 or time.monotonic() > until:
                return error.code, json.loads(error.read() or b"{}")
            time.sleep(0.5)


if __name__ == "__main__":
    sys.exit(main())
