"""The tables ``[services.<name>]``."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from servanda.configuration.forms import (
    COMMAND,
    ENVIRONMENT,
    FILE,
    FILES,
    FLAG,
    NEEDED_FOLDER,
    NUMBER,
    TEXT,
    TEXTS,
    VALUE,
    VALUES_BY_NAME,
    above_zero,
    known,
    one_of,
    optional_table,
)
from servanda.configuration.model import Migrations, Service
from servanda.configuration.readiness import READY, require_own_ports
from servanda.configuration.secrets import refuse_references
from servanda.configuration.shape import Form, Key, Reading, Shape
from servanda.documents import Table, Value
from servanda.extensions import STORES, TRANSPORTS
from servanda.transport import transport_kind
from servanda.verdict import Transport

_MOST_SECONDS: Final = 604_800
_NO_VALUES: Final[Mapping[str, str]] = MappingProxyType({})

OPENAPI: Final = Key(
    "openapi",
    FILE,
    "OpenAPI document of the API that it serves: `servanda check` and the gate compare it, and contracts with this "
    "provider show which consumer uses which element",
    default="",
)
OWNER: Final = Key("owner", TEXT, "responsible person or team", default="", shown="empty")


def _stores(value: Value, _reading: Reading) -> tuple[str, ...]:
    for each in value.items():
        name = each.text()
        if not STORES.has(name):
            raise each.error(f"unknown store '{name}'", f"known: {', '.join(STORES.names())}")
    return value.texts()


def _transports(value: Value, _reading: Reading) -> Mapping[Transport, str]:
    found = dict[Transport, str]()
    for name, place in value.table().entries():
        if not TRANSPORTS.has(name):
            raise place.error(f"unknown transport '{name}'", f"known: {', '.join(TRANSPORTS.names())}")
        found[Transport(name)] = place.text()
    return MappingProxyType(found)


def _routes(value: Value, _reading: Reading) -> Mapping[Transport, Mapping[str, str]]:
    found = dict[Transport, Mapping[str, str]]()
    for name, table in value.table().tables():
        if name not in _WITH_PATHS:
            raise table.error(f"no path leads to '{name}'", f"write one of {', '.join(_WITH_PATHS)}")
        found[Transport(name)] = MappingProxyType({prefix: _place(prefix, place) for prefix, place in table.entries()})
    return MappingProxyType(found)


def _place(prefix: str, place: Value) -> str:
    if not prefix.startswith("/"):
        raise place.error(f"'{prefix}' is no beginning of a path", 'write "/admin" or, for gRPC, "/package.Service"')
    return refuse_references(place).text()


_WITH_PATHS: Final = (Transport.HTTP, Transport.GRPC)
_PLACES_BY_PATH: Final = {
    "type": "object",
    "patternProperties": {"^/": {"type": "string"}},
    "additionalProperties": False,
}
_ROUTES: Final = Form(
    {"type": "object", "properties": dict.fromkeys(_WITH_PATHS, _PLACES_BY_PATH), "additionalProperties": False},
    _routes,
)
_STORES: Final = Form({"type": "array", "items": known(STORES.built_in)}, _stores)
_TRANSPORTS: Final = Form(
    {
        "type": "object",
        "properties": {name: {"type": "string"} for name in TRANSPORTS.built_in},
        "additionalProperties": {"type": "string"},
    },
    _transports,
)


def _names_own_ports(values: Mapping[str, Any], table: Table) -> None:
    ports = values["ports"]
    require_own_ports(values["ready"], table.get("ready"), ports)
    for _, routes in table.table("routes").tables():
        for prefix, place in routes.entries():
            if "://" not in place.text() and place.text() not in ports:
                what = f"the route '{prefix}' names the unknown port '{place.text()}'"
                raise place.error(what, "name one of 'ports', or a URL")
    for transport, port in table.table("transports").entries():
        if port.text() not in ports and transport_kind(transport).has_port:
            raise port.error(f"transport '{transport}' names the unknown port '{port.text()}'")


_MIGRATIONS: Final = Shape(
    Migrations,
    (
        Key("folder", NEEDED_FOLDER, "folder of the migrations of its schema", needed='folder = "..."'),
        Key(
            "style",
            one_of(("sql", "alembic", "django")),
            "how they are written: `sql` (a file each), `alembic` (revision files), or `django`, which is refused with "
            "what to do instead",
            default="sql",
        ),
        Key(
            "schema",
            TEXT,
            "schema that they are applied to, and that its statements find by their search path",
            default="",
            shown="the name of the service",
        ),
        Key(
            "record",
            FLAG,
            "whether its process, which has to be Python, notes the statements that it runs while `servanda verify`, "
            "`servanda versions` and the gate run it, see [statements](sql.md#from-a-python-service)",
            default=False,
        ),
    ),
)
SERVICE: Final = Shape(
    Service,
    (
        Key(
            "command", COMMAND, "command that starts the service", needed='command = ["..."], which starts the service'
        ),
        OWNER,
        OPENAPI,
        Key(
            "migrations",
            optional_table(_MIGRATIONS),
            "migrations of its schema, which are compared with the statements of its live versions, see "
            "[migrations](../how-to/migrations.md)",
        ),
        Key("migrate", TEXTS, "command that migrates its schema before the start", default=()),
        Key(
            "environment",
            ENVIRONMENT,
            "additional environment of its process; a value may hold [secrets](#secrets)",
            default=_NO_VALUES,
            shown="empty",
        ),
        Key(
            "migrate_environment",
            ENVIRONMENT,
            "environment of `migrate`, in place of `environment`: for privileges that the process must not have; "
            "`migrate` then waits only for the stores named here",
            default=_NO_VALUES,
            shown="`environment`",
        ),
        Key(
            "parity_environment",
            ENVIRONMENT,
            "variables that win over `environment` while `servanda parity` runs it: for what hangs on a clock or makes "
            "calls slow, see [parity](../how-to/parity.md#what-a-clock-or-chance-tells)",
            default=_NO_VALUES,
            shown="empty",
        ),
        Key(
            "versions_environment",
            ENVIRONMENT,
            "variables that win over `environment` while `servanda versions` runs it: for what takes longer than a "
            "step, see [your first rolling upgrade](../how-to/rolling-upgrade.md#events); a live version that names "
            "none gets those of the working tree",
            default=_NO_VALUES,
            shown="empty",
        ),
        Key(
            "ports",
            TEXTS,
            "names of the ports that it listens on; a free port is chosen for each",
            default=(),
        ),
        Key(
            "transports",
            _TRANSPORTS,
            "name of the port for each transport (`http`, `grpc`)",
            default=_NO_VALUES,
        ),
        Key(
            "ready",
            READY,
            "address of the readiness probe, see [readiness](#readiness)",
            default="",
            shown="all ports accept connections",
        ),
        Key(
            "ready_seconds",
            above_zero(_MOST_SECONDS, unit="of seconds "),
            "time from the start until it is ready",
            shown="`limits.ready_seconds`",
        ),
        Key("depends_on", TEXTS, "services that must be ready before it is started", default=()),
        Key("stores", _STORES, "required stores: `postgres`, `redis`, `kafka`", default=()),
        Key("states", TEXTS, "its provider states, as `module:callable`", default=()),
        Key(
            "states_url",
            TEXT,
            "URL that sets up provider states that `states` has no handler for, see "
            "[provider states](../how-to/provider-states.md#over-http); a path is one of its own HTTP port; "
            "`{port.<name>}` is a port of the service",
            default="",
        ),
        Key(
            "headers",
            VALUES_BY_NAME,
            "headers, of a gRPC call metadata, that are added to every request of the verification or replace the one "
            "of the contract; a value may hold [secrets](#secrets)",
            default=_NO_VALUES,
        ),
        Key(
            "ca",
            FILE,
            "file of the certificate authorities (PEM) for a provider with TLS",
            default="",
            shown="those of the system",
        ),
        Key(
            "certificate",
            VALUE,
            "certificate that the verification shows to a provider with TLS, with its key (PEM): a file, or "
            "[a secret](#secrets) that holds both",
            default="",
        ),
        Key(
            "routes",
            _ROUTES,
            "by transport, other places than its port for the paths that begin so (`/admin`, of a gRPC call "
            "`/package.Service`): the name of a port, or a URL, which may hold `{port.<name>}`; the longest beginning "
            "counts, and the path stays as it is",
            default=_NO_VALUES,
        ),
        Key(
            "request_filter",
            TEXT,
            "function that changes each request of the verification before it is sent, as `module:callable`, see "
            "[request filter](../how-to/provider-states.md#change-requests)",
            default="",
        ),
        Key("topics", TEXTS, "topics that it publishes to, without the namespace", default=()),
        Key(
            "watch",
            FILES,
            "files and folders whose change makes `servanda up --watch` start it again",
            default=(),
        ),
        Key("drain_seconds", NUMBER, "time to shut down after SIGTERM", default=10.0),
    ),
    check=_names_own_ports,
)
"""A process of the system under test."""
