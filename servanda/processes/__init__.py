"""Child processes: the only place that starts any. Under which rules, who they run as, how they end, where they listen.

``run_tool`` runs what examines a tree and executes nothing of it. ``Child`` and ``guarded`` run what a configuration
names: services, migrations, recorders and tests, which are code of the tree by design.
"""

from servanda.processes.account import NAMESPACE, NOBODY, Account, unprivileged_account
from servanda.processes.child import Child, StopPolicy, guarded
from servanda.processes.environment import find_program, isolated_python, search_path, tool_environment
from servanda.processes.git import Git, repository_top
from servanda.processes.ports import free_port, free_ports
from servanda.processes.private import append_to_private_file, make_private_folder
from servanda.processes.tool import Bounds, Finished, run_tool

__all__ = [
    "NAMESPACE",
    "NOBODY",
    "Account",
    "Bounds",
    "Child",
    "Finished",
    "Git",
    "StopPolicy",
    "append_to_private_file",
    "find_program",
    "free_port",
    "free_ports",
    "guarded",
    "isolated_python",
    "make_private_folder",
    "repository_top",
    "run_tool",
    "search_path",
    "tool_environment",
    "unprivileged_account",
]
