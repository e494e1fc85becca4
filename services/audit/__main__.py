"""Serves audit, or brings its schema to the version of this code: python -m services.audit [migrate]."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from platformkit.process import Settings, run


async def serve(settings: Settings, stop: asyncio.Event) -> None:
    """Serve until told to stop, see `platformkit.lifecycle.serve`."""
    # Imported here, because it is most of what a start takes and a migration needs none of it.
    from platformkit import lifecycle  # noqa: PLC0415
    from services.audit.application import application  # noqa: PLC0415

    await lifecycle.serve(settings, application, stop)


if __name__ == "__main__":
    sys.exit(run("audit", serve, migrations=Path(__file__).with_name("migrations")))
