"""Implementations of grpc.aio.Channel: every one serves a generated stub, whatever carries the call."""

from platformkit.channels.breaker import BreakerState, CircuitBreaker
from platformkit.channels.budget import RetryBudget
from platformkit.channels.errors import UnreachableError
from platformkit.channels.failover import Failover
from platformkit.channels.grpc_channel import grpc_channel
from platformkit.channels.http_channel import HttpChannel
from platformkit.channels.memory import MemoryChannel
from platformkit.channels.methods import is_idempotent
from platformkit.channels.service import Prove, ServiceChannel, instance_channel

__all__ = [
    "BreakerState",
    "CircuitBreaker",
    "Failover",
    "HttpChannel",
    "MemoryChannel",
    "Prove",
    "RetryBudget",
    "ServiceChannel",
    "UnreachableError",
    "grpc_channel",
    "instance_channel",
    "is_idempotent",
]
