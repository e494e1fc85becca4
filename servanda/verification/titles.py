"""Titles of interactions: what each is called where others of its contract have the same description."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

from servanda.pact import Interaction, PactFile


def titled(file: PactFile) -> PactFile:
    """Give each interaction of a contract a title of its own: with its provider states where descriptions are equal."""
    described = Counter(each.description for each in file.interactions)
    if len(described) == len(file.interactions):
        return file
    named = Counter(_with_states(each) for each in file.interactions)

    def title(each: Interaction) -> str:
        if described[each.description] == 1:
            return ""
        return _with_states(each) if named[_with_states(each)] == 1 else _with_params(each)

    return replace(file, interactions=tuple(replace(each, title=title(each)) for each in file.interactions))


def _with_states(interaction: Interaction) -> str:
    states = ", ".join(state.name for state in interaction.states)
    return f"{interaction.description} (given {states or 'nothing'})"


def _with_params(interaction: Interaction) -> str:
    states = (f"{state.name} {json.dumps(dict(state.params), ensure_ascii=False)}" for state in interaction.states)
    return f"{interaction.description} (given {', '.join(states)})"
