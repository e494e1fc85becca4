"""Exactly one mail for each event, whenever the service is killed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid5

import pytest

from platformkit.events import Pool
from services.notification.adapters.sink import DISCONNECT, Mailbox, SmtpSink
from services.notification.domain.notification import NOTIFICATION_IDS
from tests.integration.services.notification.conftest import Publish
from tests.integration.services.notification.happenings import created, user_id_of
from tests.integration.services.service_process import ServiceProcess
from tests.integration.waiting import until

EVENTS = 150
# By how many mails have been on their way: the moment at which the process is killed. The server has the mail whole and
# has not kept it; it has kept it and not said so; it has said so, and whether that was noted is a matter of luck.
KILLS = {10: "content", 25: "taken", 40: "answered", 55: "taken", 70: "content", 85: "answered", 100: "taken"}
SECONDS = 90.0


@dataclass(slots=True)
class Killer:
    """Judge of the sink that kills the service when its time has come."""

    service: ServiceProcess | None = None
    on_their_way: int = 0
    kills: int = 0

    def __call__(self, command: str, _: str) -> str | None:
        self.on_their_way += command == "content"
        moment = KILLS.get(self.on_their_way)
        if command == "content" and moment == "content":
            return self._kill()
        if command == "taken" and moment == "taken":
            return self._kill()
        if command == "taken" and moment == "answered":
            asyncio.get_running_loop().call_soon(self._kill)
        return None

    def _kill(self) -> str:
        assert self.service is not None
        self.service.kill()
        self.kills += 1
        self.service.begin()
        return DISCONNECT


@pytest.fixture
def killer() -> Killer:
    return Killer()


@pytest.fixture
def service(environ: Mapping[str, str], tmp_path: Path) -> ServiceProcess:
    # A lease lasts for two seconds then, and so does the wait after a kill.
    return ServiceProcess("notification", {**environ, "MAIL_SECONDS": "1"}, tmp_path / "log")


@pytest.fixture
async def sink_port(mailbox: Mailbox, killer: Killer) -> AsyncIterator[int]:
    async with SmtpSink(mailbox, judge=killer).listening() as port:
        yield port


def message_id(number: int) -> str:
    name = f"/plt/identity\n{event_id(number)}\n{user_id_of(number)}"
    return f"<{uuid5(NOTIFICATION_IDS, name)}@example.com>"


def event_id(number: int) -> str:
    return str(uuid5(UUID(user_id_of(0)), str(number)))


@pytest.mark.timeout(300)
async def test_each_event_is_one_mail_whenever_the_process_is_killed(
    service: ServiceProcess,
    mailbox: Mailbox,
    killer: Killer,
    publish: Publish,
    pool: Pool,
    request: pytest.FixtureRequest,
) -> None:
    killer.service = service
    await service.start()
    try:
        await publish([created(number, event_id=event_id(number)) for number in range(EVENTS)])

        async def all_done() -> bool:
            return bool(await pool.fetchval("SELECT count(*) = $1 FROM notifications WHERE status = 'sent'", EVENTS))

        # The comparison says more than that it took too long.
        with suppress(TimeoutError):
            await until(all_done, SECONDS)
    finally:
        service.stop()
    assert killer.kills == len(KILLS)
    assert sorted(mail["Message-ID"] for mail in mailbox.mails) == sorted(map(message_id, range(EVENTS)))
    # Whoever was killed when the server had kept a mail, and had not said so, had to send it again.
    assert mailbox.dropped >= list(KILLS.values()).count("taken")
    said = f"{EVENTS} events, {len(KILLS)} kills: the mail server dropped {mailbox.dropped} mails that came again"
    request.node.add_report_section("call", "mails", said)
    assert await pool.fetchval("SELECT count(*) FROM notifications WHERE status <> 'sent'") == 0
