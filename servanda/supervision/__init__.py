"""The processes of the system under test: how they are started, observed and drained."""

from servanda.supervision.elsewhere import Elsewhere, elsewhere
from servanda.supervision.events import (
    Event,
    Exited,
    Listener,
    Migrated,
    Output,
    Ready,
    Started,
    Stopped,
    describe_exit,
    ignore,
)
from servanda.supervision.instance import Instance, Source, configured
from servanda.supervision.launch import migration_stores
from servanda.supervision.order import start_order
from servanda.supervision.placeholders import Placeholders
from servanda.supervision.plan import Plan, own_folder
from servanda.supervision.service import SupervisedService
from servanda.supervision.start import Running, start
from servanda.supervision.state import Attached, attach
from servanda.supervision.stores import start_with_stores
from servanda.supervision.system import ServiceHandle, System

__all__ = [
    "Attached",
    "Elsewhere",
    "Event",
    "Exited",
    "Instance",
    "Listener",
    "Migrated",
    "Output",
    "Placeholders",
    "Plan",
    "Ready",
    "Running",
    "ServiceHandle",
    "Source",
    "Started",
    "Stopped",
    "SupervisedService",
    "System",
    "attach",
    "configured",
    "describe_exit",
    "elsewhere",
    "ignore",
    "migration_stores",
    "own_folder",
    "start",
    "start_order",
    "start_with_stores",
]
