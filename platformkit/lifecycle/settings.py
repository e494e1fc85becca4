"""Settings of a process, read once from its environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from platformkit.lifecycle.errors import StartError

_POSTGRES: Final = ("postgresql", "postgres")
_REDIS: Final = ("redis", "rediss", "unix")
_DELAY: Final = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)([smh])", re.ASCII)
_UNIT_SECONDS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0}
_MOST: Final = 1_000_000
_INTERNAL_TOKENS: Final = ("required", "off")
_LOG_LEVELS: Final = ("debug", "info", "warning", "error", "critical")


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of a service, from its environment.

    Args:
        name: Name of the service.
        host: ``HOST``: IPv4 address, or name of one, to listen on and to be found at; default 127.0.0.1.
        grpc_port: ``GRPC_PORT``; empty or absent means that the service answers over HTTP only.
        http_port: ``HTTP_PORT``; every service that serves needs it.
        namespace: ``NAMESPACE`` of the deployment: suffix of topics, prefix of keys; may be empty.
        log_level: ``LOG_LEVEL``; default info.
        drain_seconds: ``DRAIN_SECONDS`` that calls in flight are given to end when the service stops; default 10.
        connections_per_address: ``HTTP_CONNECTIONS_PER_ADDRESS``: connections that the HTTP port accepts from one IP
            address; default 1,000. Behind a proxy all callers have the address of the proxy.
        metrics_port: ``METRICS_PORT`` on which Prometheus reads metrics; empty or absent means that there are none.
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
    connections_per_address: int
    metrics_port: int | None
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
            connections_per_address=_count(environ, "HTTP_CONNECTIONS_PER_ADDRESS", 1_000),
            metrics_port=_port(environ, "METRICS_PORT"),
            version=environ.get("SERVICE_VERSION") or "0",
            environ=environ,
        )

    @property
    def postgres_dsn(self) -> str:
        """Return ``POSTGRES_DSN``, as the read-write role; StartError if it is missing or no such address."""
        return self._address("POSTGRES_DSN", _POSTGRES)

    @property
    def postgres_admin_dsn(self) -> str:
        """Return ``POSTGRES_ADMIN_DSN``, needed by ``migrate`` only; StartError if it is missing or no such address."""
        return self._address("POSTGRES_ADMIN_DSN", _POSTGRES)

    @property
    def postgres_rw_password(self) -> str | None:
        """Return ``POSTGRES_RW_PASSWORD``, which ``migrate`` sets for the read-write role; None if it is not set."""
        return self.environ.get("POSTGRES_RW_PASSWORD") or None

    @property
    def redis_url(self) -> str:
        """Return ``REDIS_URL``; StartError if it is missing or no such address."""
        return self._address("REDIS_URL", _REDIS)

    @property
    def kafka_bootstrap_servers(self) -> str:
        """Return ``KAFKA_BOOTSTRAP_SERVERS``; StartError if it is missing."""
        return self.required("KAFKA_BOOTSTRAP_SERVERS")

    @property
    def internal_tokens_required(self) -> bool:
        """Tell whether ``INTERNAL_TOKENS`` is ``required`` and not ``off``.

        Raises:
            StartError: It is neither: whether callers have to prove who they are is decided, never assumed.
        """
        found = self.environ.get("INTERNAL_TOKENS", "")
        if found not in _INTERNAL_TOKENS:
            what = f"found {found[:40]!r}" if found else "and it is not set"
            raise StartError(
                f"INTERNAL_TOKENS: expected required or off, {what}",
                hint="set it to required; off lets everybody call who reaches the ports of the service",
            )
        return found == "required"

    @property
    def page_token_secret(self) -> bytes:
        """Return ``PAGE_TOKEN_SECRET``, the same in every instance of a service; StartError if it is missing."""
        return self.required("PAGE_TOKEN_SECRET").encode()

    @property
    def event_retry_delays(self) -> tuple[float, ...]:
        """Return ``EVENT_RETRY_DELAYS`` in seconds: ``30s,5m`` by default, ``none`` for none.

        Raises:
            StartError: It is no list of delays.
        """
        text = self.environ.get("EVENT_RETRY_DELAYS") or "30s,5m"
        if text == "none":
            return ()
        found = [_DELAY.fullmatch(part.strip()) for part in text.split(",")]
        if not all(found):
            what = f"EVENT_RETRY_DELAYS: expected delays such as 30s,5m, or none, found {text!r}"
            raise StartError(what, hint="correct EVENT_RETRY_DELAYS")
        return tuple(float(part[1]) * _UNIT_SECONDS[part[2]] for part in found if part)

    def number(self, key: str, default: int, least: int, most: int) -> int:
        """Return a whole number of the environment, from ``least`` to ``most``; the default if it is absent or empty.

        Raises:
            StartError: It is no such number.
        """
        text = self.environ.get(key, "")
        if not text:
            return default
        if not text.isascii() or not text.isdigit() or len(text) > 12 or not least <= int(text) <= most:
            what = f"{key}: expected a number from {least} to {most}, found {text[:40]!r}"
            raise StartError(what, hint=f"correct {key}")
        return int(text)

    def required(self, key: str) -> str:
        """Return a value of the environment that this service cannot do without.

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


def _count(environ: Mapping[str, str], key: str, default: int) -> int:
    text = environ.get(key, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:10]) <= _MOST:
        raise StartError(f"{key}: expected a number from 1 to {_MOST}, found {text[:50]!r}", hint=f"correct {key}")
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
