"""What people do with the platform, through its one entry."""

import uuid

import pytest

from tests.contract.consumer.web_app_client import Happening, RefusedError, WebAppClient
from tests.integration.waiting import eventually


def unique_email() -> str:
    return f"ada-{uuid.uuid4().hex[:12]}@example.org"


def trail(web_app: WebAppClient, user_id: str, length: int) -> list[Happening]:
    """The audit trail of a user, as soon as it has this length; entries follow changes by way of events."""
    return eventually(
        lambda: web_app.happenings(f"users/{user_id}"), until=lambda happenings: len(happenings) >= length, seconds=20
    )


def test_every_change_of_a_user_is_answered_and_ends_up_in_the_audit_trail(web_app: WebAppClient) -> None:
    ada = web_app.sign_up(unique_email(), "Ada", uuid.uuid4().hex)
    assert web_app.person(ada.user_id) == ada

    renamed = web_app.rename(ada, "Ada Lovelace")
    assert (renamed.display_name, renamed.email) == ("Ada Lovelace", ada.email)
    assert web_app.person(ada.user_id) == renamed

    assert not web_app.deactivate(ada.user_id).active

    happenings = trail(web_app, ada.user_id, 3)
    assert [happening.kind for happening in happenings] == [
        "ENTRY_KIND_USER_DEACTIVATED",
        "ENTRY_KIND_USER_UPDATED",
        "ENTRY_KIND_USER_CREATED",
    ]
    assert happenings[1].changed == ("profile.display_name",)


def test_signing_up_twice_with_one_key_gives_one_user(web_app: WebAppClient) -> None:
    email, key = unique_email(), uuid.uuid4().hex

    first, second = web_app.sign_up(email, "Ada", key), web_app.sign_up(email, "Ada", key)

    assert first == second


def test_a_key_cannot_be_used_for_another_user(web_app: WebAppClient) -> None:
    key = uuid.uuid4().hex
    web_app.sign_up(unique_email(), "Ada", key)

    with pytest.raises(RefusedError) as refused:
        web_app.sign_up(unique_email(), "Grace", key)

    assert (refused.value.http_status, refused.value.reason) == (409, "IDEMPOTENCY_KEY_REUSED")


def test_of_two_changes_to_one_version_the_second_is_refused(web_app: WebAppClient) -> None:
    ada = web_app.sign_up(unique_email(), "Ada", uuid.uuid4().hex)
    web_app.rename(ada, "Ada L.")

    with pytest.raises(RefusedError) as refused:
        web_app.rename(ada, "Ada K.")

    assert (refused.value.http_status, refused.value.reason) == (409, "ETAG_STALE")


def test_pages_of_users_repeat_nobody_and_miss_nobody(web_app: WebAppClient) -> None:
    created = {web_app.sign_up(unique_email(), f"User {n}", uuid.uuid4().hex).user_id for n in range(5)}

    listed = [person.user_id for person in web_app.people(page_size=2)]

    assert len(listed) == len(set(listed))
    assert created <= set(listed)
