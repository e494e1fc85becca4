"""A mail server for development and tests: it takes mails over SMTP (RFC 5321), shows them and sends them nowhere.

It drops a mail whose Message-ID it has seen, as mail servers of the world do. It listens on 127.0.0.1 alone.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import ssl
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from typing import Final

from platformkit.telemetry import get_logger

HOST: Final = "127.0.0.1"
KEPT: Final = 1000
"""Mails that are kept; older ones are forgotten."""

DISCONNECT: Final = ""
"""Answer of a judge that ends the connection without one."""

_LINE_BYTES: Final = 8192
_MAIL_BYTES: Final = 1_000_000
_GOODBYE_SECONDS: Final = 1.0
_FIXED: Final = {"HELO": "250 sink", "NOOP": "250 sink", "QUIT": "221 bye"}

_log = get_logger(__name__)

Judge = Callable[[str, str], str | None]
"""Answers in place of the server, given a command and its argument; None for no objection.

Besides commands there are ``content``, when a mail has come in whole, and ``taken``, when it was kept.
"""


@dataclass(slots=True)
class Mailbox:
    """Received mails, each Message-ID once.

    Attributes:
        mails: The latest mails, in order.
        dropped: How many were dropped because their Message-ID was seen before.
    """

    mails: deque[EmailMessage] = field(default_factory=lambda: deque(maxlen=KEPT))
    dropped: int = 0
    _seen: set[str] = field(default_factory=set)

    def take(self, content: bytes) -> None:
        """Keep a mail, unless it came before."""
        message = BytesParser(EmailMessage, policy=SMTP).parsebytes(content)
        identifier = str(message["Message-ID"])
        if identifier in self._seen:
            self.dropped += 1
            _log.info("a mail came again and is dropped", message_id=identifier)
            return
        self._seen.add(identifier)
        self.mails.append(message)
        # Not what it says, and to whom: logs hold nothing personal.
        _log.info("a mail has come", message_id=identifier)


def text_of(message: EmailMessage) -> str:
    """Return the plain text of a mail; empty if it has none."""
    body = message.get_body(("plain",))
    return "\n".join(str(body.get_content()).splitlines()).strip() if body is not None else ""


@dataclass(frozen=True, slots=True)
class SmtpSink:
    """Server that puts mails into a mailbox.

    Attributes:
        mailbox: Where mails go.
        tls: Certificate for STARTTLS; None for a server that does not offer it.
        login: Name and password that clients have to log in with; None for a server that asks for none.
        judge: Objects to what clients want.
    """

    mailbox: Mailbox
    tls: ssl.SSLContext | None = None
    login: tuple[str, str] | None = None
    judge: Judge = lambda _, __: None

    @asynccontextmanager
    async def listening(self, port: int = 0, at_once: ssl.SSLContext | None = None) -> AsyncIterator[int]:
        """Listen until the block ends, on a free port if none is given, and lend the port.

        Args:
            port: Where to listen.
            at_once: Certificate for connections that begin with TLS.
        """
        sessions: set[asyncio.Task[None]] = set()

        def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            session = asyncio.create_task(self._serve(reader, writer))
            sessions.add(session)
            session.add_done_callback(sessions.discard)

        server = await asyncio.start_server(begin, HOST, port, limit=_LINE_BYTES, ssl=at_once)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            for session in sessions:
                session.cancel()
            await asyncio.gather(*sessions, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                await _Session(self, reader, writer).run()
        finally:
            writer.close()
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(_GOODBYE_SECONDS):
                    await writer.wait_closed()


class _Session:
    def __init__(self, sink: SmtpSink, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._sink = sink
        self._reader = reader
        self._writer = writer
        self._encrypted = writer.get_extra_info("sslcontext") is not None
        self._known = sink.login is None
        self._sender: str | None = None
        self._recipients: list[str] = []

    async def run(self) -> None:
        await self._say("220 sink ready")
        while True:
            verb, _, argument = (await self._line()).partition(" ")
            verb = verb.upper()
            answer = self._sink.judge(verb, argument)
            if answer is None:
                answer = await self._answer(verb, argument)
            if answer == DISCONNECT:
                return
            await self._say(answer)
            if verb == "QUIT":
                return
            if verb == "STARTTLS" and answer.startswith("220") and self._sink.tls is not None:
                await self._writer.start_tls(self._sink.tls)
                self._encrypted = True

    async def _answer(self, verb: str, argument: str) -> str:
        if verb in _FIXED:
            return _FIXED[verb]
        answers: Mapping[str, Callable[[str], Awaitable[str]]] = {
            "EHLO": self._greet,
            "STARTTLS": self._begin_tls,
            "AUTH": self._log_in,
            "RSET": self._forget,
            "MAIL": self._begin_mail,
            "RCPT": self._add_recipient,
            "DATA": self._take,
        }
        if verb not in answers:
            return "502 not known here"
        if verb in {"MAIL", "RCPT", "DATA"} and not self._known:
            return "530 log in first"
        return await answers[verb](argument)

    async def _begin_tls(self, _: str) -> str:
        return "220 go ahead" if self._sink.tls is not None and not self._encrypted else "502 no TLS here"

    async def _forget(self, _: str) -> str:
        self._sender, self._recipients = None, []
        return "250 forgotten"

    async def _begin_mail(self, argument: str) -> str:
        self._sender, self._recipients = argument, []
        return "250 sender"

    async def _add_recipient(self, argument: str) -> str:
        if self._sender is None:
            return "503 MAIL comes before"
        self._recipients.append(argument)
        return "250 recipient"

    async def _greet(self, _: str) -> str:
        offers = ["sink", "8BITMIME", f"SIZE {_MAIL_BYTES}"]
        if self._sink.tls is not None and not self._encrypted:
            offers.append("STARTTLS")
        if self._sink.login is not None:
            offers.append("AUTH PLAIN")
        return "\r\n".join([*(f"250-{offer}" for offer in offers[:-1]), f"250 {offers[-1]}"])

    async def _log_in(self, argument: str) -> str:
        mechanism, _, response = argument.partition(" ")
        if mechanism.upper() != "PLAIN" or self._sink.login is None:
            return "504 only PLAIN is known here"
        if not response:
            await self._say("334 ")
            response = await self._line()
        try:
            _, user, password = base64.b64decode(response).decode().split("\0")
        except (binascii.Error, ValueError):
            return "501 not PLAIN"
        self._known = (user, password) == self._sink.login
        return "235 welcome" if self._known else "535 nobody has this name and password"

    async def _take(self, _: str) -> str:
        if not self._recipients:
            return "503 RCPT comes before"
        await self._say("354 end with a dot")
        content = b""
        while (line := await self._reader.readuntil(b"\r\n")) != b".\r\n":
            # RFC 5321, section 4.5.2: a dot in front of a dot makes it one of the mail.
            content += line.removeprefix(b".")
            if len(content) > _MAIL_BYTES:
                return DISCONNECT
        self._sender, self._recipients = None, []
        if (objection := self._sink.judge("content", "")) is not None:
            return objection
        self._sink.mailbox.take(content)
        objection = self._sink.judge("taken", "")
        return "250 taken" if objection is None else objection

    async def _line(self) -> str:
        return (await self._reader.readuntil(b"\r\n")).decode(errors="replace").strip()

    async def _say(self, answer: str) -> None:
        self._writer.write(f"{answer}\r\n".encode())
        await self._writer.drain()
