"""What a process is told by its environment, read once at the start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from platformkit.lifecycle.errors import StartError


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says to a service.

    Args:
        name: Name of the service.
        host: ``HOST``: address to listen on and to be found at; default 127.0.0.1.
        grpc_port: ``GRPC_PORT``; empty or absent means that the service answers over HTTP only.
        http_port: ``HTTP_PORT``.
        postgres_dsn: ``POSTGRES_DSN``, as the read-write role; empty for a service without a schema.
        postgres_admin_dsn: ``POSTGRES_ADMIN_DSN``, for ``migrate`` only.
        redis_url: ``REDIS_URL``.
        kafka_bootstrap_servers: ``KAFKA_BOOTSTRAP_SERVERS``.
        namespace: ``NAMESPACE`` of the deployment: suffix of topics, prefix of keys; may be empty.
        log_level: ``LOG_LEVEL``; default info.
        drain_seconds: ``DRAIN_SECONDS`` that calls in flight are given to end when the service stops; default 10.
        version: ``SERVICE_VERSION`` of the code that runs, shown to discovery; default 0.
        environ: The whole environment, for what only one service knows.
    """

    name: str
    host: str
    grpc_port: int | None
    http_port: int
    postgres_dsn: str
    postgres_admin_dsn: str
    redis_url: str
    kafka_bootstrap_servers: str
    namespace: str
    log_level: str
    drain_seconds: float
    version: str
    environ: Mapping[str, str]

    @classmethod
    def from_environ(cls, name: str, environ: Mapping[str, str]) -> Settings:
        """Reads the environment.

        Raises:
            StartError: A value is not what it has to be.
        """
        return cls(
            name=name,
            host=environ.get("HOST") or "127.0.0.1",
            grpc_port=_port(environ, "GRPC_PORT"),
            http_port=_port(environ, "HTTP_PORT") or 0,
            postgres_dsn=environ.get("POSTGRES_DSN", ""),
            postgres_admin_dsn=environ.get("POSTGRES_ADMIN_DSN", ""),
            redis_url=environ.get("REDIS_URL", ""),
            kafka_bootstrap_servers=environ.get("KAFKA_BOOTSTRAP_SERVERS", ""),
            namespace=environ.get("NAMESPACE", ""),
            log_level=environ.get("LOG_LEVEL") or "info",
            drain_seconds=_seconds(environ, "DRAIN_SECONDS", 10.0),
            version=environ.get("SERVICE_VERSION") or "0",
            environ=environ,
        )

    def required(self, key: str) -> str:
        """A value of the environment that this service cannot do without.

        Raises:
            StartError: It is absent or empty.
        """
        value = self.environ.get(key)
        if not value:
            raise StartError(f"{self.name} needs {key}, which is not set", hint=f"set {key} in its environment")
        return value


def _port(environ: Mapping[str, str], key: str) -> int | None:
    text = environ.get(key, "")
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise StartError(f"{key}: expected a port from 1 to 65535, found {text!r}", hint=f"correct {key}")
    return int(text)


def _seconds(environ: Mapping[str, str], key: str, default: float) -> float:
    text = environ.get(key, "")
    if not text:
        return default
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds < float("inf"):
        raise StartError(f"{key}: expected a number of seconds, found {text!r}", hint=f"correct {key}")
    return seconds
