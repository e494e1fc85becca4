"""Interactions of consumers replayed in both states of an interface: what still arrives as it was."""

from servanda.interfaces.protobuf.usage.replay.fate import Fate
from servanda.interfaces.protobuf.usage.replay.replays import Replays
from servanda.interfaces.protobuf.usage.replay.tries import is_json

__all__ = ["Fate", "Replays", "is_json"]
