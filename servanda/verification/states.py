"""Provider states: what a service declares to make the premises of its interactions true.

A service's configuration lists callables as ``module:callable``. Each takes the environment of the service's process
and returns an async context manager over handlers by state name; a handler is ``async (params) -> values or None``, or
gives an async context manager over them, which is left when the state is undone. It runs in a process of its own, by
the code of the version that it prepares.
"""

from __future__ import annotations

import asyncio
import difflib
import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from servanda.configuration import DEFAULT_LIMITS, Limits
from servanda.errors import ConfigurationError, SupervisionError
from servanda.pact import ProviderState
from servanda.supervision import Instance, ServiceHandle, System
from servanda.supervision.tasks import at_once
from servanda.verdict import Reason, ReasonKind
from servanda.verification.provider_code import ProviderCode
from servanda.verification.state_process import StateProcessError
from servanda.verification.state_url import StateUrl, StateUrlError
from servanda.verification.state_urls import open_state_url

Handler: TypeAlias = Callable[[Mapping[str, object]], Awaitable[Mapping[str, object] | None]]
Handlers: TypeAlias = AbstractAsyncContextManager[Mapping[str, Handler]]
"""What a declared callable returns for the environment of the service's process."""
Undo: TypeAlias = Callable[[], Awaitable[None]]
_SHOWN: Final = 10
_Key: TypeAlias = tuple[str, str]
"""A callable, and the name of the instance that it works for."""
_Opened: TypeAlias = Mapping[str, tuple[Handler, Undo]]


class StateError(Exception):
    """A provider state could not be made true.

    Attributes:
        reason: Why.
        before: The states that were made true before it.
    """

    def __init__(self, reason: Reason, before: tuple[ProviderState, ...] = ()) -> None:
        super().__init__(reason.message)
        self.reason = reason
        self.before = before


@dataclass(frozen=True, slots=True)
class States:
    """States that one provider can be put into.

    Attributes:
        handlers: By state name.
        failures: Why some of the declared handlers are not there.
        url: Makes those true that have no handler; ``None`` if there is none.
        undoing: By state name, what ends a state that its handler holds; of other states it does nothing.
    """

    handlers: Mapping[str, Handler]
    failures: tuple[Reason, ...] = ()
    url: StateUrl | None = None
    undoing: Mapping[str, Undo] = field(default_factory=dict)

    async def establish(self, states: Iterable[ProviderState], seconds: float) -> Mapping[str, object]:
        """Make states true, one after the other, each within ``seconds``.

        Returns:
            What the handlers were given and, over it, what they returned, by name.

        Raises:
            StateError: There is no handler for one, nor a URL, or it failed; nothing is done before each has one.
        """
        wanted = tuple(states)
        for state in wanted:
            if state.name not in self.handlers and (self.url is None or self.failures):
                raise StateError(self._missing(state.name))
        values: dict[str, object] = {}
        if self.url is not None and not wanted:
            try:
                values |= await self.url.set_up_nothing()
            except StateUrlError as error:
                raise StateError(_failed(f"the provider states cannot be begun: {error}")) from error
        for number, state in enumerate(wanted):
            values |= state.params
            try:
                values |= await self._establish(state, seconds) or {}
            except StateError as error:
                raise StateError(error.reason, wanted[:number]) from error
        return values

    async def tear_down(self, states: Iterable[ProviderState]) -> tuple[Reason, ...]:
        """End states that are no longer needed, the last one first: those that a handler holds, and those of the URL.

        Returns:
            Why some could not be undone.
        """
        failed, made_true = [], tuple(states)
        if self.url is not None and not made_true:
            await self.url.tear_down_nothing()
        for state in reversed(made_true):
            try:
                if state.name in self.handlers:
                    await self._undo(state.name)
                elif self.url is not None:
                    await self.url.tear_down(state)
            except (StateProcessError, StateUrlError) as error:
                failed.append(_failed(f"the provider state '{state.name}' could not be undone: {error}"))
        return tuple(failed)

    async def _undo(self, name: str) -> None:
        if (undo := self.undoing.get(name)) is not None:
            await undo()

    async def _establish(self, state: ProviderState, seconds: float) -> Mapping[str, object] | None:
        try:
            if (handler := self.handlers.get(state.name)) is None:
                return await self.url.set_up(state) if self.url is not None else None
            async with asyncio.timeout(seconds):
                return await handler(state.params)
        except TimeoutError as error:
            raise StateError(_failed(f"the provider state '{state.name}' took longer than {seconds:g} s")) from error
        except (StateProcessError, StateUrlError) as error:
            raise StateError(_failed(f"the provider state '{state.name}' failed: {error}")) from error

    def _missing(self, name: str) -> Reason:
        if self.failures:
            return self.failures[0]
        close = difflib.get_close_matches(name, self.handlers)
        first = [*close, *sorted(set(self.handlers) - set(close))]
        known = ", ".join(f"'{handler}'" for handler in first[:_SHOWN]) or "none"
        more = f" and {len(first) - _SHOWN} more" if len(first) > _SHOWN else ""
        closest = f"; the closest: '{close[0]}'" if close else ""
        return Reason(
            ReasonKind.STATE_MISSING,
            f"no handler is configured for the provider state '{name}'{closest}; known: {known}{more}",
            expected=name,
        )


