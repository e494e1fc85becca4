"""Compatibility of the old and new sides of a change, and the deploy order that follows."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass


class DeployOrder(enum.StrEnum):
    """Side to deploy first, so that neither meets what it cannot understand."""

    ANY = "any"
    PROVIDER_FIRST = "provider-first"
    CONSUMERS_FIRST = "consumers-first"
    NONE = "none"
    """No order is safe: the change has to be made in steps."""

    @classmethod
    def of_all(cls, orders: Iterable[DeployOrder]) -> DeployOrder:
        """Return the order that is safe for several changes together; none if they contradict each other."""
        wanted = set(orders) - {cls.ANY}
        return cls.NONE if len(wanted) > 1 else next(iter(wanted), cls.ANY)


@dataclass(frozen=True, slots=True)
class Transition:
    """Effects of a change while only one side has it.

    Attributes:
        old_reader_understands_new_writer: Whether who reads by the old definition is safe from who writes by the new.
        new_reader_understands_old_writer: Whether who reads by the new definition is safe from who writes by the old.
        deploy_order: What follows from both and from who reads and who writes.
    """

    old_reader_understands_new_writer: bool
    new_reader_understands_old_writer: bool
    deploy_order: DeployOrder

    @classmethod
    def of_all(cls, transitions: Iterable[Transition]) -> Transition:
        """Return what happens if several changes are made together: safe is only what all of them leave safe."""
        told = tuple(transitions)
        return cls(
            all(each.old_reader_understands_new_writer for each in told),
            all(each.new_reader_understands_old_writer for each in told),
            DeployOrder.of_all(each.deploy_order for each in told),
        )
