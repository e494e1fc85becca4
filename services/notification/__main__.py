"""Command of notification: serves, or brings its schema to the version of this code (``migrate``)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from platformkit.service import run

if TYPE_CHECKING:
    from platformkit.lifecycle import Factory


def load() -> Factory:
    """Import the application, see `platformkit.service.Load`."""
    from services.notification.application import application  # noqa: PLC0415 - see there

    return application


if __name__ == "__main__":
    sys.exit(run("notification", load, migrations=Path(__file__).with_name("migrations")))
