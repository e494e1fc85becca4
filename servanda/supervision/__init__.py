"""The processes of the system under test: how they are started, observed and drained."""

from servanda.supervision.container import LABEL, Contained, Engine, Image, contained, engine_of
from servanda.supervision.elsewhere import Elsewhere, elsewhere
from servanda.supervision.events import (
    Changed,
    Event,
    Exited,
    Listener,
    Migrated,
    Output,
    Ready,
    Restarting,
    Started,
    Stopped,
    Waiting,
    describe_exit,
    ignore,
)
from servanda.supervision.fleet import Fleet, Running
from servanda.supervision.health import watch_health
from servanda.supervision.instance import Instance, Source, configured
from servanda.supervision.launch import migration_stores
from servanda.supervision.order import start_order
from servanda.supervision.placeholders import Placeholders
from servanda.supervision.plan import Plan, Probe, no_probe, own_folder
from servanda.supervision.ports import LOOPBACK
from servanda.supervision.restarts import RestartPolicy, Restarts
from servanda.supervision.seeding import seed
from servanda.supervision.service import SupervisedService
from servanda.supervision.start import start
from servanda.supervision.state import Attached, attach, state_file
from servanda.supervision.stores import in_thread, on_stores, start_with_stores
from servanda.supervision.system import ServiceHandle, System
from servanda.supervision.watching import watch, watched

__all__ = [
    "LABEL",
    "LOOPBACK",
    "Attached",
    "Changed",
    "Contained",
    "Elsewhere",
    "Engine",
    "Event",
    "Exited",
    "Fleet",
    "Image",
    "Instance",
    "Listener",
    "Migrated",
    "Output",
    "Placeholders",
    "Plan",
    "Probe",
    "Ready",
    "RestartPolicy",
    "Restarting",
    "Restarts",
    "Running",
    "ServiceHandle",
    "Source",
    "Started",
    "Stopped",
    "SupervisedService",
    "System",
    "Waiting",
    "attach",
    "configured",
    "contained",
    "describe_exit",
    "elsewhere",
    "engine_of",
    "ignore",
    "in_thread",
    "migration_stores",
    "no_probe",
    "on_stores",
    "own_folder",
    "seed",
    "start",
    "start_order",
    "start_with_stores",
    "state_file",
    "watch",
    "watch_health",
    "watched",
]
