"""``servanda parity``."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeAlias

import click

from servanda import infra, supervision
from servanda.cache import cache_folder
from servanda.cli.ending import run
from servanda.cli.group import pass_configuration
from servanda.configuration import Configuration
from servanda.errors import ConfigurationError, InterfaceError, VerificationError
from servanda.extras import naming_extra
from servanda.pact import ProviderState
from servanda.report.console import console_for
from servanda.report.progress import progress
from servanda.report.terminal import deliver, say
from servanda.supervision import Plan
from servanda.verdict import Transport

with naming_extra():
    from servanda.interfaces.protobuf.inputs.opening import Opener
    from servanda.interfaces.protobuf.usage.catalogue import Catalogue
    from servanda.parity import (
        GrpcSide,
        HttpSide,
        Instance,
        Parity,
        Requests,
        callable_routes,
        compare_sides,
    )
    from servanda.report import parity as shown
    from servanda.transports.provider import Change
    from servanda.verification import ProviderCode, request_filter
    from servanda.verification.states import StateError, States, open_states

_REPORTED_EVERY = 1_000

_Values: TypeAlias = "Sequence[Mapping[str, object]]"
"""Values that each provider state is about, in the order of the states."""
_Address: TypeAlias = "tuple[str, str, Change | None, _Values]"


@click.command("parity")
@click.argument("service")
@click.option("--calls", type=click.IntRange(1, 1_000_000), default=2_000, show_default=True, help="Calls to make.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same calls.")
@click.option("--rpc", default="", metavar="TEXT", help="Only rpcs whose full name contains TEXT.")
@click.option("--state", "states", multiple=True, metavar="NAME", help="Provider state to begin with; repeatable.")
@click.option("--grpc-target", metavar="HOST:PORT", help="Ask the service that runs here over gRPC; start nothing.")
@click.option("--provider-url", metavar="URL", help="The same service over HTTP.")
@click.option(
    "--infra", "mode", type=click.Choice(["auto", *map(str, infra.Provisioning)]), help="Provisioning of the stores."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Output format.")
@pass_configuration
def command(configuration: Configuration, /, service: str, **given: Any) -> None:
    """Compare what a service answers over gRPC and over HTTP.

    Draws requests from the proto definitions and their constraints, sends each over gRPC to one instance of SERVICE and
    over HTTP to another one, on stores of their own, and compares status, message, presence of fields, details and
    metadata. With --grpc-target and --provider-url, one running service is asked both ways, and only for rpcs that
    declare no side effects.

    Examples:
      servanda parity identity
      servanda parity notification --state "a user got notifications"
      servanda parity shop --grpc-target 127.0.0.1:5051 --provider-url http://127.0.0.1:8080
    """
    target, url = given["grpc_target"], given["provider_url"]
    if bool(target) != bool(url):
        raise ConfigurationError(
            "one address of two is named", hint="name both --grpc-target and --provider-url, or none of them"
        )
    if target and given["states"]:
        raise ConfigurationError("a service that runs elsewhere is put into no state", hint="leave out --state")
    catalogue = _catalogue(configuration)
    reading_only = bool(target)
    routes = callable_routes(catalogue, given["rpc"], reading_only=reading_only)
    if not routes:
        raise ConfigurationError("no rpc is left to call", hint=_hint(reading_only))
    requests = Requests(routes, given["seed"])

    async def compared() -> Parity:
        async with _instances(configuration, service, given, catalogue, requests) as instances:
            return await compare_sides(
                requests,
                instances,
                given["calls"],
                accepted=configuration.parity,
                progress=_tell,
            )

    result = run(compared())
    deliver(shown.document(result) if given["form"] == "json" else shown.text(result, service))
    click.get_current_context().exit(1 if result.unexpected else 0)


def _hint(reading_only: bool) -> str:
    if reading_only:
        return "of a running service only rpcs with google.api.http and idempotency_level = NO_SIDE_EFFECTS are called"
    return "only unary rpcs with google.api.http are called"


def _catalogue(configuration: Configuration) -> Catalogue:
    root = configuration.interfaces.root
    if not root.is_dir():
        raise InterfaceError("there is no folder of protos", where=os.fspath(root), hint="name it in [interfaces] root")
    opener = Opener(configuration.root, cache_folder(os.environ), configuration.limits)
    return Catalogue(opener.open_folder(os.fspath(root.relative_to(configuration.root))).state)


@asynccontextmanager
async def _instances(
    configuration: Configuration, service: str, given: dict[str, Any], catalogue: Catalogue, requests: Requests
) -> AsyncIterator[Sequence[Instance]]:
    async with AsyncExitStack() as stack:
        if given["grpc_target"]:
            addresses: list[_Address] = [(given["grpc_target"], given["provider_url"], None, ())]
        else:
            addresses = [
                await stack.enter_async_context(_started(configuration, service, given, name))
                for name in ("parity-grpc", "parity-http")
            ]
            _learn(requests, *(values for *_, values in addresses))
        instances = []
        for target, url, change, _ in addresses:
            instance = Instance(
                GrpcSide(target, configuration.limits, change),
                HttpSide(url, configuration.limits, catalogue.pool, change),
            )
            stack.push_async_callback(instance.grpc.close)
            stack.push_async_callback(instance.http.close)
            instances.append(instance)
        yield instances


@asynccontextmanager
async def _started(
    configuration: Configuration, service: str, given: dict[str, Any], name: str
) -> AsyncIterator[_Address]:
    known = configuration.services.get(service)
    if known is None:
        raise ConfigurationError(
            f"unknown service '{service}'", hint=f"known services: {', '.join(configuration.services) or 'none'}"
        )
    missing = [each for each in (Transport.GRPC, Transport.HTTP) if each not in known.transports]
    if missing:
        raise ConfigurationError(
            f"service '{service}' has no transport '{missing[0]}'",
            hint=f"parity compares a service that serves both: name its port in [services.{service}] transports",
        )
    folder, overrides = supervision.own_folder(configuration.root, name), {service: known.parity_environment}
    plan = Plan(configuration, folder, os.environ, only=(service,), overrides=overrides)
    with progress(console_for(sys.stderr)) as stores:
        async with supervision.start_with_stores(plan, given["mode"], stores=stores) as running:
            grpc, http = (running.address(service, known.transports[each]) for each in (Transport.GRPC, Transport.HTTP))
            async with (
                ProviderCode(configuration.limits) as code,
                open_states(running, [service], configuration.limits, code) as states,
            ):
                change = request_filter(running.service(service), code, configuration.limits)
                values = await _established(states[service], given["states"], configuration.limits.state_seconds)
                yield grpc, f"http://{http}", change, values


async def _established(states: States, names: Sequence[str], seconds: float) -> _Values:
    # One by one: what a state is about is not lost to a later one that is about another value of the same name.
    wanted = [[ProviderState(name)] for name in names] or [[]]
    try:
        return [await states.establish(each, seconds) for each in wanted]
    except StateError as error:
        raise VerificationError(str(error), hint="--state takes a name as contracts write it") from error


def _learn(requests: Requests, grpc: _Values, http: _Values) -> None:
    for of_grpc, of_http in zip(grpc, http, strict=True):
        for name, value in of_grpc.items():
            other = of_http.get(name)
            if isinstance(value, str) and isinstance(other, str):
                requests.identifiers.learn(name, value, other)


def _tell(number: int) -> None:
    if number % _REPORTED_EVERY == 0:
        say(f"{number:,} calls compared")
