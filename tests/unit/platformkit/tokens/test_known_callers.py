"""When keys of callers are looked up, and when they are not."""

from __future__ import annotations

import asyncio

import pytest

from platformkit.tokens import KeysUnavailableError, MemoryCallerKeys, PublicKey, RefusedTokenError, SigningKey
from platformkit.tokens.known_callers import CAPACITY, KNOWN_SECONDS, LOOKUPS, UNKNOWN_SECONDS, KnownCallers

KEY = SigningKey.generate()


class WaitingKeys(MemoryCallerKeys):
    """Keys that are found as soon as they may be."""

    def __init__(self) -> None:
        super().__init__()
        self.may_answer = asyncio.Event()

    async def find(self, service: str, key_id: str) -> PublicKey | None:
        found = await super().find(service, key_id)
        await self.may_answer.wait()
        return found


class Callers:
    """Callers that a service knows, of keys that a test publishes."""

    def __init__(self, keys: MemoryCallerKeys | None = None) -> None:
        self.keys = keys or MemoryCallerKeys()
        self.now = 0.0
        self.known = KnownCallers(self.keys, lambda: self.now)

    async def publish(self) -> None:
        await self.keys.publish("gateway", KEY.public)

    async def find(self, key_id: str = KEY.key_id) -> PublicKey:
        return await self.known.find("gateway", key_id)


async def test_a_key_is_looked_up_once() -> None:
    callers = Callers()
    await callers.publish()

    for _ in range(3):
        assert (await callers.find()).key_id == KEY.key_id

    assert callers.keys.asked == 1


async def test_many_who_ask_at_once_wait_for_one_look_up() -> None:
    callers = Callers(keys := WaitingKeys())
    await callers.publish()
    asking = [asyncio.create_task(callers.find()) for _ in range(50)]
    await asyncio.sleep(0)
    asking[0].cancel()
    keys.may_answer.set()

    found = await asyncio.gather(*asking, return_exceptions=True)

    assert isinstance(found[0], asyncio.CancelledError)
    assert all(isinstance(each, PublicKey) for each in found[1:])
    assert keys.asked == 1


async def test_a_key_that_is_not_there_is_not_looked_up_again_at_once() -> None:
    callers = Callers()
    for _ in range(10):
        with pytest.raises(RefusedTokenError):
            await callers.find()
    assert callers.keys.asked == 1

    await callers.publish()
    callers.now = UNKNOWN_SECONDS
    assert (await callers.find()).key_id == KEY.key_id


async def test_a_key_that_nobody_publishes_any_more_is_forgotten() -> None:
    callers = Callers()
    await callers.publish()
    await callers.find()
    callers.keys.published.clear()
    assert (await callers.find()).key_id == KEY.key_id

    callers.now = KNOWN_SECONDS
    with pytest.raises(RefusedTokenError):
        await callers.find()


async def test_what_is_known_stays_known_while_nobody_can_be_asked() -> None:
    callers = Callers()
    await callers.publish()
    await callers.find()
    callers.keys.available, callers.now = False, KNOWN_SECONDS * 10

    assert (await callers.find()).key_id == KEY.key_id
    with pytest.raises(KeysUnavailableError):
        await callers.find("another")


async def test_names_of_keys_that_are_not_there_cost_no_more_than_so_many_look_ups() -> None:
    callers = Callers()
    await callers.publish()
    await callers.find()
    unavailable = 0
    for number in range(LOOKUPS.burst * 3):
        try:
            await callers.find(f"unknown-{number}")
        except KeysUnavailableError:
            unavailable += 1
        except RefusedTokenError:
            pass

    assert callers.keys.asked == LOOKUPS.burst
    assert unavailable == LOOKUPS.burst * 2 + 1
    callers.now = KNOWN_SECONDS - 1
    assert (await callers.find()).key_id == KEY.key_id


async def test_what_is_remembered_is_bounded() -> None:
    callers = Callers()
    for number in range(CAPACITY + 50):
        callers.now += 1
        with pytest.raises(RefusedTokenError):
            await callers.find(f"unknown-{number}")

    assert len(callers.known) == CAPACITY
