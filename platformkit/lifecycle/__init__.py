"""Life of a service process: its settings, its start, its readiness and its drain.

Only what costs nothing to import stands here, so that a migration need not pay for servers that it does not start.
"""

from platformkit.lifecycle.errors import StartError
from platformkit.lifecycle.settings import Settings

__all__ = ["Settings", "StartError"]
