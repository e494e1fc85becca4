"""One process as discovery knows it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum

from platformkit.discovery.errors import MalformedInstanceError


class InstanceStatus(StrEnum):
    """State of an instance: it wants calls, or no more of them."""

    SERVING = "serving"
    DRAINING = "draining"


@dataclass(frozen=True, slots=True)
class Instance:
    """One process of a service, as discovery shows it.

    Args:
        id: Unique among all instances, also over restarts.
        service: Name of the service, for example ``identity``.
        host: Where both ports are reached.
        grpc_port: None if it does not answer over gRPC.
        http_port: Port of its HTTP edge.
        interfaces: Full names of the proto services that it implements.
        version: Version of its code.
        status: Whether it wants calls.
        started_at: When the process started, in UTC.
    """

    id: str
    service: str
    host: str
    grpc_port: int | None
    http_port: int
    interfaces: tuple[str, ...]
    version: str
    status: InstanceStatus
    started_at: datetime

    @property
    def grpc_address(self) -> str | None:
        """Return ``host:port`` of gRPC, if it answers over gRPC."""
        return None if self.grpc_port is None else f"{self.host}:{self.grpc_port}"

    @property
    def http_url(self) -> str:
        """Return the base URL of its HTTP edge, without a slash at the end."""
        return f"http://{self.host}:{self.http_port}"

    def draining(self) -> Instance:
        """Return the same instance, wanting no more calls."""
        return replace(self, status=InstanceStatus.DRAINING)

    def to_json(self) -> bytes:
        """Return the record as it is kept in a registry; equal instances give equal bytes."""
        fields = asdict(self) | {"started_at": self.started_at.isoformat()}
        return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, record: bytes) -> Instance:
        """Reads a record; fields that a newer version added are ignored.

        Raises:
            MalformedInstanceError: It is not the record of an instance.
        """
        try:
            fields = json.loads(record)
            return cls(
                id=str(fields["id"]),
                service=str(fields["service"]),
                host=str(fields["host"]),
                grpc_port=None if fields["grpc_port"] is None else int(fields["grpc_port"]),
                http_port=int(fields["http_port"]),
                interfaces=tuple(str(name) for name in fields["interfaces"]),
                version=str(fields["version"]),
                status=InstanceStatus(fields["status"]),
                started_at=datetime.fromisoformat(fields["started_at"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise MalformedInstanceError(f"not the record of an instance: {record[:200]!r} ({error!r})") from error
