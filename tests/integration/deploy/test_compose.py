"""``deploy/compose.yaml``: the platform in containers serves whoever logs in, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.integration.interop.toolchains import lacking, program
from tests.integration.waiting import eventually

DEPLOY = Path(__file__).parents[3] / "deploy"
EMAIL, PASSWORD = "ada@example.com", "a long password of a test"
SECONDS = 240


@dataclass(frozen=True)
class Compose:
    """A project of its own, so that nothing of whoever runs this test is touched."""

    docker: str
    project: str
    secrets: Path

    def __call__(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command of compose."""
        options = ("--project-name", self.project, "--env-file", os.fspath(self.secrets))
        command = [self.docker, "compose", *options, "--file", os.fspath(DEPLOY / "compose.yaml"), *arguments]
        whole = {**_without_secrets(), "PLATFORM_PORT": "0", **environment}
        return subprocess.run(command, env=whole, capture_output=True, text=True, check=False, timeout=SECONDS)

    def told(self, *arguments: str) -> str:
        """Run a command that succeeds, and return what it prints."""
        done = self(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()


def _without_secrets() -> Mapping[str, str]:
    # They would win over those of the file.
    return {name: value for name, value in os.environ.items() if not name.endswith(("_PASSWORD", "_SECRET"))}


@pytest.fixture
def compose(tmp_path: Path) -> Compose:
    """Compose with secrets that were made for this test, where an engine has the images."""
    docker = program("docker")
    for question in (("info",), ("compose", "version")):
        asked = subprocess.run([docker, *question], capture_output=True, text=True, check=False)
        if asked.returncode:
            lacking("docker", f"'docker {' '.join(question)}' failed: {asked.stderr.strip()[-500:]}")
    script = shutil.copy(DEPLOY / "env.sh", tmp_path)
    subprocess.run(["sh", script], check=True)
    found = Compose(docker, f"servanda-test-{uuid.uuid4().hex[:12]}", tmp_path / ".env")
    for image in sorted(set(found.told("config", "--images").split())):
        if subprocess.run([docker, "image", "inspect", image], capture_output=True, check=False).returncode:
            lacking("docker", f"there is no image {image}; 'eval \"$(deploy/images/build.sh platform)\"' builds them")
    return found


@pytest.fixture
def gateway(compose: Compose) -> Iterator[str]:
    """The address of the gateway of the started platform; at the end nothing is left of the platform."""
    try:
        started = compose("up", "--wait", "--no-build", "--quiet-pull")
        assert started.returncode == 0, started.stderr + compose("logs", "--no-color", "--tail", "20").stdout
        yield f"http://{compose.told('port', 'gateway', '8080')}"
    finally:
        ended = compose("down", "--volumes", "--timeout", "1")
    assert ended.returncode == 0, ended.stderr
    for kind in ("ps --all", "volume ls", "network ls"):
        listed = f"{compose.docker} {kind} --quiet --filter label=com.docker.compose.project={compose.project}"
        assert subprocess.run(listed.split(), capture_output=True, text=True, check=True).stdout == ""


@pytest.mark.timeout(400)
def test_the_platform_in_containers_serves_whoever_logs_in(compose: Compose, gateway: str) -> None:
    containers = [json.loads(line) for line in compose.told("ps", "--all", "--format", "json").splitlines()]
    assert {each["Service"] for each in containers if each["Health"] != "healthy"} == {
        each["Service"] for each in containers if each["Service"].endswith("-migrate") and each["ExitCode"] == 0
    }

    environment = ("-e", f"FIRST_ADMIN_EMAIL={EMAIL}", "-e", f"FIRST_ADMIN_PASSWORD={PASSWORD}")
    compose.told("exec", "-T", *environment, "auth", "python", "-m", "services.auth", "first-admin")
    answer = asked(gateway, "/v1/auth:logIn", body={"email": EMAIL, "password": PASSWORD})
    token, user_id = answer["tokens"]["accessToken"], answer["userId"]

    assert [user["email"] for user in asked(gateway, "/v1/users", token)["users"]] == [EMAIL]
    # From identity over Kafka to notification, which hands a mail to its sink.
    sent = eventually(
        lambda: notifications(gateway, user_id, token),
        until=lambda found: any(each["status"] == "NOTIFICATION_STATUS_SENT" for each in found),
        seconds=20,
    )
    assert [each["kind"] for each in sent] == ["NOTIFICATION_KIND_WELCOME"]


def test_without_secrets_nothing_starts_and_the_refusal_says_what_makes_them(compose: Compose, tmp_path: Path) -> None:
    without = Compose(compose.docker, compose.project, tmp_path / "empty.env")
    without.secrets.touch()

    refused = without("config", "--quiet")

    assert refused.returncode != 0
    assert "run sh deploy/env.sh" in refused.stderr


def notifications(gateway: str, user_id: str, token: str) -> list[Any]:
    """The notifications of a user; none as long as no event has told of the user."""
    try:
        return list(asked(gateway, f"/v1/users/{user_id}/notifications", token).get("notifications", []))
    except HTTPError as error:
        if error.code != 404:
            raise
        return []


def asked(gateway: str, path: str, token: str = "", body: object = None) -> Any:
    """The answer of the gateway."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    with urlopen(Request(f"{gateway}{path}", data, headers), timeout=30) as answer:  # noqa: S310 - HTTP, or it fails
        return json.load(answer)
