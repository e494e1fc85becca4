"""Words for a part of a schema, as remedies use them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

WORDS: Final = frozenset({"element", "name", "container", "live"})
"""All words that a remedy may use."""


def words(element: str, live: str = "a live version") -> Mapping[str, str]:
    """Return the words for an element.

    ``element`` is its full name, such as ``identity.users.email``, ``name`` the last part of it, ``container`` the
    rest; of a file it is its name, and a statement has no parts. ``live`` names the versions that still need it: the
    contract step has to wait for them.
    """
    separator = "/" if "/" in element else "."
    container, _, name = ("", "", element) if " " in element else element.rpartition(separator)
    return {"element": element, "name": name or element, "container": container or element, "live": live}
