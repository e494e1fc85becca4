"""Configuration of the gateway: one TOML file, read once. ``gateway.toml`` beside this module is the default."""

from __future__ import annotations

import ipaddress
import re
from datetime import date
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

import msgspec

from platformkit.lifecycle import StartError
from platformkit.limiter import Limit

DEFAULT: Final = Path(__file__).with_name("gateway.toml")
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]+")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Positive = Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)]
Seconds = Annotated[float, msgspec.Meta(gt=0, le=86_400)]
Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
Prefix = Annotated[str, msgspec.Meta(pattern=r"^(/[A-Za-z0-9._~-]+)+$")]
Link = Annotated[str, msgspec.Meta(pattern=r"^https?://[!#$%&'()*+,./0-9:;=?@A-Z_a-z~-]+$")]
Rpc = Annotated[str, msgspec.Meta(pattern=r"^/[A-Za-z0-9_.]+/[A-Za-z0-9_]+$")]


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A table of the file; a key that it does not have is refused."""


class Origin(Table, frozen=True):
    """A site whose pages may call the gateway from a browser.

    Attributes:
        origin: Scheme, host and port exactly as browsers send them: ``https://app.example.com``.
        credentials: Whether its requests may carry cookies and client certificates.
    """

    origin: str
    credentials: bool = False

    def __post_init__(self) -> None:
        """Refuses what no browser sends, and would match nothing or too much."""
        parts = urlsplit(self.origin)
        if (
            parts.scheme not in {"http", "https"}
            or not parts.netloc
            or self.origin != f"{parts.scheme}://{parts.netloc}"
        ):
            raise ValueError(f"expected an origin such as https://app.example.com, got {self.origin!r}")
        if self.origin != self.origin.lower() or "@" in parts.netloc or "*" in self.origin:
            raise ValueError(f"an origin has small letters, no user and no wildcard, got {self.origin!r}")


class Cors(Table, frozen=True):
    """Permissions of browsers that act on behalf of other sites.

    Attributes:
        origins: The sites; any other one is allowed nothing.
        methods: Methods that they may use.
        headers: Headers that they may send, in small letters.
        expose: Headers that they may read, in small letters.
        max_age_seconds: How long a browser may keep the answer to a preflight.
    """

    origins: tuple[Origin, ...] = ()
    methods: tuple[str, ...] = ("GET", "POST", "PUT", "PATCH", "DELETE")
    headers: tuple[str, ...] = ("authorization", "content-type", "if-match", "if-none-match", "x-request-id")
    expose: tuple[str, ...] = (
        *("deprecation", "etag", "link", "ratelimit", "ratelimit-policy", "retry-after", "sunset", "x-request-id"),
    )
    max_age_seconds: Positive = 600


class Counted(StrEnum):
    """Callers that a limit counts."""

    ADDRESS = "address"
    SUBJECT = "subject"
    EVERYBODY = "everybody"


class RateLimit(Table, frozen=True, dict=True):
    """A limit, and what it counts.

    Attributes:
        name: As the headers call it.
        requests: Requests in ``seconds``.
        seconds: Length of the window.
        by: Who is counted: each address, each authenticated subject (a request without one is not counted), or all
            callers together.
        burst: Requests that may come at once; absent: ``requests``.
        rpcs: Rpcs as ``/package.Service/Method`` that are counted; empty for every request.
    """

    name: Name
    requests: Positive
    seconds: Seconds
    by: Counted
    burst: Positive | None = None
    rpcs: frozenset[Rpc] = frozenset()

    @cached_property
    def limit(self) -> Limit:
        """Return the limit itself."""
        return Limit(self.name, self.requests, self.seconds, self.burst or self.requests)


class OldAddress(Table, frozen=True):
    """Beginning of paths that still stands for another, and will not for ever.

    Attributes:
        path: What it stands for.
        since: Day since which it is deprecated.
        sunset: Day from which on it may be gone; absent if that is not decided.
        link: Page that says what to use instead, if there is one.
    """

    path: Prefix
    since: date
    sunset: date | None = None
    link: Link | None = None


class Headers(Table, frozen=True):
    """Changes to the headers of requests or of responses; every name in small letters.

    Attributes:
        strip: Headers that are taken away.
        rename: New names of headers, by their old ones.
        default: Values of headers that are not there.
    """

    strip: tuple[str, ...] = ()
    rename: dict[str, str] = {}
    default: dict[str, str] = {}

    def __post_init__(self) -> None:
        """Refuses what is no name and no value of a header."""
        names = (*self.strip, *self.rename, *self.rename.values(), *self.default)
        for name in names:
            if _TOKEN.fullmatch(name) is None:
                raise ValueError(f"expected the name of a header in small letters, got {name!r}")
        for value in self.default.values():
            if not value.isprintable() or not value.isascii():
                raise ValueError(f"expected the value of a header in printable ASCII, got {value!r}")


class AccessTokens(Table, frozen=True):
    """Access tokens that prove who calls.

    Attributes:
        service: Service that issues them, and publishes its keys at ``/.well-known/jwks.json``.
        issuer: Who has to have signed them.
        audience: For whom they have to be.
    """

    service: str = "auth"
    issuer: str = "plt.auth"
    audience: str = "plt"


class Configuration(Table, frozen=True, dict=True):
    """Everything that the gateway is told, but for addresses and secrets.

    Attributes:
        cors: What browsers may do.
        limits: Rate limits; a request has to keep to each that counts it.
        prefixes: What the beginning of a path stands for, by that beginning: ``"/api/v1" = "/v1"``, or an old address.
        request: Changes to headers on their way in.
        response: Changes to headers on their way out.
        authentication: Tokens that are verified; without them nobody is asked who it is, and every rpc is open.
        proxies: Networks of proxies, whose ``x-forwarded-for`` is believed.
    """

    cors: Cors = Cors()
    limits: tuple[RateLimit, ...] = ()
    prefixes: dict[Prefix, Prefix | OldAddress] = {}
    request: Headers = Headers()
    response: Headers = Headers()
    authentication: AccessTokens | None = None
    proxies: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuses two limits of one name, and networks that are none."""
        names = [limit.name for limit in self.limits]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"two limits have the name {min(twice)!r}")
        _ = self.proxy_networks

    @cached_property
    def proxy_networks(self) -> tuple[Network, ...]:
        """Return the networks of the proxies."""
        return tuple(ipaddress.ip_network(network) for network in self.proxies)


def read_configuration(path: Path = DEFAULT) -> Configuration:
    """Read a configuration.

    Raises:
        StartError: The file cannot be read, or says something that is not understood.
    """
    hint = "correct the file, or name another one in GATEWAY_CONFIGURATION"
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Configuration)
    except OSError as error:
        raise StartError(f"{path} cannot be read: {error.strerror}", hint=hint) from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise StartError(f"{path}: {error}", hint=hint) from error
