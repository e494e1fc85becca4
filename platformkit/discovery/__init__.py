"""Live instances of each service, and how others are told when they change."""

from platformkit.discovery.errors import DiscoveryError, MalformedInstanceError, RegistryUnavailableError
from platformkit.discovery.fixed import StaticRegistry
from platformkit.discovery.instance import Instance, InstanceStatus
from platformkit.discovery.memory import MemoryRegistry
from platformkit.discovery.redis_registry import TIME_TO_LIVE_SECONDS, RedisRegistry
from platformkit.discovery.registration import HEARTBEAT_SECONDS, Registration
from platformkit.discovery.registry import Registry

__all__ = [
    "HEARTBEAT_SECONDS",
    "TIME_TO_LIVE_SECONDS",
    "DiscoveryError",
    "Instance",
    "InstanceStatus",
    "MalformedInstanceError",
    "MemoryRegistry",
    "RedisRegistry",
    "Registration",
    "Registry",
    "RegistryUnavailableError",
    "StaticRegistry",
]
