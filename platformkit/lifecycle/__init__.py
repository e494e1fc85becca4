"""How a service starts, says that it is ready, and drains."""

from platformkit.lifecycle.errors import StartError
from platformkit.lifecycle.settings import Settings

__all__ = ["Settings", "StartError"]
