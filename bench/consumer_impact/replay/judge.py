"""Judgement of recorded interactions against the changed provider."""

from __future__ import annotations

from collections.abc import Iterable

from bench.consumer_impact.replay import openapi, protobuf
from bench.consumer_impact.replay.projection import Meaning
from bench.consumer_impact.replay.state import State
from bench.consumer_impact.scenario.interactions import Event, Grpc, Recorded


def breaks(each: Recorded, before: State, after: State, meaning: Meaning) -> str:
    """Say why an interaction breaks; empty if it holds."""
    exchange = each.exchange
    if isinstance(exchange, Grpc):
        return protobuf.grpc(exchange, before, after, meaning)
    if isinstance(exchange, Event):
        return protobuf.event(exchange, before, after, meaning)
    if each.provider in before.documents:
        return openapi.breaks(exchange, before.documents[each.provider], after.documents[each.provider])
    return protobuf.http(exchange, before, after, meaning)


def broken(recorded: Iterable[Recorded], before: State, after: State, meaning: Meaning) -> dict[tuple[str, str], str]:
    """Return the first reason by consumer and transport, for those of whom an interaction breaks."""
    found: dict[tuple[str, str], str] = {}
    for each in recorded:
        reason = breaks(each, before, after, meaning)
        if reason:
            found.setdefault((each.consumer, each.transport), f"'{each.name}': {reason}")
    return found
