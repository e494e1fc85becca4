"""The one definition of the configuration: the loader, its reference and its JSON Schema are made from it."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

from servanda.configuration.broker import BROKER
from servanda.configuration.events import EVENTS
from servanda.configuration.forms import (
    ENVIRONMENT,
    FLAG,
    FOLDER,
    TEXT,
    TEXTS,
    table,
    tables,
    tables_by_name,
)
from servanda.configuration.limits import LIMITS
from servanda.configuration.model import (
    INSTANCES,
    RUNS_AT_ONCE,
    AcceptedDifference,
    Contracts,
    EndToEnd,
    ImpactSettings,
    Interfaces,
    Pacticipant,
    Up,
    VersionSettings,
)
from servanda.configuration.recording import RECORD
from servanda.configuration.rules import LEVEL, RULES
from servanda.configuration.services import OPENAPI, OWNER, SERVICE
from servanda.configuration.shape import Form, Key, Reading, Shape
from servanda.documents import Value

# At most what lies between the first day that there is and today.
_AGE: Final = re.compile(r"(?P<count>[0-9]{1,5}) ?(?P<unit>[dw])(ays?|eeks?)?")


def _days(age: Value, _reading: Reading) -> int:
    found = _AGE.fullmatch(age.text())
    if found is None:
        raise age.error(f"'{age.text()}' is not an age in days or weeks", 'write "90d" or "12w"')
    return int(found["count"]) * (7 if found["unit"] == "w" else 1)


def _whole_number(allowed: range) -> Form:
    def read(value: Value, _reading: Reading) -> int:
        # To a JSON Schema 3.0 is an integer.
        if (number := value.number()) not in allowed:
            raise value.unexpected(f"a whole number from {allowed.start} to {allowed.stop - 1}")
        return int(number)

    return Form({"type": "integer", "minimum": allowed.start, "maximum": allowed.stop - 1}, read)


_DAYS: Final = Form({"type": "string", "pattern": "^[0-9]{1,5} ?[dw](ays?|eeks?)?$"}, _days)

_INTERFACES: Final = Shape(
    Interfaces,
    (
        Key("root", FOLDER, "folder of the proto workspace; a `buf.yaml` in it applies", default="proto"),
        Key(
            "releases",
            FOLDER,
            "folder of the images that `servanda release` writes",
            default="contracts/releases",
        ),
        Key(
            "values",
            FOLDER,
            "folder of the documents that declare [cached values](../how-to/cached-values.md)",
            default="contracts/values",
        ),
        Key(
            "allow_buf_plugins",
            FLAG,
            "whether buf may run the plugins and policies of `buf.yaml` in a `gate`; the value at the merge base "
            "counts, see [security](security.md#buf)",
            default=False,
        ),
        Key(
            "lint",
            FLAG,
            "whether `gate` has a stage `lint`, which runs `buf lint` on the definitions",
            default=False,
        ),
    ),
)
_IMPACT: Final = Shape(
    ImpactSettings,
    (
        Key(
            "source_only",
            LEVEL,
            "level (`error`, `warning`, `advice`, `off`) of a change after which all known consumers only have to "
            "regenerate code: nothing they send or read differs. A level in `[rules]` has precedence",
            shown="that of the rule",
        ),
        Key(
            "max_age",
            _DAYS,
            "maximum age of a usage log as evidence, in days or weeks (`90d`, `12w`); a consumer with only older logs "
            "is `unknown`. Contracts do not age",
        ),
    ),
)
_CONTRACTS: Final = Shape(
    Contracts,
    (
        Key(
            "pacts",
            FOLDER,
            "folder of the pact files; those in its subfolders count too, except in hidden ones",
            default="contracts/pacts",
        ),
        Key(
            "record",
            RECORD,
            "command that runs the consumers' tests; it records contracts to the folder `SERVANDA_PACT_DIR`, and with "
            "`--record-usage` also usage logs to `SERVANDA_USAGE_DIR`. Or several such commands by name. A "
            "consumer that no command names, or that is not in `pacticipants`, is external: its contracts are "
            "verified, and `gate` names it and does not expect that they are recorded here",
        ),
        Key("broker", table(BROKER), "contracts that `servanda verify --broker` asks for"),
    ),
)
_END_TO_END: Final = Shape(
    EndToEnd,
    (
        Key("command", TEXTS, "command that runs the end-to-end tests", default=()),
        Key(
            "environment",
            ENVIRONMENT,
            "additional environment of these tests; a value may hold [secrets](#secrets)",
            default=MappingProxyType({}),
            shown="empty",
        ),
    ),
)
_UP: Final = Shape(
    Up,
    (
        Key(
            "seed",
            TEXTS,
            "command that `servanda up` runs once all services are ready, at every start: it must do no harm where its "
            "data is there already",
            default=(),
        ),
        Key(
            "environment",
            ENVIRONMENT,
            "additional environment of `seed`; a value may hold [secrets](#secrets)",
            default=MappingProxyType({}),
            shown="empty",
        ),
        Key(
            "examples",
            TEXTS,
            "commands for a shell that `servanda up` shows for trying",
            default=(),
            shown="requests of contracts",
        ),
    ),
)
_PARITY: Final = Shape(
    AcceptedDifference,
    (
        Key("rpc", TEXT, "full names of rpcs, `*` for any text", needed='rpc = "*"'),
        Key("aspect", TEXT, "aspect as `servanda parity` names it", needed='aspect = "..."'),
        Key("reason", TEXT, "why the difference is meant to be", needed='reason = "..."'),
        Key("path", TEXT, "place of the difference, `*` for any text", default="*"),
        Key("value", TEXT, "what both sides tell there, `*` for the text that differs", default="*"),
    ),
)
_VERSIONS: Final = Shape(
    VersionSettings,
    (
        Key(
            "live",
            TEXTS,
            "versions that are in production, the oldest first: releases, git references, folders and wheels that "
            "begin with `./`, `../` or `/`, or container images, `image:NAME`",
            default=(),
            shown="the newest release",
        ),
        Key(
            "build",
            TEXTS,
            "command that makes the checkout of a version ready to run",
            default=(),
            shown="`uv sync --frozen` if it has a `uv.lock`",
        ),
        Key(
            "python",
            TEXT,
            "Python of a version, relative to its folder; without such a file the one that runs the suite",
            default=".venv/bin/python",
        ),
        Key(
            "volatile",
            TEXTS,
            "members of answers that are new each time, such as `$.serverTime` or `$.items[*].age`; they are not "
            "compared",
            default=(),
        ),
        Key(
            "gate",
            FLAG,
            "whether `gate` has a stage `versions`, which runs the live versions beside the working tree",
            default=False,
        ),
        Key(
            "instances",
            _whole_number(INSTANCES),
            "instances of a service while it is exchanged: 2, an old and a new one; with more, one new beside old ones "
            "at first, and one old beside new ones after that",
            default=2,
        ),
        Key(
            "runs_at_once",
            _whole_number(RUNS_AT_ONCE),
            "runs of a plan that are carried out at once, each with stores and services of its own; without it one for "
            "each processor, and one after the other where a store is external",
            default=None,
        ),
    ),
)
_PACTICIPANT: Final = Shape(Pacticipant, (OWNER, OPENAPI))

CONFIGURATION: Final = Shape(
    dict,
    (
        Key("entry", TEXT, "service that receives outside traffic", default=""),
        Key("interfaces", table(_INTERFACES)),
        Key("events", table(EVENTS)),
        Key("impact", table(_IMPACT)),
        Key("contracts", table(_CONTRACTS)),
        Key("end-to-end", table(_END_TO_END)),
        Key("up", table(_UP)),
        Key("pacticipants", tables_by_name(_PACTICIPANT), "parties to contracts that are no services here, by name"),
        Key("services", tables_by_name(SERVICE), "processes of the system under test, by name"),
        Key("versions", table(_VERSIONS)),
        Key("parity", tables(_PARITY), "differences between gRPC and HTTP that `servanda parity` accepts"),
        Key("rules", RULES),
        Key("limits", table(LIMITS)),
    ),
)
"""Everything that ``servanda.toml`` may say."""
