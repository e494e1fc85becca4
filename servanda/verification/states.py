"""Provider states: what a service declares to make the premises of its interactions true.

A service's configuration lists callables as ``module:callable``. Each takes the environment of the service's process
and returns an async context manager over handlers by state name; a handler is ``async (params) -> values or None``.
"""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, cast

from servanda.configuration import Service
from servanda.errors import ConfigurationError
from servanda.pact import ProviderState
from servanda.supervision import ServiceHandle, System, start_order
from servanda.verdict import Reason, ReasonKind

Handler: TypeAlias = Callable[[Mapping[str, object]], Awaitable[Mapping[str, object] | None]]
Handlers: TypeAlias = AbstractAsyncContextManager[Mapping[str, Handler]]
Factory: TypeAlias = Callable[[Mapping[str, str]], Handlers]


class StateError(Exception):
    """A provider state could not be made true; carries the reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class States:
    """What one provider can make true.

    Attributes:
        handlers: By state name.
        failures: Why some of the declared handlers are not there.
    """

    handlers: Mapping[str, Handler]
    failures: tuple[Reason, ...] = ()

    async def establish(self, states: Iterable[ProviderState], seconds: float) -> Mapping[str, object]:
        """Make states true, one after the other, each within ``seconds``.

        Returns:
            What the handlers were given and, over it, what they returned, by name.

        Raises:
            StateError: There is no handler for one, or it failed; nothing is done before each has one.
        """
        wanted = tuple(states)
        for state in wanted:
            if state.name not in self.handlers:
                raise StateError(self._missing(state.name))
        values: dict[str, object] = {}
        for state in wanted:
            values |= state.params
            values |= await self._establish(state, seconds) or {}
        return values

    async def _establish(self, state: ProviderState, seconds: float) -> Mapping[str, object] | None:
        try:
            async with asyncio.timeout(seconds):
                return await self.handlers[state.name](state.params)
        except TimeoutError as error:
            why = f"took longer than {seconds:g} s" if not str(error) else f"failed: {error}"
            raise StateError(_failed(f"the provider state '{state.name}' {why}")) from error
        except Exception as error:
            what = f"the provider state '{state.name}' failed: {type(error).__name__}: {error}"
            raise StateError(_failed(what)) from error

    def _missing(self, name: str) -> Reason:
        if self.failures:
            return self.failures[0]
        known = ", ".join(f"'{handler}'" for handler in sorted(self.handlers)) or "none"
        return Reason(
            ReasonKind.STATE_MISSING,
            f"no handler is configured for the provider state '{name}'; known: {known}",
            expected=name,
        )


@asynccontextmanager
async def open_states(
    system: System[ServiceHandle], providers: Iterable[str], root: Path
) -> AsyncIterator[Mapping[str, States]]:
    """The states of some services of a running system, by service; modules are imported from ``root``.

    Raises:
        ConfigurationError: A declared callable cannot be imported, or two of one service offer the same state.
    """
    async with AsyncExitStack() as stack:
        opened: dict[tuple[str, str], Mapping[str, Handler] | Reason] = {}
        states: dict[str, States] = {}
        for name in providers:
            parts = []
            for source in system.service(name).service.states:
                key = (source, state_owner(system, name, source))
                if key not in opened:
                    opened[key] = await _enter(stack, source, root, system.service(key[1]).environment)
                parts.append((source, opened[key]))
            states[name] = _merged(name, parts)
        yield states


def state_owner(system: System[ServiceHandle], service: str, source: str) -> str:
    """The service on whose stores a callable works.

    A service that keeps nothing itself lists the callables of services that it depends on; those get the environment of
    the service that they belong to.
    """
    configured: dict[str, Service] = {name: handle.service for name, handle in system.services.items()}
    order = start_order(configured, [service])
    return next((other.name for other in order if source in other.states), service)


def _merged(service: str, parts: Iterable[tuple[str, Mapping[str, Handler] | Reason]]) -> States:
    handlers: dict[str, Handler] = {}
    origins: dict[str, str] = {}
    failures = []
    for source, found in parts:
        if isinstance(found, Reason):
            failures.append(found)
            continue
        for name, handler in found.items():
            if name in origins:
                raise ConfigurationError(
                    f"both {origins[name]} and {source} offer the state '{name}'",
                    where=f"services.{service}.states",
                    hint="name one of them otherwise",
                )
            handlers[name], origins[name] = handler, source
    return States(handlers, tuple(failures))


async def _enter(
    stack: AsyncExitStack, source: str, root: Path, environment: Mapping[str, str]
) -> Mapping[str, Handler] | Reason:
    factory = _imported(source, root)
    try:
        return await stack.enter_async_context(factory(environment))
    except Exception as error:  # noqa: BLE001 - it is the provider's own code and may raise anything
        return _failed(f"the provider states of {source} could not be opened: {type(error).__name__}: {error}")


def _imported(source: str, root: Path) -> Factory:
    module_name, _, attribute = source.partition(":")
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))  # the services' own modules, which handlers may go on to import
    try:
        found = getattr(importlib.import_module(module_name), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigurationError(
            f"the provider states '{source}' cannot be imported: {error}",
            hint="expected module:callable, importable from the folder of the configuration",
        ) from error
    if not callable(found):
        raise ConfigurationError(f"the provider states '{source}' are not callable")
    return cast("Factory", found)


def _failed(message: str) -> Reason:
    return Reason(ReasonKind.STATE_FAILED, message)
