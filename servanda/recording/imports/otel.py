"""Calls of a consumer from its spans, after the semantic conventions of OpenTelemetry.

A span proves a call; of the fields it says nothing, unless a read mask is among its attributes. Conventions that were
read: https://opentelemetry.io/docs/specs/semconv/rpc/rpc-spans/ (1.37 and the release candidate after it),
https://opentelemetry.io/docs/specs/semconv/http/http-spans/ and
https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

from servanda.errors import ContractError
from servanda.interfaces.usage.exchange import Exchange
from servanda.recording.imports.imported import Imported, Wanted
from servanda.recording.imports.spans import Span, read_spans
from servanda.recording.usage.described import Described
from servanda.verdict import Transport

_RPC_SYSTEMS: Final = frozenset({"grpc", "connect_rpc", "connectrpc"})
# Path parameters as the routes of other frameworks have them: /users/:id and /users/<int:id>.
_OTHER_VARIABLE: Final = re.compile(r"(?<=/):(\w+)|<(?:\w+:)?(\w+)>")
_MASK_PARAMETERS: Final = ("$fields", "fields", "read_mask", "readMask", "field_mask", "fieldMask")
_MASK_ATTRIBUTE: Final = re.compile(r"(?:.*\.)?(?:x-goog-fieldmask|read_mask|\$fields)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Seen:
    """The requests that a span shows, before anybody looks what they mean."""

    transport: Transport
    names: tuple[str, ...]
    status: int | None = None
    query: tuple[str, ...] | None = None


def read(wanted: Wanted, interfaces: Described) -> Imported:
    """Read the calls of a consumer.

    Raises:
        ContractError: The file is not OTLP in JSON, or no span of the consumer is in it.
    """
    spans = list(read_spans(wanted.file))
    service = wanted.service or wanted.consumer
    services = {span.id: span.service for span in spans if span.id}
    own = [span for span in spans if _caller(span, services) == service]
    if not own:
        raise _nobody(wanted.file, service, spans)
    exchanges: dict[Exchange, None] = {}
    skipped = 0
    for span in own:
        found = list(_exchanges(span, interfaces))
        exchanges.update(dict.fromkeys(found))
        skipped += not found
    days = [span.day for span in own if span.day is not None]
    versions = sorted({span.version for span in own if span.service == service and span.version})
    return Imported(
        exchanges=tuple(exchanges),
        day=max(days) if days else None,
        version=", ".join(versions),
        told=f"{len(own)} spans of {service}, {skipped} of them about nothing that is described here",
    )


def _nobody(file: Path, service: str, spans: Iterable[Span]) -> ContractError:
    known = sorted({span.service for span in spans if span.service})
    hint = f"name its service with --service; services of the file: {', '.join(known) or 'none'}"
    return ContractError(f"no span of a call by the service '{service}'", where=str(file), hint=hint)


def _caller(span: Span, services: Mapping[str, str]) -> str:
    """Return the service that uses an interface in a span: the server's span is within the one of its caller."""
    if span.kind in {"CLIENT", "CONSUMER"}:
        return span.service
    caller = services.get(span.parent, "") if span.kind == "SERVER" else ""
    return caller if caller != span.service else ""


def _exchanges(span: Span, interfaces: Described) -> Iterator[Exchange]:
    seen = _rpc(span) or _message(span) or _request(span)
    if seen is None:
        return
    mask = tuple(dict.fromkeys(_mask(span)))
    for name in _meant(seen, interfaces):
        yield Exchange(name, seen.transport, "", seen.status, seen.query, mask=mask)


def _meant(seen: _Seen, interfaces: Described) -> Iterator[str]:
    for name in seen.names:
        if seen.transport == Transport.HTTP:
            method, _, path = name.partition(" ")
            found = interfaces.request(method, path)
            if found is not None:
                yield found
                return
        elif seen.transport == Transport.KAFKA:
            yield from interfaces.events(name)
        elif name in interfaces.catalogue.methods:
            yield name


def _rpc(span: Span) -> _Seen | None:
    if span.first("rpc.system.name", "rpc.system") not in _RPC_SYSTEMS:
        return None
    service, method = span.first("rpc.service"), span.first("rpc.method")
    name = method if "/" in method or not service else f"{service}/{method}"
    return _Seen(Transport.GRPC, (name.lstrip("/").replace("/", "."),))


def _message(span: Span) -> _Seen | None:
    topic = span.first("messaging.destination.template", "messaging.destination.name", "messaging.destination")
    if not topic or span.kind != "CONSUMER":
        return None
    return _Seen(Transport.KAFKA, (topic,)) if span.first("messaging.system") in {"kafka", ""} else None


def _request(span: Span) -> _Seen | None:
    method = span.first("http.request.method", "http.method")
    if not method:
        return None
    whole = span.first("url.full", "http.url", "http.target")
    target = _split(whole)
    paths = [span.first(name) for name in ("url.path", "http.route", "url.template")]
    names = [f"{method} {_braced(path)}" for path in (target[0], *paths) if path.startswith("/")]
    query = span.first("url.query") or target[1]
    is_told = bool(whole or span.first("url.query"))
    status = span.first("http.response.status_code", "http.status_code")
    return _Seen(
        Transport.HTTP,
        tuple(dict.fromkeys(names)),
        int(status) if status.isascii() and status.isdecimal() else None,
        tuple(parse_qs(query, keep_blank_values=True)) if is_told else None,
    )


def _split(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return parts.path, parts.query


def _braced(path: str) -> str:
    return _OTHER_VARIABLE.sub(lambda found: f"{{{found[1] or found[2]}}}", path)


def _mask(span: Span) -> Iterator[str]:
    """Yield the paths of read masks: in attributes, in captured headers and metadata, and in the query."""
    texts = [text for name, each in span.attributes.items() if _MASK_ATTRIBUTE.fullmatch(name) for text in each]
    query = span.first("url.query") or _split(span.first("url.full", "http.url", "http.target"))[1]
    parameters = parse_qs(query)
    texts += [text for name in _MASK_PARAMETERS for text in parameters.get(name, ())]
    yield from (path.strip() for text in texts for path in text.split(",") if path.strip())
