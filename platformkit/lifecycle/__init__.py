"""Life of a service process: its settings, its start, its readiness and its drain.

What takes long to import is imported when it is first asked for, so that a migration need not pay for servers that it
does not start. `platformkit.lifecycle.serve` holds the function of its name.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from platformkit.lifecycle.errors import StartError
from platformkit.lifecycle.settings import Settings

if TYPE_CHECKING:
    from platformkit.lifecycle.application import Application, Check, Factory, Servicer, Task
    from platformkit.lifecycle.background import every

__all__ = ["Application", "Check", "Factory", "Servicer", "Settings", "StartError", "Task", "every"]

_MODULES = {
    "Application": "application",
    "Check": "application",
    "Factory": "application",
    "Servicer": "application",
    "Task": "application",
    "every": "background",
}


def __getattr__(name: str) -> object:
    """Import what is offered under a name.

    Raises:
        AttributeError: Nothing is.
    """
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
