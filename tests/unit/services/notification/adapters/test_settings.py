from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from platformkit.lifecycle import Settings, StartError
from services.notification.adapters.settings import NotificationSettings

FROM = {"MAIL_FROM": "Platform <no-reply@example.com>"}


def settings(**environ: str) -> NotificationSettings:
    return NotificationSettings.of(Settings.from_environ("notification", {**FROM, "SMTP_URL": "sink:", **environ}))


def server(url: str, **environ: str) -> tuple[Any, ...]:
    found = settings(SMTP_URL=url, **environ).server
    assert found is not None
    return found.host, found.port, found.tls, found.starttls, found.user, found.password


def test_the_sink_is_no_server() -> None:
    assert settings().server is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", ("mail.example", 587, False, None, "", "")),
        ("smtp://mail.example:25", ("mail.example", 25, False, None, "", "")),
        ("smtps://mail.example", ("mail.example", 465, True, None, "", "")),
        ("smtp://ada:p%40ss@mail.example", ("mail.example", 587, False, True, "ada", "p@ss")),
    ],
)
def test_an_address_says_where_and_how(url: str, expected: tuple[Any, ...]) -> None:
    assert server(url) == expected


@pytest.mark.parametrize(("text", "starttls"), [("required", True), ("offered", None), ("never", False)])
def test_starttls_is_as_it_is_set(text: str, starttls: bool | None) -> None:
    assert server("smtp://ada:secret@mail.example", SMTP_STARTTLS=text)[3] is starttls


@pytest.mark.parametrize(
    "url",
    [
        "http://mail.example",
        "smtp://",
        "smtp://mail.example:port",
        "smtp://mail.example:99999",
        "smtp://ada@mail.example",
        "smtp://mail.example/path",
        "smtp://mail.example?tls=no",
        "mail.example",
    ],
)
def test_an_address_that_is_none_is_refused_without_being_told(url: str) -> None:
    with pytest.raises(StartError, match="SMTP_URL: expected smtp://user:password@host:port") as refused:
        settings(SMTP_URL=url)
    assert "ada" not in str(refused.value)


@pytest.mark.parametrize("missing", ["SMTP_URL", "MAIL_FROM"])
def test_nothing_stands_in_for_what_is_not_set(missing: str) -> None:
    with pytest.raises(StartError, match=f"notification needs {missing}, which is not set"):
        settings(**{missing: ""})


@pytest.mark.parametrize("sender", ["nobody", "<>", "A <a@b>, C <c@d>"])
def test_a_sender_that_is_no_address_is_refused(sender: str) -> None:
    with pytest.raises(StartError, match="MAIL_FROM: expected an address such as Platform"):
        settings(MAIL_FROM=sender)


def test_a_sender_is_one_line() -> None:
    assert "\n" not in str(settings(MAIL_FROM="a@b\r\nBcc: c@d").sender)


def test_a_sender_may_have_a_name() -> None:
    assert str(settings().sender) == "Platform <no-reply@example.com>"
    assert str(settings(MAIL_FROM="no-reply@example.com").sender) == "no-reply@example.com"


def test_a_lease_lasts_longer_than_a_mail_may_take() -> None:
    assert settings(MAIL_SECONDS="20").lease == timedelta(seconds=40)


@pytest.mark.parametrize(
    ("key", "value"),
    [("SMTP_STARTTLS", "yes"), ("SMTP_CA", "/nowhere.pem"), ("MAIL_SECONDS", "0"), ("LOGIN_FAILURES_TO_TELL", "many")],
)
def test_a_value_that_cannot_be_is_named(key: str, value: str) -> None:
    with pytest.raises(StartError, match=f"{key}: expected"):
        settings(SMTP_URL="smtp://mail.example", **{key: value})
