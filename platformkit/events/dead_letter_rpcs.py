"""The rpcs of a service about its dead letters: messages in, messages out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import grpc
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from plt.event.v1 import dead_letter_pb2

from platformkit.events.dead_letter import ERROR_CHARACTERS
from platformkit.events.dead_letters import Choice, DeadLetters, UnknownLetterError, order_of
from platformkit.events.envelope import ATTRIBUTE_BYTES
from platformkit.events.errors import EventError
from platformkit.events.redrive import Letter
from platformkit.paging import PageTokens, page_token_invalid
from platformkit.status import FieldViolation, ServiceError
from platformkit.telemetry import get_logger

DEFAULT_PAGE_SIZE: Final = 50
DEFAULT_LIMIT: Final = 100
_DIGITS: Final = 10
"""More of them may be no int32, whoever wrote them."""

log = get_logger(__name__)

Answer = TypeVar("Answer", bound=Message)


class DeadLetterRpcs:
    """The rpcs ``ListDeadLetters`` and ``RedriveDeadLetters`` of a service.

    Each service has messages of its own for them, whose fields have the same names in all services.

    Args:
        letters: Dead letters of the consumer of the service.
        tokens: Makes and reads page tokens.
    """

    def __init__(self, letters: DeadLetters, tokens: PageTokens) -> None:
        self._letters = letters
        self._tokens = tokens

    async def list(self, request: Any, answer: Callable[..., Answer]) -> Answer:
        """List dead letters, the latest first.

        Raises:
            ServiceError: INVALID_ARGUMENT, the page token is none of this listing; UNAVAILABLE, Kafka is away.
        """
        after = self._after(request)
        with _refused():
            found = await self._letters.found()
        wanted = [one for one in found if request.show_redriven or not one.redriven]
        following = [one for one in wanted if after is None or order_of(one) < after]
        size = request.page_size or DEFAULT_PAGE_SIZE
        page = following[:size]
        token = self._token(request, page[-1]) if len(following) > size else ""
        return answer(dead_letters=[_message_of(one) for one in page], next_page_token=token)

    async def redrive(self, request: Any, answer: Callable[..., Answer]) -> Answer:
        """Send dead letters back, the oldest first.

        Raises:
            ServiceError: INVALID_ARGUMENT, there is no such time; NOT_FOUND, an event has no letter; UNAVAILABLE, Kafka
                is away.
        """
        choice = Choice(frozenset(request.event_ids), _since(request))
        with _refused():
            redriven = await self._letters.redrive(choice, request.limit or DEFAULT_LIMIT)
        log.info("dead letters went back", count=redriven.count, lost=redriven.lost, remaining=redriven.remaining)
        return answer(redriven_count=redriven.count, lost_count=redriven.lost, remaining_count=redriven.remaining)

    def _after(self, request: Any) -> tuple[datetime, str, int, int] | None:
        if not request.page_token:
            return None
        try:
            # A token of our own may be of a release that wrote it otherwise.
            time, topic, partition, offset = self._tokens.decode(request, request.page_token)
            return datetime.fromisoformat(time).astimezone(UTC), topic, int(partition), int(offset)
        except (ValueError, OverflowError):
            raise page_token_invalid() from None

    def _token(self, request: Any, last: Letter) -> str:
        time, topic, partition, offset = order_of(last)
        return self._tokens.encode(request, (time.isoformat(), topic, str(partition), str(offset)))


@contextmanager
def _refused() -> Iterator[None]:
    try:
        yield
    except UnknownLetterError as error:
        raise ServiceError(grpc.StatusCode.NOT_FOUND, str(error), reason="DEAD_LETTER_NOT_FOUND") from error
    except EventError as error:
        log.warning("Kafka away", reason=str(error))
        message = "the dead letters cannot be reached right now; try again"
        raise ServiceError(grpc.StatusCode.UNAVAILABLE, message, reason="STORE_UNAVAILABLE") from error


def _since(request: Any) -> datetime | None:
    if not request.HasField("since_time"):
        return None
    try:
        since: datetime = request.since_time.ToDatetime(UTC)
    except (ValueError, OverflowError):
        # Constraints of the interface look at the seconds alone.
        what = "must have from 0 to 999999999 nanoseconds"
        violation = FieldViolation("since_time", what, "FIELD_INVALID")
        code = grpc.StatusCode.INVALID_ARGUMENT
        raise ServiceError(code, f"since_time {what}", reason="FIELD_INVALID", violations=(violation,)) from None
    return since


def _message_of(letter: Letter) -> dead_letter_pb2.DeadLetter:
    stored = letter.stored
    attempts = letter.fact("x-attempts")
    time = Timestamp()
    time.FromDatetime(stored.time)
    return dead_letter_pb2.DeadLetter(
        topic=stored.record.topic,
        partition=stored.partition,
        offset=stored.offset,
        # Whoever may write to the topic may have written anything, and a page holds many of them.
        key=(stored.record.key or b"").decode(errors="replace")[:ATTRIBUTE_BYTES],
        event_id=letter.event_id[:ATTRIBUTE_BYTES],
        event_type=letter.fact("ce_type")[:ATTRIBUTE_BYTES],
        give_up_time=time,
        reason=letter.fact("x-error")[:ERROR_CHARACTERS],
        attempts=int(attempts) if attempts.isascii() and attempts.isdecimal() and len(attempts) < _DIGITS else 0,
        redriven=letter.redriven,
    )
