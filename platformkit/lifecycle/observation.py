"""Traces and metrics of a process, if its settings ask for them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from platformkit.lifecycle import Settings, StartError
from platformkit.lifecycle.ports import require_free
from platformkit.telemetry import FLUSH_SECONDS, TelemetryError, traced, wants_traces


@asynccontextmanager
async def recorded(settings: Settings) -> AsyncIterator[None]:
    """Records spans meanwhile; what is left of them is sent in the end.

    Raises:
        StartError: They are wanted in a way that there is not.
    """
    try:
        wanted = wants_traces(settings.environ)
    except TelemetryError as error:
        raise StartError(error.what, hint=error.hint) from error
    if not wanted:
        yield
        return
    async with traced(settings.name, settings.version, min(FLUSH_SECONDS, settings.drain_seconds)):
        yield


@asynccontextmanager
async def measured(settings: Settings) -> AsyncIterator[None]:
    """Keeps metrics meanwhile, and shows them on a port of their own.

    Raises:
        StartError: The port is taken.
    """
    if settings.metrics_port is None:
        yield
        return
    # Imported here: a process that nobody looks at need not pay for it.
    from platformkit.telemetry.prometheus import shown  # noqa: PLC0415

    require_free(settings.host, settings.metrics_port)
    async with shown(settings.host, settings.metrics_port):
        yield
