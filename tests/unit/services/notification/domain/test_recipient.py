from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.notification.domain.errors import EtagStaleError, InvalidFieldError, RecipientInactiveError
from services.notification.domain.kind import NotificationKind
from services.notification.domain.recipient import Contact, PreferenceChanges, Preferences, Recipient

TIME = datetime(2026, 1, 2, tzinfo=UTC)
LATER = TIME + timedelta(seconds=1)
CONTACT = Contact("ada@example.com", "Ada", "de-AT")
RECIPIENT = Recipient("u-1", CONTACT, TIME)
OTHER = Contact("ada@example.org", "Ada L.", "")


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ada",
        "ada@",
        "@example.com",
        "ada@example.com\r\nBcc: eve@example.com",
        "ada@example.com>",
        "ada@example.com, eve@example.com",
        "ada@eve@example.com",
        "äda@example.com",
        f"{'a' * 250}@example.com",
    ],
)
def test_an_address_that_could_be_more_than_one_line_or_one_recipient_is_refused(email: str) -> None:
    with pytest.raises(InvalidFieldError, match=r"user\.email must be an address"):
        Contact(email, "Ada", "")


def test_a_name_is_one_line_of_limited_length() -> None:
    assert Contact("ada@example.com", "Ada\r\nBcc:\teve\0", "").display_name == "Ada Bcc: eve"
    assert len(Contact("ada@example.com", "a" * 1000, "").display_name) == 200


@pytest.mark.parametrize(("preferred", "profile", "locale"), [("fr", "de", "fr"), ("", "de", "de"), ("", "", "en")])
def test_the_language_is_the_preferred_one_or_that_of_the_profile_or_english(
    preferred: str, profile: str, locale: str
) -> None:
    contact = Contact("ada@example.com", "Ada", profile)
    assert Recipient("u-1", contact, TIME, preferences=Preferences(preferred)).locale == locale


def test_what_identity_knew_later_replaces_what_it_knew_before() -> None:
    assert RECIPIENT.followed(OTHER, LATER).contact == OTHER


def test_old_news_of_a_contact_change_nothing() -> None:
    assert RECIPIENT.followed(OTHER, TIME) == RECIPIENT


def test_who_is_deactivated_wants_nothing() -> None:
    assert RECIPIENT.wants(NotificationKind.WELCOME)
    assert not RECIPIENT.deactivated().wants(NotificationKind.WELCOME)


def test_a_muted_kind_is_not_wanted_and_others_are() -> None:
    muted = RECIPIENT.changed(PreferenceChanges(muted=frozenset({NotificationKind.WELCOME})), "", LATER)
    assert not muted.wants(NotificationKind.WELCOME)
    assert muted.wants(NotificationKind.PASSWORD_CHANGED)


def test_a_change_makes_the_next_revision() -> None:
    changed = RECIPIENT.changed(PreferenceChanges(locale="de"), "r1", LATER)
    assert changed.preferences == Preferences("de", frozenset(), 2, LATER)


def test_a_change_that_changes_nothing_leaves_the_revision() -> None:
    assert RECIPIENT.changed(PreferenceChanges(locale=""), "", LATER) is RECIPIENT


def test_a_change_of_another_version_is_refused() -> None:
    with pytest.raises(EtagStaleError, match="the etag is r1, not r2"):
        RECIPIENT.changed(PreferenceChanges(locale="de"), "r2", LATER)


def test_a_deactivated_user_changes_nothing() -> None:
    with pytest.raises(RecipientInactiveError):
        RECIPIENT.deactivated().changed(PreferenceChanges(locale="de"), "", LATER)
