"""How a service starts, says that it is ready, and drains."""

from platformkit.lifecycle.application import Application, Check, Factory, Servicer, Task
from platformkit.lifecycle.errors import StartError
from platformkit.lifecycle.run import run
from platformkit.lifecycle.serve import serve
from platformkit.lifecycle.settings import Settings

__all__ = ["Application", "Check", "Factory", "Servicer", "Settings", "StartError", "Task", "run", "serve"]
