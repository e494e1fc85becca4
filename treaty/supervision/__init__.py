"""The processes of the system under test: how they are started, observed and drained."""

from treaty.supervision.events import (
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
from treaty.supervision.launch import migration_stores
from treaty.supervision.order import start_order
from treaty.supervision.placeholders import Placeholders
from treaty.supervision.plan import Plan
from treaty.supervision.service import SupervisedService
from treaty.supervision.start import Running, start
from treaty.supervision.state import Attached, attach
from treaty.supervision.stores import start_with_stores
from treaty.supervision.system import ServiceHandle, System

__all__ = [
    "Attached",
    "Event",
    "Exited",
    "Listener",
    "Migrated",
    "Output",
    "Placeholders",
    "Plan",
    "Ready",
    "Running",
    "ServiceHandle",
    "Started",
    "Stopped",
    "SupervisedService",
    "System",
    "attach",
    "describe_exit",
    "ignore",
    "migration_stores",
    "start",
    "start_order",
    "start_with_stores",
]
