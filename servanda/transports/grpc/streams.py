"""Calls that stream: an interaction can hold them, but nothing replays, plays or compares them yet."""

from __future__ import annotations


def refusal(method: str, *, client: bool, server: bool) -> str | None:
    """Return why a method cannot be in a contract; nothing if it can.

    The one place that knows it: whoever teaches the suite to stream begins by taking this away.

    Args:
        method: ``package.Service/Method``.
        client: Whether the consumer sends a stream.
        server: Whether the provider sends one.
    """
    return f"'{method}' streams: only unary calls are supported" if client or server else None
