"""Settings of the service, read once from the environment of its process."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import timedelta
from email.headerregistry import Address
from email.policy import SMTP
from typing import Final
from urllib.parse import unquote, urlsplit

from platformkit.lifecycle import Settings, StartError
from services.notification.adapters.smtp import MailServer
from services.notification.domain.errors import InvalidFieldError
from services.notification.domain.login_failures import Threshold
from services.notification.domain.notification import RetrySchedule
from services.notification.domain.recipient import Contact

SINK: Final = "sink:"
"""Value of ``SMTP_URL`` for a mail server of development inside this process."""

_DAY: Final = 86400
_PORTS: Final = {"smtp": 587, "smtps": 465}
_STARTTLS: Final = {"required": True, "offered": None, "never": False}


@dataclass(frozen=True, slots=True)
class NotificationSettings:
    """Settings of the service beyond those of every service.

    Attributes:
        sender: Who mails are from.
        server: Where mails are handed over; None for the sink of development.
        limit: How long one mail may take.
        connections: How many mails are handed over at once.
        schedule: When a mail is tried again.
        keep: How long to know of a notification that is done.
        threshold: Failed logins that a user is told of.
    """

    sender: Address
    server: MailServer | None
    limit: timedelta
    connections: int
    schedule: RetrySchedule
    keep: timedelta
    threshold: Threshold

    @classmethod
    def of(cls, settings: Settings) -> NotificationSettings:
        """Read the environment.

        Raises:
            StartError: A value is missing or not what it has to be.
        """
        first = _seconds(settings, "MAIL_RETRY_FIRST_SECONDS", 30, 1, 3600)
        return cls(
            sender=_sender(settings),
            server=_server(settings),
            limit=_seconds(settings, "MAIL_SECONDS", 30, 1, 600),
            connections=settings.number("MAIL_CONNECTIONS", 2, 1, 100),
            schedule=RetrySchedule(
                first=first,
                longest=max(first, _seconds(settings, "MAIL_RETRY_LONGEST_SECONDS", 3600, 1, _DAY)),
                give_up=_seconds(settings, "MAIL_GIVE_UP_SECONDS", 3 * _DAY, 1, 30 * _DAY),
            ),
            keep=_seconds(settings, "NOTIFICATION_KEEP_SECONDS", 90 * _DAY, 60, 4000 * _DAY),
            threshold=Threshold(
                count=settings.number("LOGIN_FAILURES_TO_TELL", 5, 1, 1000),
                window=_seconds(settings, "LOGIN_FAILURES_SECONDS", 3600, 1, 30 * _DAY),
            ),
        )

    @property
    def lease(self) -> timedelta:
        """Return how long a mail belongs to whoever hands it over: twice as long as that may take."""
        return 2 * self.limit


def _sender(settings: Settings) -> Address:
    text = settings.required("MAIL_FROM")
    try:
        (address,) = SMTP.header_factory("From", text).addresses
        contact = Contact(address.addr_spec, address.display_name, "")
    except (InvalidFieldError, ValueError):
        what = f"MAIL_FROM: expected an address such as Platform <no-reply@example.com>, found {text[:100]!r}"
        raise StartError(what, hint="correct MAIL_FROM") from None
    return Address(contact.display_name, addr_spec=contact.email)


def _server(settings: Settings) -> MailServer | None:
    text = settings.required("SMTP_URL")
    if text == SINK:
        return None
    try:
        url = urlsplit(text)
        port = url.port or _PORTS[url.scheme]
        user, password = unquote(url.username or ""), unquote(url.password or "")
    except (ValueError, KeyError):
        raise _url_error() from None
    if not url.hostname or url.path.strip("/") or url.query or url.fragment or bool(user) != bool(password):
        raise _url_error()
    return MailServer(
        host=url.hostname,
        port=port,
        tls=url.scheme == "smtps",
        starttls=_starttls(settings, with_login=bool(user)),
        user=user,
        password=password,
        context=_context(settings),
    )


def _url_error() -> StartError:
    # The value itself may hold a password.
    what = f"SMTP_URL: expected smtp://user:password@host:port, smtps://user:password@host:port or {SINK}"
    return StartError(what, hint="correct SMTP_URL")


def _starttls(settings: Settings, *, with_login: bool) -> bool | None:
    # Whoever is between could hide the offer, and a password would go to them as it is.
    text = settings.environ.get("SMTP_STARTTLS") or ("required" if with_login else "offered")
    if text not in _STARTTLS:
        what = f"SMTP_STARTTLS: expected {', '.join(_STARTTLS)}, found {text[:40]!r}"
        raise StartError(what, hint="correct SMTP_STARTTLS")
    return _STARTTLS[text]


def _context(settings: Settings) -> ssl.SSLContext:
    file = settings.environ.get("SMTP_CA") or None
    try:
        return ssl.create_default_context(cafile=file)
    except (OSError, ValueError) as error:
        what = f"SMTP_CA: expected a file of certificates (PEM), {file!r} cannot be read as one: {error}"
        raise StartError(what, hint="correct SMTP_CA") from None


def _seconds(settings: Settings, key: str, default: int, least: int, most: int) -> timedelta:
    return timedelta(seconds=settings.number(key, default, least, most))
