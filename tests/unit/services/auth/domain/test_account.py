"""What an account takes over from its user."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.auth.domain.account import Account, User, email_key_of, normalised
from services.auth.domain.errors import InvalidFieldError

NOW = datetime(2026, 1, 2, tzinfo=UTC)
USER = User("user-1", "Ada@Example.com", ("member", "admin"), True, NOW)
ACCOUNT = Account.of(USER, "hash", NOW)
LATER = NOW + timedelta(seconds=1)


def test_an_address_is_compared_without_regard_to_case() -> None:
    assert ACCOUNT.email_key == email_key_of("ADA@example.COM")


def test_what_is_older_than_what_is_known_changes_nothing() -> None:
    assert ACCOUNT.followed(replace(USER, email="old@example.com", roles=())) == ACCOUNT


@pytest.mark.parametrize(
    ("roles", "version"),
    [(("member", "admin"), 0), (("admin", "member", "auditor"), 0), (("member",), 1), ((), 1)],
)
def test_a_role_that_is_taken_away_revokes_all_tokens(roles: tuple[str, ...], version: int) -> None:
    followed = ACCOUNT.followed(replace(USER, roles=roles, update_time=LATER))
    assert (followed.roles, followed.version) == (roles, version)


def test_a_deactivated_account_cannot_be_logged_in_to_and_is_deactivated_once() -> None:
    gone = ACCOUNT.deactivated()
    assert (gone.may_act, gone.version, gone.deactivated()) == (False, 1, gone)


def test_a_password_is_the_same_on_every_keyboard() -> None:
    assert normalised("A\u030angstro\u0308m") == normalised("\u212bngstr\u00f6m")


def test_an_address_that_nobody_can_have_is_refused() -> None:
    with pytest.raises(InvalidFieldError, match="U\\+0000"):
        email_key_of("a\0b")
