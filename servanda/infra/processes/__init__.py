"""Child processes that never outlive their parent: who they run as, how they end, and where they listen."""

from servanda.infra.processes.account import NAMESPACE, NOBODY, Account, unprivileged_account
from servanda.infra.processes.child import Child, StopPolicy, guarded
from servanda.infra.processes.ports import free_port, free_ports

__all__ = [
    "NAMESPACE",
    "NOBODY",
    "Account",
    "Child",
    "StopPolicy",
    "free_port",
    "free_ports",
    "guarded",
    "unprivileged_account",
]
