"""Whether old and new sides of a change understand each other, and what follows for the deployment."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class DeployOrder(enum.StrEnum):
    """Who has to be deployed first, so that neither side meets what it cannot understand."""

    ANY = "any"
    PROVIDER_FIRST = "provider-first"
    CONSUMERS_FIRST = "consumers-first"
    NONE = "none"
    """No order is safe: the change has to be made in steps."""


@dataclass(frozen=True, slots=True)
class Transition:
    """What happens while only one side has a change.

    Attributes:
        old_reader_understands_new_writer: Whether who reads by the old definition is safe from who writes by the new.
        new_reader_understands_old_writer: Whether who reads by the new definition is safe from who writes by the old.
        deploy_order: What follows from both and from who reads and who writes.
    """

    old_reader_understands_new_writer: bool
    new_reader_understands_old_writer: bool
    deploy_order: DeployOrder
