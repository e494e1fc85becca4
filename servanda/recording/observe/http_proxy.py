"""Proxy for HTTP/1.1: requests and responses pass as they come, and bodies in JSON are looked at."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from servanda.interfaces.protobuf.usage.routes import Route
from servanda.interfaces.protobuf.usage.values import of_json
from servanda.interfaces.usage.exchange import Shape, Side
from servanda.pact.descriptors import MessageType
from servanda.recording.observe import shapes
from servanda.recording.observe.collector import Collector, Passed, enum_values
from servanda.recording.observe.passing import HOP_BY_HOP, Exchanged, PassingServer
from servanda.recording.observe.shapes import TooManyMembersError
from servanda.verdict import Transport

_MASKS: Final = ("$fields", "fields", "read_mask", "readMask", "x-goog-fieldmask")


class HttpProxy(PassingServer):
    """A server that passes every request on, and notes the described ones.

    Args:
        target: URL of the provider; its path comes before that of each request.
        collector: Where to note them.
    """

    def __init__(self, target: str, collector: Collector) -> None:
        super().__init__("servanda observe", lambda: target, self._note)
        self._collector = collector
        self._base = urlsplit(target.rstrip("/")).path

    def _note(self, exchanged: Exchanged) -> None:
        if not exchanged.is_answered:
            return
        request = exchanged.request
        path = self._base + urlsplit(request.raw_path).path
        interfaces = self._collector.interfaces
        call = interfaces.request(request.method, path)
        if call is None:
            self._collector.pass_by()
            return
        route = interfaces.route(request.method, path)
        query = parse_qsl(urlsplit(request.raw_path).query, keep_blank_values=True)
        headers = {name.lower(): value for name, value in request.headers.items()}
        masks = [value for name, value in (*query, *headers.items()) if name in _MASKS]
        asked, answered = _types(route)
        is_sent, request_value = exchanged.sent.value(request.headers)
        is_received, response_value = exchanged.received.value(exchanged.headers)
        self._collector.add(
            Passed(
                call,
                Transport.HTTP,
                exchanged.status,
                tuple(sorted({name for name, _ in query})),
                tuple(sorted(name for name in headers if name not in HOP_BY_HOP)),
                _sent_shape(request_value, asked) if is_sent else None,
                Shape(shapes.of_json(response_value, answered)) if is_received else None,
                tuple(path for mask in masks for path in mask.split(",") if path),
                (*self._enums(asked, request_value, Side.WRITES), *self._enums(answered, response_value, Side.READS)),
            )
        )

    def _enums(self, message: MessageType | None, value: Any, side: Side) -> tuple[tuple[Side, str], ...]:
        if message is None:
            return ()
        return enum_values(of_json(message, value), self._collector.interfaces.catalogue.enums, side)


def _sent_shape(value: object, message: MessageType | None) -> Shape | None:
    try:
        return Shape(shapes.of_json(value, message, apart=True))
    except TooManyMembersError:
        return None


def _types(route: Route | None) -> tuple[MessageType | None, MessageType | None]:
    """Return the messages that the bodies of a request to an rpc and of its answer are."""
    if route is None:
        return None, None
    asked = _part(route.method.input_type, "" if route.body == "*" else route.body)
    return asked, _part(route.method.output_type, route.response_body)


def _part(message: MessageType, field: str) -> MessageType | None:
    return message.fields_by_name[field].message_type if field else message
