"""The comparison of two states of the interfaces, and what follows from it for the version and the deployment."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from servanda.verdict.transition import DeployOrder


class Bump(enum.StrEnum):
    """Part of a semantic version that a change has to raise."""

    NONE = "none"
    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"


@dataclass(frozen=True, slots=True)
class InterfaceComparison:
    """The two states that were compared, with what follows from all findings together.

    Attributes:
        input: The state that was examined, as somebody wrote it; several are separated by commas.
        base: What it was compared with; empty if there was nothing yet, as for a new module.
        bump: What the change does to the version of the interface.
        deploy_order: The order that keeps all consumers working.
    """

    input: str
    base: str
    bump: Bump = Bump.NONE
    deploy_order: DeployOrder = DeployOrder.ANY
