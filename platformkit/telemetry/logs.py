"""One JSON object per line: time, level, service, logger, event, the request at hand, and what the event carries."""

from __future__ import annotations

import logging
from typing import TextIO

import structlog
from google.protobuf.message import Message
from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

from platformkit.context import current
from platformkit.telemetry.redaction import redacted

Logger = FilteringBoundLogger


def get_logger(name: str) -> Logger:
    """Return a logger whose lines carry this name as ``logger``; keyword arguments of its methods become fields."""
    logger: Logger = structlog.get_logger(logger_name=name)
    return logger


def configure_logging(service: str, level: str, stream: TextIO) -> None:
    """Send every line of this process, also those of libraries, to one stream as JSON.

    Args:
        service: Name of the service, in every line.
        level: Lowest level that is written: debug, info, warning, error or critical, in any case.
        stream: Where to, normally standard output.

    Raises:
        ValueError: There is no such level.
    """
    threshold = logging.getLevelNamesMapping().get(level.upper())
    if threshold is None:
        raise ValueError(f"no such log level: {level!r}; expected debug, info, warning, error or critical")
    shared: list[Processor] = [
        _naming(service),
        _name_logger,
        _add_context,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        structlog.processors.format_exc_info,
        _redact,
    ]
    render = structlog.processors.JSONRenderer(sort_keys=True)
    structlog.configure(
        processors=[*shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.WriteLoggerFactory(stream),
        # Tests configure more than once; a service asks for its loggers once anyway.
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
            foreign_pre_chain=shared,
        )
    )
    logging.basicConfig(handlers=[handler], level=max(threshold, logging.WARNING), force=True)


def _naming(service: str) -> Processor:
    def add_service(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        event["service"] = service
        return event

    return add_service


def _add_context(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    context = current()
    if context.request_id:
        event.setdefault("request_id", context.request_id)
    if context.trace is not None:
        event.setdefault("trace_id", context.trace.trace_id)
        event.setdefault("span_id", context.trace.span_id)
    return event


def _redact(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    payload = current().payload
    # A line of the level info holds facts that its code names, and there are many; others quote whatever has failed.
    if payload is None or payload.message is None or event.get("level") == "info":
        return event
    return {name: _without(value, payload.message) for name, value in event.items()}


def _without(value: object, message: Message) -> object:
    return redacted(value, (message,)) if isinstance(value, str) else value


def _name_logger(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    # structlog keeps the name "logger" for itself until here; a line of a library still has its record.
    record: logging.LogRecord | None = event.get("_record")
    event["logger"] = event.pop("logger_name", "") if record is None else record.name
    return event
