"""Live instances of each service, and how others are told when they change."""

from platformkit.discovery.errors import DiscoveryError, MalformedInstanceError, RegistryUnavailableError
from platformkit.discovery.fixed import StaticRegistry
from platformkit.discovery.instance import Instance, InstanceStatus
from platformkit.discovery.memory import MemoryRegistry
from platformkit.discovery.redis_registry import RedisRegistry
from platformkit.discovery.registration import Registration
from platformkit.discovery.registry import Registry

__all__ = [
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
