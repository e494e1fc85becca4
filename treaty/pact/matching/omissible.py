"""Values whose absence means the same."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Omissible:
    """The default of a protobuf field without presence: to send it and to leave it out are one."""

    value: object
