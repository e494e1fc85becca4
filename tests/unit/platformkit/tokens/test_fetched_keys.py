"""When keys are fetched, and when they are not."""

from __future__ import annotations

import asyncio
import json

import pytest

from platformkit.tokens import FetchedKeys, KeysUnavailableError, RefusedTokenError, SigningKey, key_set_document

OLD, NEW = SigningKey.generate(), SigningKey.generate()


class Issuer:
    """Publishes keys, counts who asks, and may be away."""

    def __init__(self, *keys: SigningKey) -> None:
        self.keys = keys
        self.asked = 0
        self.away = False
        self.now = 0.0
        self.answers = asyncio.Event()
        self.answers.set()

    async def fetch(self) -> bytes:
        self.asked += 1
        await self.answers.wait()
        if self.away:
            raise ConnectionError("nobody is there")
        return json.dumps(key_set_document(key.public for key in self.keys)).encode()

    def key_set(self) -> FetchedKeys:
        return FetchedKeys(self.fetch, lambda: self.now)


async def test_known_keys_are_fetched_once() -> None:
    issuer = Issuer(OLD)
    keys = issuer.key_set()

    assert [(await keys.find(OLD.key_id)).key_id for _ in range(3)] == [OLD.key_id] * 3
    assert issuer.asked == 1


async def test_many_who_ask_at_once_wait_for_one_fetch() -> None:
    issuer = Issuer(OLD)
    keys = issuer.key_set()
    issuer.answers.clear()
    asking = [asyncio.create_task(keys.find(OLD.key_id)) for _ in range(50)]
    await asyncio.sleep(0)
    asking[0].cancel()
    issuer.answers.set()

    found = await asyncio.gather(*asking, return_exceptions=True)

    assert isinstance(found[0], asyncio.CancelledError)
    assert all(not isinstance(each, BaseException) for each in found[1:])
    assert issuer.asked == 1


async def test_an_unknown_key_is_looked_for_once_in_an_interval() -> None:
    issuer = Issuer(OLD)
    keys = issuer.key_set()
    await keys.find(OLD.key_id)
    issuer.now = 5.0
    for name in range(100):
        with pytest.raises(RefusedTokenError):
            await keys.find(f"unknown-{name}")

    assert issuer.asked == 2


async def test_a_new_key_is_found_when_it_is_first_used() -> None:
    issuer = Issuer(OLD)
    keys = issuer.key_set()
    await keys.find(OLD.key_id)
    issuer.keys, issuer.now = (OLD, NEW), 5.0

    assert (await keys.find(NEW.key_id)).key_id == NEW.key_id


async def test_a_key_that_was_withdrawn_is_forgotten() -> None:
    issuer = Issuer(OLD)
    keys = issuer.key_set()
    await keys.find(OLD.key_id)
    issuer.keys, issuer.now = (NEW,), 300.0

    with pytest.raises(RefusedTokenError):
        await keys.find(OLD.key_id)


async def test_the_last_good_keys_stay_while_the_issuer_is_away() -> None:
    issuer = Issuer(OLD)
    keys = issuer.key_set()
    await keys.find(OLD.key_id)
    issuer.away, issuer.now = True, 1000.0

    assert (await keys.find(OLD.key_id)).key_id == OLD.key_id
    with pytest.raises(KeysUnavailableError, match="nobody is there"):
        await keys.find(NEW.key_id)


async def test_without_any_keys_nothing_can_be_told() -> None:
    issuer = Issuer(OLD)
    issuer.away = True
    keys = issuer.key_set()
    for _ in range(2):
        with pytest.raises(KeysUnavailableError):
            await keys.find(OLD.key_id)
    issuer.away, issuer.now = False, 5.0

    assert (await keys.find(OLD.key_id)).key_id == OLD.key_id


async def test_an_empty_set_does_not_replace_a_good_one() -> None:
    issuer = Issuer(OLD)
    keys = issuer.key_set()
    await keys.find(OLD.key_id)
    issuer.keys, issuer.now = (), 300.0

    assert (await keys.find(OLD.key_id)).key_id == OLD.key_id
