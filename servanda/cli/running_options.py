"""The options by which a command says where its work runs as jobs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

import click

from servanda.errors import ConfigurationError

_Command = TypeVar("_Command", bound=Callable[..., None])


@dataclass(frozen=True, slots=True)
class Running:
    """Options of a command whose work can run as jobs.

    Attributes:
        on: The place, as somebody wrote it; ``None`` if no jobs are run.
        workers: How many jobs run at once; ``None`` for what the place can take.
        results: Folder of results; ``None`` for the usual one.
        image: Container image of the pods of Kubernetes.
        namespace: Namespace of Kubernetes.
    """

    on: str | None
    workers: int | None
    results: Path | None
    image: str | None
    namespace: str | None

    @classmethod
    def taken_from(cls, given: dict[str, Any]) -> Running:
        """Return the options among all that a command was given, and take them out of these.

        Raises:
            ConfigurationError: One is only for jobs that are run, and no place is named.
        """
        found = cls(**{each.name: given.pop(each.name) for each in fields(cls)})
        if found.on is None:
            unused = (each.name for each in fields(cls) if getattr(found, each.name) is not None)
            if (name := next(unused, None)) is not None:
                raise ConfigurationError(f"--{name} is for jobs that are run", hint="name the place: --on local")
        return found


def require_no_file(running: Running, file: Path | None) -> None:
    """Refuse ``--on`` of a command that writes its jobs to a file.

    Raises:
        ConfigurationError: Both are given.
    """
    if running.on is not None and file is not None:
        hint = "--on runs the jobs, --jobs writes them for 'servanda jobs'"
        raise ConfigurationError("--on and --jobs exclude each other", hint=hint)


def running_options(command: _Command) -> _Command:
    """Add ``--on`` and what belongs to it, the same for every command whose work can run as jobs."""
    for add in reversed(
        (
            click.option("--on", metavar="PLACE", help="Run as jobs there: local, dask://HOST:PORT or kubernetes."),
            click.option(
                "--workers", type=click.IntRange(1, 10_000), help="Jobs at once; default: what the place can take."
            ),
            click.option(
                "--results",
                type=click.Path(path_type=Path),
                help="Folder of results of jobs; those that are there are reused.",
            ),
            click.option("--image", help="Container image of the pods of Kubernetes: the tree and the suite."),
            click.option("--namespace", help="Namespace of Kubernetes; default: that of the context."),
        )
    ):
        command = add(command)
    return command
