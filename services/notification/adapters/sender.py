"""Work that hands notifications over for as long as the service runs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from platformkit.backoff import Backoff
from platformkit.context import Context, accept_request_id, entered, trace_of
from platformkit.service import StoreUnavailableError
from platformkit.telemetry import Kind, get_logger, span
from services.notification.domain.notification import Cause
from services.notification.use_cases.deliver import Attempt, Deliver, Outcome
from services.notification.use_cases.ports import Lease, Mailer, MailServerUnavailableError

LOOK_SECONDS: Final = 0.5
"""How often it is looked whether a notification is due."""

_LONGEST_WAIT_SECONDS: Final = 30.0

_log = get_logger(__name__)


class Sender:
    """Hands notifications over, one at a time; any number of senders may run, in any number of instances.

    While the mail server or the store is away, it waits. A notification that is being handed over when the service
    stops is finished first.

    Args:
        deliver: What to do with one notification.
        mailer: Ends its connection when there is nothing to do.
        sleep: Waits for so many seconds.
    """

    def __init__(
        self, deliver: Deliver, mailer: Mailer, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    ) -> None:
        self._deliver = deliver
        self._mailer = mailer
        self._sleep = sleep

    async def run(self) -> None:
        """Work until cancelled."""
        backoff = Backoff(first_seconds=LOOK_SECONDS, limit_seconds=_LONGEST_WAIT_SECONDS, sleep=self._sleep)
        try:
            while True:
                try:
                    await self._step()
                    backoff.reset()
                except (MailServerUnavailableError, StoreUnavailableError) as error:
                    _log.warning("mails wait", reason=str(error) or type(error).__name__)
                    await backoff.wait()
        finally:
            await self._mailer.close()

    async def _step(self) -> None:
        lease = await self._deliver.take()
        if lease is None:
            await self._mailer.close()
            await self._sleep(LOOK_SECONDS)
            return
        await _finished(self._attempt(lease))

    async def _attempt(self, lease: Lease) -> None:
        notification = lease.notification
        facts = {"notification.kind": notification.kind.value, "notification.id": notification.notification_id}
        with entered(_context(notification.cause)), span("send mail", Kind.CLIENT, facts) as sending:
            attempt = await self._deliver.attempt(lease)
            if attempt.outcome is not Outcome.SENT:
                sending.fail(attempt.outcome.value)
            _told(lease, attempt)


async def _finished(work: Awaitable[None]) -> None:
    # To be cut off between the answer of the mail server and its record means that the mail is handed over twice.
    task = asyncio.ensure_future(work)
    cancelled = False
    while not task.done():
        try:
            # Not the task itself, whose end is looked at below.
            await asyncio.wait({task})
        except asyncio.CancelledError:
            cancelled = True
    if cancelled:
        raise asyncio.CancelledError from task.exception()
    await task


def _told(lease: Lease, attempt: Attempt) -> None:
    notification = lease.notification
    facts = {
        "notification_id": notification.notification_id,
        "kind": notification.kind.value,
        "event_id": notification.cause.event_id,
        "attempts": notification.attempts,
    }
    match attempt.outcome:
        case Outcome.SENT:
            _log.info("a mail is sent", **facts)
        case Outcome.POSTPONED:
            _log.warning("a mail waits", **facts, reason=attempt.reason)
        case Outcome.FAILED:
            _log.error("a mail is given up", **facts, reason=attempt.reason)


def _context(cause: Cause) -> Context:
    trace = trace_of(cause.trace_parent, cause.trace_state)
    return Context(request_id=accept_request_id(cause.request_id), trace=trace)
