"""The kinds of interfaces that a check examines."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from servanda.extensions import KINDS
from servanda.interfaces.kind import Kind


def kinds() -> tuple[Kind, ...]:
    """Return the kinds; of several that claim an input, the first one takes it.

    Installed ones come first, because the last one of the suite claims whatever is left.

    Raises:
        ExtensionError: A distribution that adds one is broken.
    """
    installed = [name for name in KINDS.names() if name not in KINDS.built_in]
    return tuple(_kind(name) for name in (*installed, *KINDS.built_in))


def _kind(name: str) -> Kind:
    make = KINDS.load(name)
    if not callable(make):
        raise KINDS.broken(name, f"is a {type(make).__name__}, expected a class or function without arguments")
    try:
        found = cast("Callable[[], object]", make)()
    except Exception as error:
        raise KINDS.broken(name, f"cannot be made: {type(error).__name__}: {error}") from error
    # To ask an object what it has makes it import its rules, which of all kinds a check needs for one.
    if name in KINDS.built_in:
        return cast("Kind", found)
    if not isinstance(found, Kind):
        parts = dict.fromkeys((*Kind.__annotations__, *vars(Kind)))
        lacks = ", ".join(part for part in parts if not part.startswith("_") and not hasattr(found, part))
        raise KINDS.broken(name, f"lacks members of the protocol Kind: {lacks}")
    return found
