"""Child processes: the only place that starts any. Under which rules, who they run as, how they end, where they listen.

``run_tool`` runs what examines a tree and executes nothing of it. ``Child``, ``PipedChild`` and ``run_command`` run
what a configuration names: services, migrations, recorders and tests, which are code of the tree by design. The last
two need asyncio, and are imported when they are asked for (PEP 562): who only runs tools is done in less time.
"""

import importlib
from types import MappingProxyType
from typing import TYPE_CHECKING

from servanda.processes.account import NAMESPACE, NOBODY, Account, unprivileged_accounts
from servanda.processes.child import Child, StopPolicy, guarded
from servanda.processes.detached import Detached, Watcher
from servanda.processes.environment import find_program, has_program, isolated_python, search_path, tool_environment
from servanda.processes.git import Git, fetched, repository_top
from servanda.processes.interruption import Interruption, interruptible
from servanda.processes.memory import bounded_memory
from servanda.processes.output import TAIL_LINES, Lines, Log, OutputBounds, last_lines, shortened
from servanda.processes.ports import free_port, free_ports
from servanda.processes.private import append_to_private_file, make_private_folder
from servanda.processes.tool import Bounds, Finished, run_tool

if TYPE_CHECKING:
    from servanda.processes.command import CommandBounds, Ended, run_command
    from servanda.processes.piped import PipedChild

__all__ = [
    "NAMESPACE",
    "NOBODY",
    "TAIL_LINES",
    "Account",
    "Bounds",
    "Child",
    "CommandBounds",
    "Detached",
    "Ended",
    "Finished",
    "Git",
    "Interruption",
    "Lines",
    "Log",
    "OutputBounds",
    "PipedChild",
    "StopPolicy",
    "Watcher",
    "append_to_private_file",
    "bounded_memory",
    "fetched",
    "find_program",
    "free_port",
    "free_ports",
    "guarded",
    "has_program",
    "interruptible",
    "isolated_python",
    "last_lines",
    "make_private_folder",
    "repository_top",
    "run_command",
    "run_tool",
    "search_path",
    "shortened",
    "tool_environment",
    "unprivileged_accounts",
]

_WITH_ASYNCIO = MappingProxyType(
    {
        "CommandBounds": "servanda.processes.command",
        "Ended": "servanda.processes.command",
        "PipedChild": "servanda.processes.piped",
        "run_command": "servanda.processes.command",
    }
)


if not TYPE_CHECKING:  # a type checker would else take every name for one that exists

    def __getattr__(name: str) -> object:
        """Import a name that needs asyncio."""
        if name not in _WITH_ASYNCIO:
            raise AttributeError(f"module 'servanda.processes' has no attribute '{name}'")
        globals()[name] = getattr(importlib.import_module(_WITH_ASYNCIO[name]), name)
        return globals()[name]
