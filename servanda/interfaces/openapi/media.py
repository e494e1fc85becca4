"""Media types and their ranges, as keys of what a body may be.

Sources: RFC 9110, sections 8.3.1 and 12.5.1 (neither the type nor the names of its parameters depend on case), and
OpenAPI 3.1.1, "Media Types" (the most exact key that fits counts).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from servanda.pact.media import is_json

# What is told anew with every body says nothing about the kind.
_TOLD: Final = frozenset({"boundary", "q"})


@dataclass(frozen=True, slots=True)
class MediaType:
    """A media type or a range of them.

    Attributes:
        name: Type and subtype, in lower case; ``*`` for any.
        parameters: By name in lower case.
    """

    name: str
    parameters: Mapping[str, str]

    def covers(self, other: MediaType) -> bool:
        """Tell whether all that the other one means is meant: of a parameter that only one has nothing is known."""
        if any(other.parameters.get(name, value) != value for name, value in self.parameters.items()):
            return False
        return self.name in (other.name, f"{other.name.partition('/')[0]}/*", "*/*")

    def closeness(self, other: MediaType) -> tuple[int, int]:
        """Tell how exactly it means the other one: greater is closer."""
        same = sum(other.parameters.get(name) == value for name, value in self.parameters.items())
        return -self.name.count("*"), same - len(self.parameters.keys() ^ other.parameters.keys())


def media_type(text: str) -> MediaType:
    """Return what a key means."""
    name, *rest = text.split(";")
    name = name.strip().lower()
    # JSON is UTF-8, whatever a parameter says (RFC 8259, section 11).
    left = _TOLD | ({"charset"} if is_json(name) else set())
    said = (part.partition("=") for part in rest)
    parameters = {key.strip().lower(): value.strip().strip('"') for key, _, value in said if key.strip()}
    return MediaType(
        name,
        {key: value.lower() if key == "charset" else value for key, value in parameters.items() if key not in left},
    )


def describing(wanted: str, keys: Collection[str]) -> str | None:
    """Return the most exact key that covers another one; ``None`` if none does."""
    if wanted in keys:
        return wanted
    asked = media_type(wanted)
    known = ((media_type(key), key) for key in keys)
    fitting = [(each.closeness(asked), key) for each, key in known if each.covers(asked)]
    return max(fitting, key=lambda each: each[0])[1] if fitting else None


def pairs(before: Collection[str], after: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield keys that describe the same bodies in both states, each pair once."""
    found = dict.fromkeys((old, new) for old in before if (new := describing(old, after)) is not None)
    found |= dict.fromkeys((old, new) for new in after if (old := describing(new, before)) is not None)
    yield from found


def is_form(key: str) -> bool:
    """Tell whether bodies of this kind are made of parts that have names."""
    name = media_type(key).name
    return name.startswith("multipart/") or is_urlencoded(key)


def is_urlencoded(key: str) -> bool:
    """Tell whether bodies of this kind are written like the query of a URL."""
    return media_type(key).name == "application/x-www-form-urlencoded"
