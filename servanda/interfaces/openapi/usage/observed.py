"""Operations of a document that usage logs call, and so what their consumers cannot use."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from servanda.interfaces.effect import Access
from servanda.interfaces.openapi.usage import bodies, parameters
from servanda.interfaces.openapi.usage.both import Touch
from servanda.interfaces.openapi.usage.operations import Call, Operations
from servanda.interfaces.openapi.usage.payloads import Payload
from servanda.interfaces.openapi.usage.reach import Reach
from servanda.interfaces.usage.exchange import EVERYTHING, Exchange, Shape, Side
from servanda.interfaces.usage.log import Noted, UsageLog
from servanda.interfaces.usage.use import USAGE_LOG, Use
from servanda.pact import Body
from servanda.transports.http.interaction import HttpRequest, HttpResponse
from servanda.verdict import Evidence, Transport

_JSON = "application/json"
_SIDES = frozenset({Side.READS, Side.WRITES})
_SENT = ("sent",)
"""Stands for the value of a parameter or a header, which nobody noted."""


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls of one consumer that a document describes.

    Attributes:
        log: The usage log that they are from.
        calls: With the request that each of them is.
        exchanges: The same for those whose messages were looked at.
    """

    log: UsageLog
    calls: tuple[tuple[Noted, Call], ...]
    exchanges: tuple[tuple[Exchange, Call], ...] = ()

    def uses(self) -> Iterator[Use]:
        """Yield each operation that is called, its path, and the parts that were noted."""
        seen = self.log.observation
        for label, call, exchange in self._each():
            evidence = Evidence(USAGE_LOG, seen.document, "", label, seen.version, seen.date)
            for element in (*call.operation.places, *call.operation.own.places):
                yield Use(element, seen.consumer, Access.CALL, Transport.HTTP, named=True, evidence=evidence)
            if exchange is None:
                continue
            evidence = replace(evidence, interaction=exchange.call)
            for touch, is_possible in _touched(call, exchange):
                proof = replace(evidence, refused=touch.refused, possible=is_possible)
                yield Use(touch.element, seen.consumer, touch.access, Transport.HTTP, named=True, evidence=proof)

    @property
    def told(self) -> frozenset[str]:
        """Places of the operations of which the log tells everything that the consumer does with them."""
        if self.log.complete != EVERYTHING:
            return frozenset()
        whole = (call for exchange, call in self.exchanges if len(_noted(call, exchange)) == len(_SIDES))
        open_ = {_place(call) for exchange, call in self.exchanges if len(_noted(call, exchange)) < len(_SIDES)}
        return frozenset(map(_place, whole)) - open_

    def add_to(self, reach: Reach, told: frozenset[str] = frozenset()) -> None:
        """Add all that the calls may have to do with, besides what was noted.

        Args:
            reach: Where to add it.
            told: Places of the operations of which another log tells everything.
        """
        for _, call in self.calls:
            if _place(call) not in told:
                reach.call(call.operation)
        for exchange, call in self.exchanges:
            missing = EVERYTHING - (self.log.complete & _noted(call, exchange))
            reach.call(call.operation, frozenset() if _place(call) in told else missing)

    def _each(self) -> Iterator[tuple[str, Call, Exchange | None]]:
        yield from ((noted.test, call, None) for noted, call in self.calls)
        yield from ((exchange.label, call, exchange) for exchange, call in self.exchanges)


def calls_of(log: UsageLog, operations: Operations) -> Calls | None:
    """Return the calls that a usage log noted; ``None`` if none is described: it did not watch this interface."""
    found, exchanges = [], []
    for noted in log.writes or ():
        call = _called(noted.element, operations)
        if call is not None:
            found.append((noted, call))
    for exchange in log.exchanges:
        call = _called(exchange.call, operations) if exchange.transport == Transport.HTTP else None
        if call is not None:
            exchanges.append((exchange, call))
    return Calls(log, tuple(found), tuple(exchanges)) if found or exchanges else None


def _called(request: str, operations: Operations) -> Call | None:
    method, _, path = request.partition(" ")
    return operations.called(method, path)


def _noted(call: Call, exchange: Exchange) -> frozenset[Side]:
    """Return what was noted of a call: a request without a described body is told by its parameters alone."""
    is_sent = exchange.sent is not None or not call.operation.own.get("requestBody")
    # What is in a cookie nobody noted.
    is_sent = is_sent and None not in (exchange.query, exchange.headers) and "cookie" not in (exchange.headers or ())
    is_read = exchange.received is not None or exchange.read is not None
    return frozenset(side for side, told in ((Side.WRITES, is_sent), (Side.READS, is_read)) if told)


def _place(call: Call) -> str:
    return " ".join(call.operation.own.places)


def _touched(call: Call, exchange: Exchange) -> Iterator[tuple[Touch, bool]]:
    """Yield the parts of the document that a call has to do with, and for each whether that is merely possible."""
    is_whole = Side.WRITES in _noted(call, exchange) and exchange.is_success
    written = Payload(Access.WRITE, judged=is_whole, valued=False)
    request = HttpRequest(
        method=exchange.call.partition(" ")[0],
        path=call.path,
        query=dict.fromkeys(exchange.query or (), _SENT),
        fields=dict.fromkeys(exchange.headers or (), _SENT),
        body=_body(exchange.sent),
    )
    yield from ((touch, exchange.is_refused) for touch in parameters.sent(call, request, written, judged=is_whole))
    yield from ((touch, exchange.is_refused) for touch in bodies.sent(call, request, written, judged=is_whole))
    read = Payload(Access.READ, judged=False, valued=False)
    for shape, is_possible in ((exchange.received, True), (exchange.read, False)):
        if shape is not None:
            answer = HttpResponse(body=_body(shape), status=exchange.status or 200)
            yield from ((touch, is_possible) for touch in bodies.expected(call, answer, read))


def _body(shape: Shape | None) -> Body | None:
    return Body(json.dumps(shape.value).encode(), _JSON) if shape is not None and shape.value is not None else None
