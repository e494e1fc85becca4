"""The settings of the service."""

from __future__ import annotations

import pytest

from platformkit.lifecycle import Settings, StartError
from services.auth.adapters.settings import AuthSettings


def settings(**environ: str) -> AuthSettings:
    return AuthSettings.of(Settings.from_environ("auth", environ))


def test_without_any_setting_there_is_one_for_everything() -> None:
    own = settings()
    assert (own.policy.lifetimes.access.total_seconds(), own.hashing.memory_kib, own.sealing_key) == (300, 19456, None)


def test_keys_are_kept_for_longer_than_tokens_are_good() -> None:
    own = settings(ACCESS_TOKEN_SECONDS="600")
    assert own.policy.schedule.keep > own.policy.lifetimes.access


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ACCESS_TOKEN_SECONDS", "3600"),
        ("ACCESS_TOKEN_SECONDS", "-1"),
        ("SESSION_SECONDS", "soon"),
        ("ARGON2_MEMORY_KIB", "9" * 13),
        ("ARGON2_TIME_COST", "٣"),
        ("LOCKOUT_ACCOUNT_FAILURES", "0"),
        ("KEY_LEAD_SECONDS", "86400"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(StartError, match=name):
        settings(**{name: value})
