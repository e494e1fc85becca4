"""The way of events from Kafka into the effect that they have."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final, Generic

from google.protobuf.message import Message

from platformkit.backoff import Backoff
from platformkit.context import Context, Payload, accept_request_id, current, entered
from platformkit.events.blame import blames_event
from platformkit.events.dead_letter import dead_letter, meant_for, without_value
from platformkit.events.envelope import Event, decode
from platformkit.events.errors import (
    EventError,
    MalformedEventError,
    PublishError,
    RecordRefusedError,
    SubscriptionError,
    UnknownEventTypeError,
)
from platformkit.events.inbox import Inbox, Transaction
from platformkit.events.parking import Parked, Parking, lane_of
from platformkit.events.publisher import Publisher
from platformkit.events.spans import processing
from platformkit.events.subscription import Delivery, Subscription
from platformkit.telemetry import DELAYS, Counter, Histogram, get_logger, redacted

log = get_logger(__name__)

APPLIED: Final = Counter("plt_events_applied_total", "Events that took effect", ("consumer", "type"))
DELAY: Final = Histogram("plt_event_delay_seconds", "Time from an event to its effect", ("consumer",), DELAYS)
FAILED: Final = Counter("plt_event_failures_total", "Failed tries to apply an event alone", ("consumer", "type"))
PARKED: Final = Counter("plt_events_parked_total", "Events that were put aside to be tried again", ("consumer",))
DEAD: Final = Counter("plt_dead_letters_total", "Records that were given up", ("consumer", "topic"))

ATTEMPTS: Final = 3
LOOK_SECONDS: Final = 1.0
"""How often it is looked whether a parked event is due."""

Handler = Callable[[Transaction, Event], Awaitable[None]]


class Consumer(Generic[Transaction]):
    """Applies each event once in effect, in the order of its key.

    A record that is no event goes to the dead letters, and the next one has its turn. So does one whose handler fails
    again and again; with a parking it is tried again later before, and what comes for its key waits behind it. While a
    store or a service that a handler needs is away, nothing is given up: the consumer waits. An event of a type without
    handler is passed over: a newer producer may publish it.

    Args:
        subscription: Where records come from.
        inbox: Where it is known which of them were applied.
        handlers: What to do, by message; called inside the transaction that the inbox opens.
        publisher: Takes the dead letters to their topic.
        name: Name of the consumer, written into dead letters.
        parking: Where events that fail wait until they are tried again, by ``run_parked``; None gives them up at once.
        backoff: Makes the waits between attempts.
        sleep: Waits for so many seconds.
    """

    def __init__(  # noqa: PLR0913 - the parts of a consumer, given once where a process is wired
        self,
        subscription: Subscription,
        inbox: Inbox[Transaction],
        handlers: Mapping[type[Message], Handler[Transaction]],
        publisher: Publisher,
        *,
        name: str,
        parking: Parking[Transaction] | None = None,
        backoff: Callable[[], Backoff] = Backoff,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._subscription = subscription
        self._inbox = inbox
        self._handlers = {message.DESCRIPTOR.full_name: handler for message, handler in handlers.items()}
        self._types = tuple(handlers)
        self._publisher = publisher
        self._name = name
        self._parking = parking
        self._backoff = backoff
        self._sleep = sleep

    async def run(self) -> None:
        """Work until cancelled; while Kafka or the store behind the inbox is away, wait for it."""
        backoff = self._backoff()
        while True:
            try:
                deliveries = await self._subscription.receive()
                if deliveries:
                    await self._apply(deliveries)
                    await self._subscription.commit(deliveries)
                backoff.reset()
            except SubscriptionError as error:
                log.warning("the consumer waits", consumer=self._name, reason=str(error))
                await backoff.wait()

    async def run_parked(self) -> None:
        """Try events again that were parked, when their time has come; until cancelled, and through outages."""
        backoff = self._backoff()
        while self._parking is not None:
            try:
                if not await self._retry_one(self._parking):
                    await self._sleep(LOOK_SECONDS)
                backoff.reset()
            except Exception as error:  # noqa: BLE001 - what the event is not to blame for passes
                # Which event it is about is not known here.
                log.warning("parked events wait", consumer=self._name, reason=type(error).__name__)
                await backoff.wait()

    def _reason(self, error: Exception, *deliveries: Delivery) -> str:
        """Return what went wrong, without what the events hold that nobody may read."""
        messages = []
        for delivery in deliveries:
            with suppress(EventError):
                messages.append(decode(delivery.record, self._types).message)
        return redacted(f"{type(error).__name__}: {error}", messages)

    async def _retry_one(self, parking: Parking[Transaction]) -> bool:
        parked: Parked | None = None
        try:
            async with self._inbox.transaction() as transaction:
                parked = await parking.due(transaction)
                if parked is None:
                    return False
                fresh = await self._handle(transaction, [decode(parked.delivery.record, self._types)])
                await parking.remove(transaction, parked)
        except Exception as error:
            if parked is None or not blames_event(error):
                raise
            await self._retry_later(parking, parked, error)
        else:
            self._applied(fresh)
        return True

    async def _retry_later(self, parking: Parking[Transaction], parked: Parked, error: Exception) -> None:
        async with self._inbox.transaction() as transaction:
            if await parking.postpone(transaction, parked, self._reason(error, parked.delivery)):
                return
        await self._give_up(parked.delivery, error, parked.attempts + 1)
        async with self._inbox.transaction() as transaction:
            await parking.remove(transaction, parked)

    async def _apply(self, deliveries: Sequence[Delivery]) -> None:
        readable: list[tuple[Delivery, Event]] = []
        for delivery in deliveries:
            if not meant_for(delivery.record, self._name):
                continue
            try:
                readable.append((delivery, decode(delivery.record, self._types)))
            except UnknownEventTypeError as error:
                log.info("an event is passed over", consumer=self._name, reason=str(error))
            except MalformedEventError as error:
                await self._give_up(delivery, error, attempts=1)
        try:
            await self._apply_together(readable)
        except Exception as error:  # noqa: BLE001 - a handler may raise anything; which event it is about shows below
            reason = self._reason(error, *(delivery for delivery, _ in readable))
            log.debug("events are applied one by one", consumer=self._name, reason=reason)
            for delivery, event in readable:
                await self._apply_alone(delivery, event)

    async def _apply_together(self, received: Sequence[tuple[Delivery, Event]]) -> None:
        if not received:
            return
        async with self._inbox.transaction() as transaction:
            free = await self._queue_behind_parked(transaction, received)
            fresh = await self._handle(transaction, free)
        self._applied(fresh)

    async def _queue_behind_parked(
        self, transaction: Transaction, received: Sequence[tuple[Delivery, Event]]
    ) -> list[Event]:
        """Return the events whose keys are not parked; the others wait behind those that are."""
        if self._parking is None:
            return [event for _, event in received]
        held = await self._parking.held(transaction, [lane_of(delivery.record) for delivery, _ in received])
        for delivery, event in received:
            if lane_of(delivery.record) in held:
                await self._parking.queue(transaction, delivery, event)
        return [event for delivery, event in received if lane_of(delivery.record) not in held]

    async def _handle(self, transaction: Transaction, events: Sequence[Event]) -> list[tuple[Event, Context]]:
        fresh: list[tuple[Event, Context]] = []
        for event in await self._inbox.claim(transaction, events):
            with entered(_context(event)), processing(event, self._name):
                fresh.append((event, current()))
                await self._handlers[event.type](transaction, event)
        return fresh

    def _applied(self, fresh: Sequence[tuple[Event, Context]]) -> None:
        for event, context in fresh:
            with entered(context):
                APPLIED.add(self._name, event.type)
                DELAY.observe(max(0.0, (datetime.now(UTC) - event.time).total_seconds()), self._name)
                log.info("an event is applied", consumer=self._name, event_type=event.type, event_id=event.id)

    async def _apply_alone(self, delivery: Delivery, event: Event) -> None:
        attempts, backoff = 0, self._backoff()
        while True:
            try:
                return await self._apply_together([(delivery, event)])
            except Exception as error:  # noqa: BLE001 - a handler may raise anything; the event must not stop the others
                attempts += blames_event(error)
                FAILED.add(self._name, event.type)
                if attempts >= ATTEMPTS:
                    return await self._set_aside(delivery, event, error, attempts)
                reason = self._reason(error, delivery)
                log.warning("an event is tried again", consumer=self._name, event_id=event.id, reason=reason)
                await backoff.wait()

    async def _set_aside(self, delivery: Delivery, event: Event, error: Exception, attempts: int) -> None:
        backoff, reason = self._backoff(), self._reason(error, delivery)
        while self._parking is not None:
            try:
                async with self._inbox.transaction() as transaction:
                    parked = await self._parking.park(transaction, delivery, event, reason)
            except Exception as failure:  # noqa: BLE001 - what is away comes back, and the event may not be lost
                if blames_event(failure):
                    break
                waits = self._reason(failure, delivery)
                log.warning("a failed event waits", consumer=self._name, event_id=event.id, reason=waits)
                await backoff.wait()
                continue
            if not parked:
                break
            PARKED.add(self._name)
            log.warning("an event is parked", consumer=self._name, event_id=event.id, reason=reason)
            return
        await self._give_up(delivery, error, attempts)

    async def _give_up(self, delivery: Delivery, error: Exception, attempts: int) -> None:
        reason = self._reason(error, delivery)
        record = dead_letter(delivery, consumer=self._name, error=reason, attempts=attempts)
        DEAD.add(self._name, delivery.record.topic)
        log.error("a record goes to the dead letters", topic=record.topic, offset=delivery.offset, reason=reason)
        backoff = self._backoff()
        while True:
            try:
                await self._publisher.publish([record])
            except RecordRefusedError as refusal:
                if record.value is None:
                    # It can still be read at its place, as long as its topic keeps it.
                    log.error("Kafka refuses a dead letter", topic=record.topic, reason=str(refusal))
                    return
                record = without_value(record)
            except PublishError as failure:
                log.warning("a dead letter waits", consumer=self._name, reason=str(failure))
                await backoff.wait()
            else:
                return


def _context(event: Event) -> Context:
    payload = Payload(event.message)
    return Context(request_id=accept_request_id(event.request_id), trace=event.trace, payload=payload)
