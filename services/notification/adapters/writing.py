"""Mails as they are written: a template for each kind and language, and the headers around it.

The same notification gives the same bytes whenever it is written, so that a mail that is handed over twice is one mail.
"""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.notification.domain.notification import Notification
from services.notification.domain.recipient import DEFAULT_LOCALE

TEMPLATES: Final = Path(__file__).with_name("templates")
LANGUAGES: Final = tuple(sorted(folder.name for folder in TEMPLATES.iterdir() if folder.is_dir()))
"""Languages that there are templates in."""


def is_written(locale: str) -> bool:
    """Tell whether there are templates in the language of a tag."""
    return locale.partition("-")[0] in LANGUAGES


def language_of(locale: str) -> str:
    """Return the language in which to write to somebody with a language tag."""
    return locale.partition("-")[0] if is_written(locale) else DEFAULT_LOCALE


class MailWriter:
    """Writes notifications as mails.

    Args:
        sender: Who they are from; its domain is the one of Message-IDs.
    """

    def __init__(self, sender: Address) -> None:
        self._sender = sender
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
        )
        self._templates.filters["moment"] = _moment

    def write(self, notification: Notification) -> EmailMessage:
        """Write a notification.

        Raises:
            jinja2.TemplateError: A template and the facts of the notification do not fit.
            ValueError: The address of the user cannot stand in a header.
        """
        language = language_of(notification.locale)
        subject = " ".join(self._render(notification, language, "subject").split())
        message = EmailMessage(policy=SMTP)
        message["From"] = self._sender
        message["To"] = Address(notification.facts.get("name", ""), addr_spec=notification.email)
        message["Subject"] = subject
        message["Date"] = format_datetime(notification.create_time)
        message["Message-ID"] = f"<{notification.notification_id}@{self._sender.domain}>"
        # RFC 3834: nobody's holidays are to be answered with.
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(self._render(notification, language, "txt"), cte="quoted-printable")
        html = self._render(notification, language, "html", subject=subject)
        message.add_alternative(html, subtype="html", cte="quoted-printable")
        message["Content-Language"] = language
        message.set_boundary(f"=_{notification.notification_id}")
        return message

    def _render(self, notification: Notification, language: str, ending: str, **more: str) -> str:
        template = self._templates.get_template(f"{language}/{notification.kind.value}.{ending}")
        return template.render(notification.facts, language=language, **more)


def _moment(time: object) -> str:
    # To ask for the text of what is undefined says so.
    return datetime.fromisoformat(str(time)).strftime("%Y-%m-%d %H:%M UTC")
