"""The way to a mail server, over real connections of this host."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.headerregistry import Address
from pathlib import Path

import pytest

from services.notification.adapters.memory import MemoryClock
from services.notification.adapters.sink import DISCONNECT, HOST, Mailbox, SmtpSink, text_of
from services.notification.adapters.smtp import MailServer, SmtpMailer
from services.notification.adapters.writing import MailWriter
from services.notification.domain.kind import NotificationKind
from services.notification.domain.notification import Cause, Notification
from services.notification.domain.recipient import Contact, Recipient
from services.notification.use_cases.ports import MailDelayedError, MailRefusedError, MailServerUnavailableError

LIMIT = timedelta(seconds=30)
LOGIN = ("ada", "päss word")
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl on this host")


@dataclass(slots=True)
class Answers:
    """Judge that gives prepared answers, each once, and remembers what it was asked."""

    prepared: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __call__(self, command: str, argument: str) -> str | None:
        self.asked.append(command)
        return self.prepared.pop(command, None)


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
async def mailer(mailbox: Mailbox, answers: Answers) -> AsyncIterator[SmtpMailer]:
    async with SmtpSink(mailbox, judge=answers).listening() as port, speaking(MailServer(HOST, port)) as speaker:
        yield speaker


@asynccontextmanager
async def speaking(server: MailServer, limit: timedelta = LIMIT) -> AsyncIterator[SmtpMailer]:
    mailer = SmtpMailer(server, MailWriter(Address("Platform", addr_spec="no-reply@example.org")), limit)
    try:
        yield mailer
    finally:
        await mailer.close()


def notification(number: int = 1) -> Notification:
    time = MemoryClock().time
    recipient = Recipient(f"u-{number}", Contact("ada@example.com", "Ada", ""), time)
    return Notification.of(NotificationKind.WELCOME, recipient, Cause("/plt/identity", f"e-{number}"), {}, time)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificate")
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    )
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "ca.pem")]
    subprocess.run([*command.split(), *files], check=True, capture_output=True)
    return folder / "ca.pem"


def shown(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    return context


async def test_mails_go_over_one_connection_and_arrive_whole(
    mailer: SmtpMailer, mailbox: Mailbox, answers: Answers
) -> None:
    for number in (1, 2):
        await mailer.send(notification(number))
    assert [mail["Message-ID"] for mail in mailbox.mails] == [
        f"<{notification(number).notification_id}@example.org>" for number in (1, 2)
    ]
    assert text_of(mailbox.mails[0]).startswith("Hello Ada,\n\nyour account was created.")
    assert answers.asked.count("EHLO") == 1


async def test_a_mail_that_is_handed_over_twice_is_dropped_by_its_identifier(
    mailer: SmtpMailer, mailbox: Mailbox
) -> None:
    await mailer.send(notification())
    await mailer.send(notification())
    assert (len(mailbox.mails), mailbox.dropped) == (1, 1)


@pytest.mark.parametrize(
    ("command", "answer", "error"),
    [
        ("RCPT", "550 no such user", MailRefusedError),
        ("RCPT", "450 mailbox busy", MailDelayedError),
        ("DATA", "554 no", MailRefusedError),
        ("content", "552 too much", MailRefusedError),
        ("content", "451 later", MailDelayedError),
        ("content", DISCONNECT, MailDelayedError),
        ("taken", DISCONNECT, MailDelayedError),
        ("MAIL", "550 who are you", MailServerUnavailableError),
        ("MAIL", "451 later", MailServerUnavailableError),
        ("EHLO", DISCONNECT, MailServerUnavailableError),
    ],
)
async def test_a_refusal_is_about_the_mail_or_about_the_server_and_the_next_mail_goes_out(
    mailer: SmtpMailer, mailbox: Mailbox, answers: Answers, command: str, answer: str, error: type[Exception]
) -> None:
    answers.prepared[command] = answer
    with pytest.raises(error) as refused:
        await mailer.send(notification())
    if answer:
        assert str(refused.value).startswith(f"{answer[:3]}: {answer[4:]}")
    await mailer.send(notification(2))
    assert mailbox.mails[-1]["Message-ID"] == f"<{notification(2).notification_id}@example.org>"


async def test_what_a_server_says_of_a_recipient_is_not_told(mailer: SmtpMailer, answers: Answers) -> None:
    answers.prepared["RCPT"] = "550 <ADA@example.com>: no such user"
    with pytest.raises(MailRefusedError) as refused:
        await mailer.send(notification())
    assert str(refused.value) == "550: <[redacted]>: no such user"


async def test_a_mail_goes_out_when_the_server_has_ended_a_connection_that_was_idle(
    mailer: SmtpMailer, mailbox: Mailbox, answers: Answers
) -> None:
    await mailer.send(notification())
    answers.prepared["MAIL"] = DISCONNECT
    with pytest.raises(MailDelayedError):
        await mailer.send(notification(2))
    await mailer.send(notification(2))
    assert len(mailbox.mails) == 2


async def test_a_server_that_is_not_there_takes_no_mail(mailbox: Mailbox) -> None:
    async with SmtpSink(mailbox).listening() as port:
        pass
    async with speaking(MailServer(HOST, port)) as mailer:
        with pytest.raises(MailServerUnavailableError):
            await mailer.send(notification())


async def test_a_server_that_says_nothing_takes_no_mail() -> None:
    ended = asyncio.Event()

    async def keep_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        await writer.wait_closed()
        ended.set()

    async with await asyncio.start_server(keep_silent, HOST, 0) as silent:
        port = silent.sockets[0].getsockname()[1]
        async with speaking(MailServer(HOST, port), timedelta(seconds=0.05)) as mailer:
            with pytest.raises(MailServerUnavailableError):
                await mailer.send(notification())
        await ended.wait()


async def test_a_mail_that_cannot_be_written_is_refused_without_a_word_to_the_server(
    mailer: SmtpMailer, answers: Answers
) -> None:
    with pytest.raises(MailRefusedError, match="the mail cannot be written: 'name' is undefined"):
        await mailer.send(replace(notification(), facts={}))
    assert answers.asked == []


@needs_openssl
@pytest.mark.parametrize("starttls", [True, None])
async def test_a_login_goes_over_tls_that_begins_with_starttls(
    mailbox: Mailbox, answers: Answers, certificate: Path, starttls: bool | None
) -> None:
    trusted = ssl.create_default_context(cafile=str(certificate))
    sink = SmtpSink(mailbox, tls=shown(certificate), login=LOGIN, judge=answers)
    async with sink.listening() as port:
        server = MailServer(HOST, port, starttls=starttls, user=LOGIN[0], password=LOGIN[1], context=trusted)
        async with speaking(server) as mailer:
            await mailer.send(notification())
    assert len(mailbox.mails) == 1
    assert answers.asked.index("STARTTLS") < answers.asked.index("AUTH")


@needs_openssl
async def test_a_login_goes_over_tls_from_the_start(mailbox: Mailbox, certificate: Path) -> None:
    trusted = ssl.create_default_context(cafile=str(certificate))
    async with SmtpSink(mailbox, login=LOGIN).listening(at_once=shown(certificate)) as port:
        server = MailServer(HOST, port, tls=True, user=LOGIN[0], password=LOGIN[1], context=trusted)
        async with speaking(server) as mailer:
            await mailer.send(notification())
    assert len(mailbox.mails) == 1


@needs_openssl
async def test_a_server_that_nobody_vouches_for_gets_neither_password_nor_mail(
    mailbox: Mailbox, answers: Answers, certificate: Path
) -> None:
    sink = SmtpSink(mailbox, tls=shown(certificate), login=LOGIN, judge=answers)
    async with sink.listening() as port:
        context = ssl.create_default_context()
        server = MailServer(HOST, port, starttls=True, user=LOGIN[0], password=LOGIN[1], context=context)
        async with speaking(server) as mailer:
            with pytest.raises(MailServerUnavailableError):
                await mailer.send(notification())
    assert "AUTH" not in answers.asked
    assert not mailbox.mails


async def test_a_password_waits_for_tls_where_it_is_required(mailbox: Mailbox, answers: Answers) -> None:
    async with SmtpSink(mailbox, login=LOGIN, judge=answers).listening() as port:
        server = MailServer(HOST, port, starttls=True, user=LOGIN[0], password=LOGIN[1])
        async with speaking(server) as mailer:
            with pytest.raises(MailServerUnavailableError):
                await mailer.send(notification())
    assert "AUTH" not in answers.asked


async def test_a_wrong_password_keeps_mails_and_gives_none_up(mailbox: Mailbox) -> None:
    async with SmtpSink(mailbox, login=LOGIN).listening() as port:
        server = MailServer(HOST, port, starttls=False, user="ada", password="wrong")
        async with speaking(server) as mailer:
            with pytest.raises(MailServerUnavailableError, match=r"^535: "):
                await mailer.send(notification())
