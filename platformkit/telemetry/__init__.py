"""Structured logs and the request id that runs through every transport."""

from platformkit.telemetry.logs import Logger, configure_logging, get_logger
from platformkit.telemetry.request_id import REQUEST_ID_HEADER, accept_request_id, new_request_id, request_id

__all__ = [
    "REQUEST_ID_HEADER",
    "Logger",
    "accept_request_id",
    "configure_logging",
    "get_logger",
    "new_request_id",
    "request_id",
]
