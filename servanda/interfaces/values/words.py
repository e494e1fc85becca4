"""Words for a format or a part of it, as remedies use them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

WORDS: Final = frozenset({"element", "name", "container", "readers"})
"""All words that a remedy may use."""


def words(element: str, readers: str = "its readers") -> Mapping[str, str]:
    """Return the words for an element.

    ``element`` is its full name, such as ``identity.user.revision``, of a part of a schema with its JSON pointer behind
    it. ``name`` is the last part of it, ``container`` the rest. ``readers`` names the services that read it.
    """
    container, _, name = element.rpartition("/" if "/" in element else ".")
    return {"element": element, "name": name, "container": container, "readers": readers}
