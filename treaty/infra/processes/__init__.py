"""Child processes that never outlive their parent, and the ports that they listen on."""

from treaty.infra.processes.child import Child, StopPolicy, guarded
from treaty.infra.processes.ports import free_port, free_ports

__all__ = ["Child", "StopPolicy", "free_port", "free_ports", "guarded"]
