"""``servanda observe``."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import signal
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Final, Protocol
from urllib.parse import urlsplit

import click

from servanda.cli.bounds import bounded
from servanda.cli.completing import consumers
from servanda.cli.group import pass_configuration
from servanda.configuration import Configuration
from servanda.documents import replace_text
from servanda.errors import ConfigurationError, RecordingError
from servanda.extras import naming_extra
from servanda.interfaces.usage.lines import dump_lines
from servanda.interfaces.usage.use import Observation
from servanda.recording.observe.collector import Collector
from servanda.recording.targets import log_target
from servanda.recording.usage.described import Described
from servanda.report.terminal import answer, say


class _Proxy(Protocol):
    async def start(self, host: str, port: int) -> int: ...

    async def stop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class _Address:
    scheme: str
    host: str
    port: int


@click.command("observe")
@click.option(
    "--listen", required=True, metavar="HOST:PORT", help="Where the consumer connects to; port 0 is a free one."
)
@click.option("--target", required=True, metavar="URL", help="The provider: http://, https:// or grpc://HOST:PORT.")
@click.option("--consumer", required=True, shell_complete=consumers, help="Name of the consumer that connects.")
@click.option("--version", "of", default="", help="Version of the consumer.")
@click.option("--partial", is_flag=True, help="The run does not show all that the consumer does.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The usage log to write.")
@pass_configuration
def command(
    configuration: Configuration, /, listen: str, target: str, out: Path | None, *, partial: bool, **given: str
) -> None:
    """Note what a consumer sends and receives, as a proxy before a provider.

    Everything passes as it is. Ctrl-C or SIGTERM ends the proxy and writes a usage log: members of JSON and fields of
    messages, without their values. What a response holds may be read, and is marked as possible.

    Examples:
      servanda observe --listen 127.0.0.1:8080 --target http://127.0.0.1:8000 --consumer web
      servanda observe --listen 127.0.0.1:0 --target grpc://127.0.0.1:50051 --consumer mobile --partial
    """
    consumer = given["consumer"]
    path, boundary = log_target(configuration, out, consumer, "observe")
    host, port = _listening(listen)
    open_proxy = _opener(target)
    with bounded("observe", configuration.limits):
        collector = Collector(Described.of(configuration), say)
    asyncio.run(_serve(lambda: open_proxy(collector), (host, port), target))
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    log = collector.log(Observation(consumer, today, str(path), given["of"]), complete=not partial)
    if collector.others:
        say(f"{collector.others} calls are described by no interface here; nothing is noted of them")
    if not collector.is_whole:
        say("too many different requests: what the consumer leaves out is not noted")
    if not log.exchanges:
        raise RecordingError("no described call passed; nothing is written", where=target)
    replace_text(path, dump_lines(log, {"tool": "servanda observe", "version": version("servanda")}), boundary)
    answer(f"{path}: {len(log.exchanges)} different calls")


async def _serve(open_proxy: Callable[[], _Proxy], at: tuple[str, int], target: str) -> None:
    # Proxies belong to the loop in which they are made.
    proxy, stop = open_proxy(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        port = await proxy.start(*at)
        say(f"listening on {at[0]}:{port}, passing everything on to {target}; Ctrl-C ends this and writes the log")
        await stop.wait()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().remove_signal_handler(number)
    finally:
        with contextlib.suppress(asyncio.CancelledError):
            await proxy.stop()


def _listening(text: str) -> tuple[str, int]:
    found = _address(f"//{text}", text)
    return found.host, found.port


def _opener(target: str) -> Callable[[Collector], _Proxy]:
    """Return what makes the proxy for a target.

    Raises:
        ConfigurationError: It is no URL, or has another scheme.
        MissingExtraError: The library that it needs is not installed.
    """
    found = _address(target, target)
    if found.scheme not in _PROXIES:
        known = ", ".join(_PROXIES)
        raise ConfigurationError(f"unknown scheme '{found.scheme}'", where=target, hint=f"known schemes: {known}")
    return _PROXIES[found.scheme](target)


def _http(target: str) -> Callable[[Collector], _Proxy]:
    with naming_extra(target):
        from servanda.recording.observe.http_proxy import HttpProxy  # noqa: PLC0415 - it may not be installed
    return lambda collector: HttpProxy(target, collector)


def _grpc(target: str) -> Callable[[Collector], _Proxy]:
    with naming_extra(target):
        from servanda.recording.observe.grpc_proxy import GrpcProxy  # noqa: PLC0415 - it may not be installed

    return lambda collector: GrpcProxy(urlsplit(target).netloc, collector)


_PROXIES: Final = MappingProxyType({"http": _http, "https": _http, "grpc": _grpc})


def _address(text: str, shown: str) -> _Address:
    try:
        found = urlsplit(text)
        host, port = found.hostname, found.port
    except ValueError:
        host = port = None
    if not host or (port is None and not found.scheme.startswith("http")):
        hint = "for example 127.0.0.1:8080, http://127.0.0.1:8000 or grpc://127.0.0.1:9000"
        raise ConfigurationError("expected an address with a port", where=shown, hint=hint)
    return _Address(found.scheme, host, port or 0)
