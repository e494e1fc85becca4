"""Structured logs, which name the request or event that each line is about."""

from platformkit.telemetry.logs import Logger, configure_logging, get_logger

__all__ = ["Logger", "configure_logging", "get_logger"]
