"""Interfaces by name, out of the generated code; the gateway names none of them."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Final

from google.protobuf import descriptor_pool
from google.protobuf.descriptor import ServiceDescriptor

ROOT: Final = "plt."
"""Only what the platform defines itself is shown to the outside; and no other name leads to an import."""


def interface(name: str) -> ServiceDescriptor | None:
    """The interface with this full name, for example "plt.identity.v1.IdentityService".

    Importing the generated modules of its package puts it into the default descriptor pool.

    Returns:
        The interface; None if the generated code that this process has does not know it.
    """
    if not name.startswith(ROOT):
        return None
    package, _, _ = name.rpartition(".")
    for module in _generated(package):
        importlib.import_module(module)
    try:
        return descriptor_pool.Default().FindServiceByName(name)
    except KeyError:
        return None


def _generated(package: str) -> list[str]:
    try:
        folders = importlib.import_module(package).__path__
    except (ImportError, AttributeError):
        return []
    return [f"{package}.{module.name}" for module in pkgutil.iter_modules(folders) if module.name.endswith("_pb2")]
