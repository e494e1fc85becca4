"""Keys of callers that a service has looked up, so that a call costs no look-up."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from platformkit.context import start_detached
from platformkit.limiter import Limit, LocalLimiter
from platformkit.telemetry import get_logger
from platformkit.tokens.caller_keys import CallerKeys
from platformkit.tokens.errors import KeysUnavailableError, Refusal, RefusedTokenError
from platformkit.tokens.keys import PublicKey

KNOWN_SECONDS: Final = 60.0
"""Age at which a key is looked up again, so that one that nobody publishes any more is forgotten."""

UNKNOWN_SECONDS: Final = 2.0
"""Time between two look-ups of a key that is not there: naming keys costs an attacker nothing."""

LOOKUP_SECONDS: Final = 2.0
"""Time for a look-up at most."""

CAPACITY: Final = 1_000
"""Keys that are remembered, and names of keys that are not there; those go first that were not asked for."""

LOOKUPS: Final = Limit("caller keys", requests=50, seconds=1.0, burst=200)
"""Look-ups at most, whatever keys are named."""

_Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Known:
    key: PublicKey | None
    until: float


class KnownCallers:
    """Remembers keys, each looked up when it is first asked for; many who ask at once wait for one look-up.

    While nobody can be asked, what is known stays known.

    Args:
        keys: Where they are looked up.
        clock: Monotonic seconds.
    """

    def __init__(self, keys: CallerKeys, clock: Callable[[], float] = time.monotonic) -> None:
        self._keys = keys
        self._clock = clock
        self._known: OrderedDict[_Name, _Known] = OrderedDict()
        self._unknown: OrderedDict[_Name, _Known] = OrderedDict()
        self._flights: dict[_Name, asyncio.Task[None]] = {}
        self._limiter = LocalLimiter(clock)
        self._log = get_logger("tokens.callers")

    def __len__(self) -> int:
        return len(self._known) + len(self._unknown)

    async def find(self, service: str, key_id: str) -> PublicKey:
        """Return the key of a service with a name.

        Raises:
            RefusedTokenError: The service has no such key.
            KeysUnavailableError: Nobody can tell.
        """
        name = service, key_id
        found = self._fresh(name)
        if found is None:
            await self._look_up(name)
            found = self._known.get(name) or self._unknown.get(name)
        if found is None:
            raise KeysUnavailableError("the keys of callers cannot be looked up")
        if found.key is None:
            raise RefusedTokenError(Refusal.UNKNOWN_KEY)
        return found.key

    def _fresh(self, name: _Name) -> _Known | None:
        for remembered in (self._known, self._unknown):
            found = remembered.get(name)
            if found is not None and self._clock() < found.until:
                remembered.move_to_end(name)
                return found
        return None

    async def _look_up(self, name: _Name) -> None:
        flight = self._flights.get(name)
        if flight is None:
            if not (await self._limiter.take([("all", LOOKUPS)])).allowed:
                # A key that is known goes on being believed: others must not be able to take it away.
                self._log.warning("too many keys of callers are asked for")
                return
            self._flights[name] = flight = start_detached(self._looked_up(name), "look up a key")
        # Whoever asked and goes away must not take the look-up from the others.
        await asyncio.shield(flight)

    async def _looked_up(self, name: _Name) -> None:
        try:
            async with asyncio.timeout(LOOKUP_SECONDS):
                key = await self._keys.find(*name)
        except (KeysUnavailableError, TimeoutError) as error:
            self._log.warning("keys of callers cannot be looked up", error=str(error) or type(error).__name__)
            self._unknown.pop(name, None)
            if (known := self._known.get(name)) is not None:
                self._remember(self._known, name, _Known(known.key, self._clock() + UNKNOWN_SECONDS))
        else:
            self._forget(name)
            if key is None:
                self._remember(self._unknown, name, _Known(None, self._clock() + UNKNOWN_SECONDS))
            else:
                self._remember(self._known, name, _Known(key, self._clock() + KNOWN_SECONDS))
        finally:
            del self._flights[name]

    def _forget(self, name: _Name) -> None:
        self._known.pop(name, None)
        self._unknown.pop(name, None)

    @staticmethod
    def _remember(remembered: OrderedDict[_Name, _Known], name: _Name, what: _Known) -> None:
        remembered[name] = what
        remembered.move_to_end(name)
        while len(remembered) > CAPACITY:
            remembered.popitem(last=False)


@dataclass(frozen=True, slots=True)
class KeysOfCaller:
    """`KeySet` of one service that calls.

    Attributes:
        known: Looks its keys up.
        service: Name of the service.
    """

    known: KnownCallers
    service: str

    async def find(self, key_id: str) -> PublicKey:
        """See `KeySet`."""
        return await self.known.find(self.service, key_id)
