from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage

import jinja2
import pytest

from services.notification.adapters.writing import LANGUAGES, TEMPLATES, MailWriter, language_of
from services.notification.domain.kind import NotificationKind
from services.notification.domain.notification import Cause, Notification
from services.notification.domain.recipient import Contact, Recipient

TIME = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SENDER = Address("Platform", addr_spec="no-reply@example.org")
FACTS = {"time": TIME.isoformat(), "count": "5", "address": "192.0.2.1"}
WRITER = MailWriter(SENDER)


def notification(
    kind: NotificationKind = NotificationKind.WELCOME, *, name: str = "Ada", locale: str = "en"
) -> Notification:
    recipient = Recipient("u-1", Contact("ada@example.com", name, locale), TIME)
    return Notification.of(kind, recipient, Cause("/plt/identity", "e-1"), FACTS, TIME)


def parts(mail: EmailMessage) -> tuple[str, str]:
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    return str(text.get_content()), str(html.get_content())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", NotificationKind)
@pytest.mark.parametrize("name", ["Ada", ""])
def test_each_kind_is_written_in_each_language(language: str, kind: NotificationKind, name: str) -> None:
    mail = WRITER.write(notification(kind, name=name, locale=language))
    text, html = parts(mail)
    assert mail["Content-Language"] == language
    assert f'<html lang="{language}">' in html
    assert (name in text) == (name in html)
    # What the text says, the page says: the same words, without the markup.
    assert " ".join(re.sub(r"<[^>]+>", " ", html.partition("<body>")[2]).split()) == " ".join(text.split())


def test_there_are_english_and_german() -> None:
    assert {"de", "en"} <= set(LANGUAGES)


def test_no_template_is_of_a_kind_that_there_is_not() -> None:
    kinds = {kind.value for kind in NotificationKind}
    assert {path.stem for path in TEMPLATES.glob("*/*")} == kinds


@pytest.mark.parametrize(
    ("locale", "language"), [("de", "de"), ("de-AT", "de"), ("en-GB", "en"), ("fr", "en"), ("", "en"), ("layout", "en")]
)
def test_a_language_without_templates_is_english(locale: str, language: str) -> None:
    assert language_of(locale) == language


def test_a_mail_has_the_headers_that_others_go_by() -> None:
    mail = WRITER.write(notification())
    assert mail["Message-ID"] == f"<{notification().notification_id}@example.org>"
    assert (mail["From"], mail["To"]) == ("Platform <no-reply@example.org>", "Ada <ada@example.com>")
    assert mail["Date"].datetime == TIME
    assert (mail["Auto-Submitted"], mail.get_content_type()) == ("auto-generated", "multipart/alternative")


def test_the_same_notification_is_the_same_bytes() -> None:
    assert WRITER.write(notification()).as_bytes() == MailWriter(SENDER).write(notification()).as_bytes()


@pytest.mark.parametrize("name", ["Ada\r\nBcc: eve@example.com", 'Ada" <eve@example.com>, "', "Ada\u2028Bcc: x"])
def test_no_name_becomes_a_header_or_a_recipient(name: str) -> None:
    mail = WRITER.write(notification(name=name))
    head = mail.as_bytes().partition(b"\r\n\r\n")[0]
    assert [address.addr_spec for address in mail["To"].addresses] == ["ada@example.com"]
    assert not re.search(rb"^bcc:", head, re.IGNORECASE | re.MULTILINE)
    assert len(mail["Subject"].splitlines()) == 1


def test_what_a_name_says_is_no_markup() -> None:
    text, html = parts(WRITER.write(notification(name="<script>alert(1)</script>")))
    assert "&lt;script&gt;" in html
    assert "<script>" not in html
    assert "<script>" in text


def test_no_template_is_filled_in_part_only() -> None:
    incomplete = replace(notification(NotificationKind.PASSWORD_CHANGED), facts={"name": "Ada"})
    with pytest.raises(jinja2.UndefinedError):
        WRITER.write(incomplete)
