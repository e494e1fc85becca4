"""Command of the gateway: serves."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from platformkit.service import run

if TYPE_CHECKING:
    from platformkit.lifecycle.application import Factory


def load() -> Factory:
    """Import the application, see `platformkit.service.Load`."""
    from services.gateway.application import application  # noqa: PLC0415 - see there

    return application


if __name__ == "__main__":
    sys.exit(run("gateway", load))
