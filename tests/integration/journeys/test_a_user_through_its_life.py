"""What people do with the platform, through its one entry."""

import uuid

import pytest

from tests.contract.consumer.web_app_client import Happening, Mail, RefusedError, WebAppClient, Wishes
from tests.integration.waiting import eventually


def unique_email() -> str:
    return f"ada-{uuid.uuid4().hex[:12]}@example.org"


def trail(audit_page: WebAppClient, user_id: str, length: int) -> list[Happening]:
    """The audit trail of a user, as soon as it has this length; entries follow changes by way of events."""
    return eventually(
        lambda: audit_page.happenings(f"users/{user_id}"),
        until=lambda happenings: len(happenings) >= length,
        seconds=20,
    )


def test_every_change_of_a_user_is_answered_and_ends_up_in_the_audit_trail(
    web_app: WebAppClient, audit_page: WebAppClient
) -> None:
    ada = web_app.sign_up(unique_email(), "Ada", uuid.uuid4().hex)
    assert web_app.person(ada.user_id) == ada

    renamed = web_app.rename(ada, "Ada Lovelace")
    assert (renamed.display_name, renamed.email) == ("Ada Lovelace", ada.email)
    assert web_app.person(ada.user_id) == renamed

    assert not web_app.deactivate(ada.user_id).active

    happenings = trail(audit_page, ada.user_id, 3)
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

    listed = [person.user_id for person in web_app.people(page_size=5)]

    assert len(listed) == len(set(listed))
    assert created <= set(listed)


def test_a_new_user_gets_a_mail_and_none_of_a_kind_that_it_does_not_want(web_app: WebAppClient) -> None:
    ada = web_app.sign_up(unique_email(), "Ada", uuid.uuid4().hex)
    # A user is known to notification by way of an event.
    (welcome,) = eventually(lambda: mails(web_app, ada.user_id), until=lambda sent: len(sent) == 1, seconds=20)
    assert (welcome.kind, welcome.status) == ("NOTIFICATION_KIND_WELCOME", "NOTIFICATION_STATUS_SENT")

    wishes = web_app.mute(ada.user_id, web_app.wishes(ada.user_id), "NOTIFICATION_KIND_DEACTIVATED")
    assert wishes == web_app.wishes(ada.user_id)

    web_app.deactivate(ada.user_id)
    eventually(lambda: deactivated(web_app, ada.user_id, wishes), until=bool, seconds=20)
    assert [mail.kind for mail in mails(web_app, ada.user_id)] == ["NOTIFICATION_KIND_WELCOME"]


def mails(web_app: WebAppClient, user_id: str) -> list[Mail]:
    """The mails to a user that were sent; none as long as nobody knows the user."""
    try:
        return [mail for mail in web_app.mails(user_id) if mail.status == "NOTIFICATION_STATUS_SENT"]
    except RefusedError as error:
        if error.reason != "USER_NOT_FOUND":
            raise
        return []


def deactivated(web_app: WebAppClient, user_id: str, wishes: Wishes) -> bool:
    """Tell whether notification knows by now that a user is deactivated."""
    try:
        web_app.mute(user_id, wishes, "NOTIFICATION_KIND_WELCOME")
    except RefusedError as error:
        return error.reason == "USER_DEACTIVATED"
    return False
