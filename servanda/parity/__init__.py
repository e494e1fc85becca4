"""Parity: whether a service answers a call over HTTP as it does over gRPC."""

from servanda.parity.comparison import Aspect, Difference
from servanda.parity.identifiers import Identifiers
from servanda.parity.requests import Requests, callable_routes
from servanda.parity.run import Finding, Instance, Parity, compare_sides
from servanda.parity.sides import GrpcSide, HttpSide

__all__ = [
    "Aspect",
    "Difference",
    "Finding",
    "GrpcSide",
    "HttpSide",
    "Identifiers",
    "Instance",
    "Parity",
    "Requests",
    "callable_routes",
    "compare_sides",
]
