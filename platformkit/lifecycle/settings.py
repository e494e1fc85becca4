"""What a process is told by its environment, read once at the start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from platformkit.lifecycle.errors import StartError

_POSTGRES: Final = ("postgresql", "postgres")
_REDIS: Final = ("redis", "rediss", "unix")
_LOG_LEVELS: Final = ("debug", "info", "warning", "error", "critical")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says to a service.

    Args:
        name: Name of the service.
        host: ``HOST``: IPv4 address, or name of one, to listen on and to be found at; default 127.0.0.1.
        grpc_port: ``GRPC_PORT``; empty or absent means that the service answers over HTTP only.
        http_port: ``HTTP_PORT``; every service that serves needs it.
        namespace: ``NAMESPACE`` of the deployment: suffix of topics, prefix of keys; may be empty.
        log_level: ``LOG_LEVEL``; default info.
        drain_seconds: ``DRAIN_SECONDS`` that calls in flight are given to end when the service stops; default 10.
        version: ``SERVICE_VERSION`` of the code that runs, shown to discovery; default 0.
        environ: The whole environment: stores are asked for by those who need them, see the properties.
    """

    name: str
    host: str
    grpc_port: int | None
    http_port: int | None
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
            http_port=_port(environ, "HTTP_PORT"),
            namespace=environ.get("NAMESPACE", ""),
            log_level=_log_level(environ),
            drain_seconds=_seconds(environ, "DRAIN_SECONDS", 10.0),
            version=environ.get("SERVICE_VERSION") or "0",
            environ=environ,
        )

    @property
    def postgres_dsn(self) -> str:
        """``POSTGRES_DSN``, as the read-write role of the service; StartError if it is missing or no such address."""
        return self._address("POSTGRES_DSN", _POSTGRES)

    @property
    def postgres_admin_dsn(self) -> str:
        """``POSTGRES_ADMIN_DSN``, needed by ``migrate`` only; StartError if it is missing or no such address."""
        return self._address("POSTGRES_ADMIN_DSN", _POSTGRES)

    @property
    def redis_url(self) -> str:
        """``REDIS_URL``; StartError if it is missing or no such address."""
        return self._address("REDIS_URL", _REDIS)

    @property
    def kafka_bootstrap_servers(self) -> str:
        """``KAFKA_BOOTSTRAP_SERVERS``; StartError if it is missing."""
        return self.required("KAFKA_BOOTSTRAP_SERVERS")

    @property
    def page_token_secret(self) -> bytes:
        """``PAGE_TOKEN_SECRET``, the same in every instance of a service that lists; StartError if it is missing."""
        return self.required("PAGE_TOKEN_SECRET").encode()

    def required(self, key: str) -> str:
        """A value of the environment that this service cannot do without.

        Raises:
            StartError: It is absent or empty.
        """
        value = self.environ.get(key)
        if not value:
            raise StartError(f"{self.name} needs {key}, which is not set", hint=f"set {key} in its environment")
        return value

    def _address(self, key: str, schemes: tuple[str, ...]) -> str:
        value = self.required(key)
        if not value.startswith(tuple(f"{scheme}://" for scheme in schemes)):
            # The value itself may hold a password.
            raise StartError(f"{key}: expected an address that starts with {schemes[0]}://", hint=f"correct {key}")
        return value


def _port(environ: Mapping[str, str], key: str) -> int | None:
    text = environ.get(key, "")
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise StartError(f"{key}: expected a port from 1 to 65535, found {text!r}", hint=f"correct {key}")
    return int(text)


def _log_level(environ: Mapping[str, str]) -> str:
    level = environ.get("LOG_LEVEL") or "info"
    if level.lower() not in _LOG_LEVELS:
        raise StartError(
            f"LOG_LEVEL: expected one of {', '.join(_LOG_LEVELS)}, found {level!r}", hint="correct LOG_LEVEL"
        )
    return level


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
