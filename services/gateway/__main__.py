"""Serves the gateway: python -m services.gateway."""

from __future__ import annotations

import asyncio
import sys

from platformkit.process import Settings, run


async def serve(settings: Settings, stop: asyncio.Event) -> None:
    """Serve until told to stop, see `platformkit.lifecycle.serve`."""
    # Imported here, because it is most of what a start takes and what is asked wrongly is refused without it.
    from platformkit import lifecycle  # noqa: PLC0415
    from services.gateway.application import application  # noqa: PLC0415

    await lifecycle.serve(settings, application, stop)


if __name__ == "__main__":
    sys.exit(run("gateway", serve))
