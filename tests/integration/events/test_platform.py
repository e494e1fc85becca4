"""The consumers of the platform apply every event that was ever recorded as it was accepted."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping

import pytest

from servanda.events.corpus import open_corpus
from tests.integration.events.conftest import EXECUTABLE
from tests.integration.running_platform import ROOT


@pytest.mark.timeout(400)
def test_audit_auth_and_notification_apply_every_recorded_event(environ: Mapping[str, str]) -> None:
    command = (EXECUTABLE, "events", "replay", "--seed", "7")
    done = subprocess.run(command, cwd=ROOT, env=environ, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "verdict yes: events held"), done.stdout + done.stderr


def test_every_event_of_the_platform_is_recorded() -> None:
    types = {event.type for event in open_corpus(ROOT / "contracts" / "events").events}
    identity = {f"plt.identity.v1.{name}" for name in ("UserCreated", "UserUpdated", "UserDeactivated")}
    auth = {f"plt.auth.v1.{name}" for name in ("LoginSucceeded", "LoginFailed", "PasswordChanged", "TokenRevoked")}
    assert types == identity | auth
