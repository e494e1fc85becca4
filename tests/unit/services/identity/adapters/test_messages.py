from datetime import UTC, datetime

import grpc
import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from hypothesis import given
from hypothesis import strategies as st
from plt.identity.v1 import events_pb2, identity_pb2

from platformkit.status import ServiceError
from services.identity.adapters.messages import (
    CHANGEABLE,
    canonical_id,
    changes_of,
    data_of,
    dump,
    event_message,
    load,
    message_of,
    status_of,
)
from services.identity.domain.errors import InvalidUserError
from services.identity.domain.events import UserCreated, UserDeactivated, UserUpdated
from services.identity.domain.user import Profile, Role, User, UserChanges, UserData, UserStatus

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20)
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - zone is separate
USERS = st.builds(
    User,
    user_id=st.uuids().map(str),
    data=st.builds(
        UserData,
        email=TEXT,
        profile=st.builds(Profile, TEXT, st.lists(st.sampled_from(["de", "en-GB", "fr"]), unique=True).map(tuple)),
        roles=st.lists(st.sampled_from(Role), unique=True).map(tuple),
        labels=st.dictionaries(TEXT, TEXT, max_size=3),
    ),
    status=st.sampled_from(UserStatus),
    create_time=MOMENTS,
    update_time=MOMENTS,
    revision=st.integers(1, 2**53),
)
ADA = User.create(
    "7f1f0f6e-2b1c-4c5d-8e9f-000000000001",
    UserData("ada@example.com", Profile("Ada", ("en",)), (Role.ADMIN,), {"team": "engines"}),
    NOW,
)


@given(USERS)
def test_a_dumped_user_is_loaded_as_it_was(user: User) -> None:
    assert load(dump(user)) == user


def test_a_message_shows_every_field_of_the_user() -> None:
    message = message_of(ADA)
    assert {field.name for field, _ in message.ListFields()} == set(message.DESCRIPTOR.fields_by_name)


def test_what_the_service_decides_is_ignored_in_input() -> None:
    message = message_of(ADA.deactivate(NOW))
    assert data_of(message) == ADA.data


@pytest.mark.parametrize(
    ("paths", "changes"),
    [
        pytest.param(["email"], UserChanges(email="ada@example.com"), id="e-mail address"),
        pytest.param(["profile"], UserChanges(display_name="Ada", languages=("en",)), id="the whole profile"),
        pytest.param(["profile.languages"], UserChanges(languages=("en",)), id="languages"),
        pytest.param(["profile.locale"], UserChanges(locale="en"), id="a part of the profile"),
        pytest.param(["roles"], UserChanges(roles=(Role.ADMIN,)), id="roles"),
        pytest.param(["labels"], UserChanges(labels={"team": "engines"}), id="labels"),
    ],
)
def test_only_the_fields_of_the_mask_are_changed(paths: list[str], changes: UserChanges) -> None:
    assert changes_of(message_of(ADA), FieldMask(paths=paths)) == changes


def test_a_field_of_the_mask_that_is_not_set_is_cleared() -> None:
    message = identity_pb2.User(user_id=ADA.user_id)
    assert changes_of(message, FieldMask(paths=["labels", "profile.locale"])) == UserChanges(labels={}, locale="")


def test_a_whole_profile_without_languages_is_of_a_caller_that_does_not_know_them() -> None:
    message = identity_pb2.User(profile=identity_pb2.Profile(display_name="Ada", locale="de"))
    assert changes_of(message, FieldMask(paths=["profile"])) == UserChanges(display_name="Ada", locale="de")


def test_a_locale_is_the_only_language_of_whoever_names_no_other() -> None:
    message = identity_pb2.User(email="ada@example.com", profile=identity_pb2.Profile(display_name="Ada", locale="de"))
    assert data_of(message).profile == Profile("Ada", ("de",))


def test_a_user_that_a_former_version_wrote_has_one_language() -> None:
    former = message_of(ADA)
    former.profile.ClearField("languages")
    assert load(former.SerializeToString()) == ADA


def test_an_empty_mask_names_the_changeable_fields_that_are_set() -> None:
    message = identity_pb2.User(
        user_id=ADA.user_id,
        etag="r1",
        status=identity_pb2.USER_STATUS_DEACTIVATED,
        profile=identity_pb2.Profile(locale="de"),
    )
    assert changes_of(message, FieldMask()) == UserChanges(locale="de")


IMMUTABLE = sorted(set(identity_pb2.User.DESCRIPTOR.fields_by_name) - set(CHANGEABLE))


@pytest.mark.parametrize("path", [*IMMUTABLE, "nickname", "profile.nickname", "labels.team", "*", ""])
def test_a_mask_that_names_anything_else_is_refused(path: str) -> None:
    with pytest.raises(ServiceError) as refusal:
        changes_of(message_of(ADA), FieldMask(paths=["email", path]))
    assert (refusal.value.code, refusal.value.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "UPDATE_MASK_INVALID")
    assert [violation.field for violation in refusal.value.violations] == ["update_mask"]


def test_a_role_of_a_later_version_is_refused() -> None:
    message = message_of(ADA)
    message.MergeFromString(b"\x22\x01\x63")  # roles: 99
    with pytest.raises(InvalidUserError) as refusal:
        data_of(message)
    assert refusal.value.field == "roles"


def test_an_identifier_has_one_spelling() -> None:
    assert canonical_id(ADA.user_id.upper()) == ADA.user_id


def test_what_is_no_identifier_is_refused() -> None:
    with pytest.raises(InvalidUserError):
        canonical_id("ada")


def test_an_unspecified_status_asks_for_every_status() -> None:
    assert status_of(identity_pb2.USER_STATUS_UNSPECIFIED) is None
    assert status_of(identity_pb2.USER_STATUS_DEACTIVATED) is UserStatus.DEACTIVATED


def test_events_carry_the_user_and_what_was_changed() -> None:
    created = event_message(UserCreated(ADA))
    updated = event_message(UserUpdated(ADA, ("email", "profile.locale")))
    deactivated = event_message(UserDeactivated(ADA.user_id, NOW))
    assert isinstance(created, events_pb2.UserCreated)
    assert isinstance(updated, events_pb2.UserUpdated)
    assert isinstance(deactivated, events_pb2.UserDeactivated)
    assert created.user == updated.user == message_of(ADA)
    assert list(updated.changed_fields.paths) == ["email", "profile.locale"]
    assert (deactivated.user_id, deactivated.deactivate_time.ToDatetime(tzinfo=UTC)) == (ADA.user_id, NOW)
