"""A service as a process: what its environment says, and what its command line asks for."""

from platformkit.process.errors import StartError
from platformkit.process.run import Serve, run
from platformkit.process.settings import Settings

__all__ = ["Serve", "Settings", "StartError", "run"]
