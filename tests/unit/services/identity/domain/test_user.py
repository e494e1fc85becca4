from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain.errors import EtagStaleError, InvalidUserError, UserDeactivatedError
from services.identity.domain.user import Profile, Role, User, UserChanges, UserData, UserStatus

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
ADA = UserData("Ada@example.com", Profile("Ada Lovelace", ("en-GB",)), (Role.ADMIN,), {"team": "engines"})


def ada() -> User:
    return User.create("7f1f0f6e-0000-4000-8000-000000000001", ADA, NOW)


def test_a_new_user_is_active_at_its_first_revision() -> None:
    user = ada()
    assert (user.status, user.revision, user.create_time, user.update_time) == (UserStatus.ACTIVE, 1, NOW, NOW)


def test_a_user_without_roles_is_a_member() -> None:
    assert UserData("a@example.com", Profile("A"), ()).roles == (Role.MEMBER,)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        pytest.param(UserChanges(email=""), "email", id="no e-mail address"),
        pytest.param(UserChanges(display_name=""), "profile.display_name", id="no name"),
        pytest.param(UserChanges(roles=(Role.ADMIN, Role.ADMIN)), "roles", id="a role twice"),
        pytest.param(UserChanges(display_name="a\0b"), "profile.display_name", id="nul in the name"),
        pytest.param(UserChanges(email="a\0@example.com"), "email", id="nul in the e-mail address"),
        pytest.param(UserChanges(labels={"team": "\0"}), "labels[team]", id="nul in a label"),
    ],
)
def test_data_that_breaks_a_rule_is_refused_by_its_path(changes: UserChanges, path: str) -> None:
    with pytest.raises(InvalidUserError) as refusal:
        ADA.with_changes(changes)
    assert refusal.value.field == path


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        pytest.param(UserChanges(email="ada@example.org"), ("email",), id="e-mail address"),
        pytest.param(UserChanges(display_name="Ada"), ("profile.display_name",), id="name"),
        pytest.param(UserChanges(locale=""), ("profile.locale", "profile.languages"), id="locale cleared"),
        pytest.param(UserChanges(roles=()), ("roles",), id="roles back to the default"),
        pytest.param(UserChanges(labels={}), ("labels",), id="labels cleared"),
        pytest.param(UserChanges(languages=("en-GB", "de")), ("profile.languages",), id="a second language"),
        pytest.param(UserChanges(email="a@example.org", labels={}), ("email", "labels"), id="two at once"),
    ],
)
def test_a_change_makes_the_next_revision_and_names_its_fields(changes: UserChanges, paths: tuple[str, ...]) -> None:
    before = ada()
    after = before.change(before.data.with_changes(changes), LATER)
    assert (after.revision, after.update_time, after.create_time) == (2, LATER, NOW)
    assert before.data.changed_fields(after.data) == paths


def test_a_change_that_changes_nothing_is_none() -> None:
    before = ada()
    assert before.change(before.data.with_changes(UserChanges(email=ADA.email)), LATER) is before


def test_a_deactivated_user_is_not_changed() -> None:
    with pytest.raises(UserDeactivatedError):
        ada().deactivate(LATER).change(ADA.with_changes(UserChanges(locale="de")), LATER)


def test_deactivating_twice_is_deactivating_once() -> None:
    once = ada().deactivate(LATER)
    assert once.deactivate(LATER + timedelta(days=1)) is once


def test_a_stale_etag_is_refused_with_the_current_one() -> None:
    changed = ada().deactivate(LATER)
    with pytest.raises(EtagStaleError) as refusal:
        changed.require_etag(ada().etag)
    assert refusal.value.actual == changed.etag


def test_an_empty_etag_asks_for_no_check() -> None:
    ada().require_etag("")


@given(st.emails())
def test_e_mail_addresses_that_differ_in_case_only_have_one_key(email: str) -> None:
    assert UserData(email.upper(), Profile("A")).email_key == UserData(email.lower(), Profile("A")).email_key


@pytest.mark.parametrize(
    ("locale", "languages"),
    [
        pytest.param("fr", ("fr", "de", "en"), id="a new one goes before the others"),
        pytest.param("en", ("en", "de"), id="one of them comes to the front"),
        pytest.param("de", ("de", "en"), id="the first stays"),
        pytest.param("", (), id="none takes all away"),
    ],
)
def test_a_caller_that_knows_one_language_leaves_the_others(locale: str, languages: tuple[str, ...]) -> None:
    data = UserData("ada@example.com", Profile("Ada", ("de", "en")))
    assert data.with_changes(UserChanges(locale=locale)).profile.languages == languages


def test_languages_as_a_whole_go_before_a_locale() -> None:
    changes = UserChanges(locale="fr", languages=("en",))
    assert ADA.with_changes(changes).profile.languages == ("en",)


def test_a_language_is_not_repeated() -> None:
    with pytest.raises(InvalidUserError, match="languages"):
        Profile("Ada", ("de", "de"))