@asynccontextmanager
async def open_states(
    system: System[ServiceHandle],
    providers: Iterable[str],
    limits: Limits = DEFAULT_LIMITS,
    code: ProviderCode | None = None,
) -> AsyncIterator[Mapping[str, States]]:
    """Open the states of some instances of a running system, by name of the instance.

    Args:
        system: Where they run.
        providers: Names of the instances.
        limits: How long opening may take, and how much is kept of what the handlers write.
        code: Opens the processes of the handlers, and ends them; without it they end with the context.

    Raises:
        ConfigurationError: A declared callable cannot be imported, or two of one service offer the same state.
    """
    wanted = tuple(providers)
    declared = {name: system.service(name).service.states for name in wanted}
    keys = {(name, source): _key(system, name, source) for name in wanted for source in declared[name]}
    opened: dict[_Key, _Opened | Reason] = {}
    async with AsyncExitStack() as stack:
        processes = code if code is not None else await stack.enter_async_context(ProviderCode(limits))

        async def enter(key: _Key) -> None:
            opened[key] = await _enter(processes, key[0], system.service(key[1]))

        await at_once({f"open {key[0]} of {key[1]}": enter(key) for key in dict.fromkeys(keys.values())})
        yield {
            name: _merged(
                system.service(name).instance,
                [(source, opened[keys[name, source]]) for source in declared[name]],
                open_state_url(stack, system, name, limits),
            )
            for name in wanted
        }


def open_ahead(system: System[ServiceHandle], name: str, code: ProviderCode) -> None:
    """Begin to open the code that a verification of an instance will need: its states, and its request filter.

    Args:
        system: Where it runs.
        name: Name of the instance.
        code: Opens the processes, and ends them.
    """
    handle = system.service(name)
    try:
        owners = {source: state_owner(system, name, source) for source in handle.service.states}
    except SupervisionError:
        return  # what it depends on does not run: a verification tells that
    for source, owner in owners.items():
        code.open_ahead(source, owner)
    if handle.service.request_filter:
        code.open_ahead(handle.service.request_filter, handle, is_function=True)


def _key(system: System[ServiceHandle], name: str, source: str) -> _Key:
    return source, state_owner(system, name, source).instance.name


def state_owner(system: System[ServiceHandle], name: str, source: str) -> ServiceHandle:
    """Return the instance on whose stores, and with whose code, a callable works.

    A service that keeps nothing itself lists the callables of services that it depends on; those get the environment of
    the service that they belong to. If several versions of that run, it is the current one.
    """
    *behind, asked = system.closure(name)
    owner = next((handle for handle in behind if source in handle.service.states), None)
    return system.service(owner.instance.service) if owner else asked


def _merged(provider: Instance, parts: Iterable[tuple[str, _Opened | Reason]], url: StateUrl | Reason | None) -> States:
    handlers: dict[str, Handler] = {}
    undoing: dict[str, Undo] = {}
    origins: dict[str, str] = {}
    failures = [url] if isinstance(url, Reason) else []
    for source, found in parts:
        if isinstance(found, Reason):
            failures.append(found)
            continue
        for name, (handler, undo) in found.items():
            if name in origins:
                raise ConfigurationError(
                    f"the state '{name}' has two handlers, in {origins[name]} and {source}",
                    where=f"services.{provider.service}.states",
                    hint="rename one of them",
                )
            handlers[name], undoing[name], origins[name] = handler, undo, source
    return States(handlers, tuple(failures), url if isinstance(url, StateUrl) else None, undoing)


async def _enter(code: ProviderCode, source: str, owner: ServiceHandle) -> _Opened | Reason:
    opened = code.source(source, owner)
    try:
        names = await opened.open()
    except StateProcessError as error:
        return _failed(f"the provider states of {source} could not be opened: {error}")
    except ConfigurationError as error:
        # What a release publishes need not hold what tests it.
        if not owner.instance.source.is_artifact:
            raise
        return _failed(f"{owner.instance.version} does not hold the provider states {source}: {error.what}")
    return {name: (functools.partial(opened.establish, name), functools.partial(opened.undo, name)) for name in names}


def _failed(message: str) -> Reason:
    return Reason(ReasonKind.STATE_FAILED, message)
