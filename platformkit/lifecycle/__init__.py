"""How a service starts, says that it is ready, and drains."""

from platformkit.lifecycle.application import Application, Check, Factory, Servicer, Task
from platformkit.lifecycle.serve import serve

__all__ = ["Application", "Check", "Factory", "Servicer", "Task", "serve"]
