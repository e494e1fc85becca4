"""Carrying out a plan: the steps one after the other, and what is asked in each."""

from servanda.versions.phases.ready import Ready, read_ready
from servanda.versions.phases.rollout import (
    StepFinished,
    StepListener,
    StepStarted,
    Surroundings,
    carry_out,
    ignore,
)

__all__ = [
    "Ready",
    "StepFinished",
    "StepListener",
    "StepStarted",
    "Surroundings",
    "carry_out",
    "ignore",
    "read_ready",
]
