"""Finding the runner of a place by its row."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import cast

from servanda.errors import ConfigurationError
from servanda.extensions import RUNNERS
from servanda.jobs.running.place import Place
from servanda.jobs.running.runner import Runner


def runner_for(place: Place) -> Runner:
    """Return what runs jobs at a place.

    Raises:
        ConfigurationError: No runner has this name, or the address is none.
        MissingExtraError: A library is missing.
    """
    if not RUNNERS.has(place.runner):
        known = RUNNERS.names()
        close = difflib.get_close_matches(place.runner, known, n=1)
        hint = f"did you mean '{close[0]}'?" if close else f"known: {', '.join(known)}"
        raise ConfigurationError(f"no runner is called '{place.runner}'", where=f"--on {place.runner}", hint=hint)
    make = cast("Callable[[str], Runner]", RUNNERS.load(place.runner))
    return make(place.address)
