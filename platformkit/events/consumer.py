"""The way of events from Kafka into the effect that they have."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, Generic

from google.protobuf.message import Message

from platformkit.backoff import Backoff
from platformkit.context import Context, accept_request_id, entered
from platformkit.events.blame import blames_event
from platformkit.events.dead_letter import dead_letter, without_value
from platformkit.events.envelope import Event, decode
from platformkit.events.errors import (
    MalformedEventError,
    PublishError,
    RecordRefusedError,
    SubscriptionError,
    UnknownEventTypeError,
)
from platformkit.events.inbox import Inbox, Transaction
from platformkit.events.publisher import Publisher
from platformkit.events.subscription import Delivery, Subscription
from platformkit.telemetry import get_logger

log = get_logger(__name__)

ATTEMPTS: Final = 3

Handler = Callable[[Transaction, Event], Awaitable[None]]


class Consumer(Generic[Transaction]):
    """Applies each event once in effect, in the order of its key.

    A record that is no event, or whose handler fails again and again, goes to the dead letters, and the next one has
    its turn. While a store or a service that a handler needs is away, nothing is given up: the consumer waits. An event
    of a type without handler is passed over: a newer producer may publish it.

    Args:
        subscription: Where records come from.
        inbox: Where it is known which of them were applied.
        handlers: What to do, by message; called inside the transaction that the inbox opens.
        publisher: Takes the dead letters to their topic.
        name: Name of the consumer, written into dead letters.
        backoff: Makes the waits between attempts.
    """

    def __init__(
        self,
        subscription: Subscription,
        inbox: Inbox[Transaction],
        handlers: Mapping[type[Message], Handler[Transaction]],
        publisher: Publisher,
        *,
        name: str,
        backoff: Callable[[], Backoff] = Backoff,
    ) -> None:
        self._subscription = subscription
        self._inbox = inbox
        self._handlers = {message.DESCRIPTOR.full_name: handler for message, handler in handlers.items()}
        self._types = tuple(handlers)
        self._publisher = publisher
        self._name = name
        self._backoff = backoff

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

    async def _apply(self, deliveries: Sequence[Delivery]) -> None:
        readable: list[tuple[Delivery, Event]] = []
        for delivery in deliveries:
            try:
                readable.append((delivery, decode(delivery.record, self._types)))
            except UnknownEventTypeError as error:
                log.info("an event is passed over", consumer=self._name, reason=str(error))
            except MalformedEventError as error:
                await self._give_up(delivery, error, attempts=1)
        try:
            await self._apply_together([event for _, event in readable])
        except Exception as error:  # noqa: BLE001 - a handler may raise anything; which event it is about shows below
            log.debug("events are applied one by one", consumer=self._name, reason=_reason(error))
            for delivery, event in readable:
                await self._apply_alone(delivery, event)

    async def _apply_together(self, events: Sequence[Event]) -> None:
        if not events:
            return
        async with self._inbox.transaction() as transaction:
            fresh = [(event, _context(event)) for event in await self._inbox.claim(transaction, events)]
            for event, context in fresh:
                with entered(context):
                    await self._handlers[event.type](transaction, event)
        for event, context in fresh:
            with entered(context):
                log.info("an event is applied", consumer=self._name, event_type=event.type, event_id=event.id)

    async def _apply_alone(self, delivery: Delivery, event: Event) -> None:
        attempts, backoff = 0, self._backoff()
        while True:
            try:
                return await self._apply_together([event])
            except Exception as error:  # noqa: BLE001 - a handler may raise anything; the event must not stop the others
                attempts += blames_event(error)
                if attempts == ATTEMPTS:
                    return await self._give_up(delivery, error, attempts)
                log.warning("an event is tried again", consumer=self._name, event_id=event.id, reason=_reason(error))
                await backoff.wait()

    async def _give_up(self, delivery: Delivery, error: Exception, attempts: int) -> None:
        record = dead_letter(delivery, consumer=self._name, error=_reason(error), attempts=attempts)
        log.error(
            "a record goes to the dead letters", topic=record.topic, offset=delivery.offset, reason=_reason(error)
        )
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
    return Context(request_id=accept_request_id(event.request_id), trace=event.trace)


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
