"""Commands in containers of an image, on the network of the host, which end with the client that started them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final
from uuid import uuid4

from servanda.errors import ConfigurationError
from servanda.processes import find_program, tool_environment

LABEL: Final = "dev.servanda.container"
_OF_THE_CLIENT: Final = "DOCKER_"
_NOT_IN_NAMES: Final = re.compile(r"[^a-zA-Z0-9_.-]")


@dataclass(frozen=True, slots=True)
class Engine:
    """Client of a container engine.

    Attributes:
        program: Path of ``docker``.
        variables: Its environment.
    """

    program: str
    variables: tuple[tuple[str, str], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Image:
    """Image that processes run in.

    Attributes:
        id: Its id, which says what it holds.
    """

    id: str
    engine: Engine


@dataclass(frozen=True, slots=True)
class Contained:
    """Command that runs another one in a container.

    Attributes:
        arguments: The client of the engine, and what it is told: names of variables, no values.
        environment: Environment of the client, with the variables that it passes on.
        afterwards: Command that ends and removes the container, if it is still there.
    """

    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    afterwards: tuple[str, ...]


def engine_of(environ: Mapping[str, str]) -> Engine:
    """Return the client of the engine that an environment names.

    Raises:
        ProcessError: There is no such program.
    """
    own = {name: value for name, value in environ.items() if name.startswith(_OF_THE_CLIENT)}
    # A container may be given a home of its own.
    settings = {"DOCKER_CONFIG": str(Path(environ["HOME"], ".docker"))} if environ.get("HOME") else {}
    found = tool_environment(environ, **{**settings, **own})
    return Engine(str(find_program("docker", environ)), tuple(sorted(found.items())))


def contained(
    command: Sequence[str], environment: Mapping[str, str], image: Image, *, named: str, options: Sequence[str] = ()
) -> Contained:
    """Return how a command is run in a container.

    Args:
        command: Program and arguments, as the image knows them.
        environment: Variables that it gets besides those of the image.
        image: The image.
        named: What it is, as a part of the name of the container.
        options: Further options of the client.

    Raises:
        ConfigurationError: A variable would tell the client what to do.
    """
    if told := sorted(name for name in environment if name.startswith(_OF_THE_CLIENT)):
        what = f"the variable {told[0]} cannot be passed into a container: the client of the engine would obey it"
        raise ConfigurationError(what, where=named, hint="call it otherwise")
    engine = image.engine
    name = f"servanda-{_NOT_IN_NAMES.sub('-', named)}-{uuid4().hex[:12]}"
    program, *arguments = command
    run = (
        *(engine.program, "run", "--rm", "--init", "--pull", "never", "--network", "host", "--log-driver", "none"),
        *("--name", name, "--label", f"{LABEL}={name}"),
        *(word for variable in environment for word in ("--env", variable)),
        *options,
        *("--entrypoint", program, image.id, *arguments),
    )
    passed = MappingProxyType({**dict(engine.variables), **environment})
    return Contained(run, passed, (engine.program, "rm", "--force", "--volumes", name))
