"""Places where jobs run, as somebody writes them: ``local``, ``dask://host:port``, ``kubernetes``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A place where jobs run.

    Attributes:
        runner: Name of the runner.
        address: What follows ``://``; empty if nothing does.
    """

    runner: str
    address: str = ""


def place_of(text: str) -> Place:
    """Return the place that a text names."""
    runner, _, address = text.partition("://")
    return Place(runner, address)
