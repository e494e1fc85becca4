"""Way to the mail server over SMTP (RFC 5321)."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from typing import Final

import aiosmtplib
from jinja2 import TemplateError
from plt.identity.v1 import identity_pb2

from platformkit.telemetry import redacted
from services.notification.adapters.writing import MailWriter
from services.notification.domain.notification import Notification
from services.notification.use_cases.ports import MailDelayedError, MailRefusedError, MailServerUnavailableError

# RFC 5321, section 4.2.1: the server will say the same the next time.
_PERMANENT: Final = 500
_GOODBYE_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class MailServer:
    """Place of a mail server and how to speak to it.

    Attributes:
        host: Its name or address.
        port: Its port.
        tls: Whether the connection begins with TLS.
        starttls: Whether TLS begins with STARTTLS: True for always, None if the server offers it, False for never.
        user: Name to log in with; empty for no login.
        password: Password to log in with.
        context: Whom TLS trusts.
    """

    host: str
    port: int
    tls: bool = False
    starttls: bool | None = None
    user: str = ""
    password: str = ""
    context: ssl.SSLContext | None = None


class SmtpMailer:
    """`Mailer` on one connection, which is kept from mail to mail.

    Args:
        server: Where mails are handed over.
        writer: Writes them.
        limit: How long one mail may take, the connection included.
    """

    def __init__(self, server: MailServer, writer: MailWriter, limit: timedelta) -> None:
        self._server = server
        self._writer = writer
        self._limit = limit.total_seconds()
        self._client: aiosmtplib.SMTP | None = None

    async def send(self, notification: Notification) -> None:
        """See `Mailer`."""
        try:
            await self._send(notification)
        except (MailRefusedError, MailDelayedError, MailServerUnavailableError) as error:
            # Servers like to quote whom a mail was for; the reason is logged and kept.
            raise type(error)(redacted(str(error), [_personal(notification)])) from error

    async def _send(self, notification: Notification) -> None:
        try:
            message = self._writer.write(notification)
        except (TemplateError, ValueError) as error:
            raise MailRefusedError(f"the mail cannot be written: {error}") from error
        try:
            async with asyncio.timeout(self._limit):
                client = await self._connected()
                await _hand_over(client, message, notification.email)
        except TimeoutError as error:
            is_unreachable = self._client is None
            self._drop()
            what = f"the mail server did not answer within {self._limit:g} s"
            raise (MailServerUnavailableError if is_unreachable else MailDelayedError)(what) from error
        except (MailDelayedError, MailServerUnavailableError, asyncio.CancelledError):
            self._drop()
            raise

    async def close(self) -> None:
        """See `Mailer`."""
        client, self._client = self._client, None
        if client is None:
            return
        try:
            await client.quit(timeout=_GOODBYE_SECONDS)
        except (aiosmtplib.SMTPException, OSError):
            client.close()

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is not None and self._client.is_connected:
            return self._client
        self._drop()
        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.tls,
            start_tls=False if server.tls else server.starttls,
            username=server.user or None,
            password=server.password or None,
            tls_context=server.context,
            timeout=self._limit,
        )
        try:
            await client.connect()
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise MailServerUnavailableError(_said(error)) from error
        self._client = client
        return client

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()


def _personal(notification: Notification) -> identity_pb2.User:
    profile = identity_pb2.Profile(display_name=notification.facts.get("name", ""))
    return identity_pb2.User(email=notification.email, profile=profile)


async def _hand_over(client: aiosmtplib.SMTP, message: EmailMessage, email: str) -> None:
    sender = message["From"].addresses[0].addr_spec
    try:
        await client.sendmail(sender, [email], message.as_bytes())
    except aiosmtplib.SMTPRecipientsRefused as error:
        raise _refusal(error.recipients[0]) from error
    except aiosmtplib.SMTPSenderRefused as error:
        # What is wrong with the sender is wrong with every mail.
        raise MailServerUnavailableError(_said(error)) from error
    except aiosmtplib.SMTPDataError as error:
        raise _refusal(error) from error
    except (aiosmtplib.SMTPException, OSError) as error:
        raise MailDelayedError(_said(error)) from error
    except ValueError as error:
        raise MailRefusedError(f"the address cannot be handed over: {error}") from error


def _refusal(error: aiosmtplib.SMTPResponseException) -> Exception:
    return (MailRefusedError if error.code >= _PERMANENT else MailDelayedError)(_said(error))


def _said(error: Exception) -> str:
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"{error.code}: {error.message}"
    return str(error) or type(error).__name__
