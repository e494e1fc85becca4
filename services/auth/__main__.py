"""Command of auth: serves, brings its schema to the version of this code (``migrate``), or makes ``first-admin``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from platformkit.service import run

if TYPE_CHECKING:
    from platformkit.lifecycle import Factory, Settings


def load() -> Factory:
    """Import the application, see `platformkit.service.Load`."""
    from services.auth.application import application  # noqa: PLC0415 - see there

    return application


async def first_admin(settings: Settings) -> None:
    """Make the first administrator, see `services.auth.first_admin`."""
    from services.auth.first_admin import first_admin as make  # noqa: PLC0415 - see `platformkit.service.Load`

    await make(settings)


if __name__ == "__main__":
    migrations = Path(__file__).with_name("migrations")
    sys.exit(run("auth", load, migrations=migrations, commands={"first-admin": first_admin}))
