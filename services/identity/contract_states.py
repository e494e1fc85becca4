"""Provider states: what an interaction of a contract needs to be true, made true in the real stores.

Every state can be asked for again and again, whatever was there before. Parameters that a contract leaves out have
fixed values, and each handler answers with the values it used. A state with a ``request_id`` takes the
trace of that request as well: ``traceparent`` and ``tracestate``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import asyncpg
from redis.asyncio import Redis

from platformkit.context import Context, entered, new_request_id, trace_of
from platformkit.lifecycle import Settings
from platformkit.redis import Keys
from platformkit.service import Connections
from services.identity.adapters.cache import RedisCache, key_of
from services.identity.adapters.repository import PostgresStore
from services.identity.domain.user import Profile, Role, User, UserChanges, UserData, UserStatus
from services.identity.use_cases.create_user import KEY_LIFETIME, CreateUser, fingerprint
from services.identity.use_cases.identity import Identity
from services.identity.use_cases.ports import Claim

Params = Mapping[str, object]
Handler = Callable[[Params], Awaitable[Mapping[str, object] | None]]

USER_ID = "7f1f0f6e-2b1c-4c5d-8e9f-000000000001"
OTHER_USER_ID = "7f1f0f6e-2b1c-4c5d-8e9f-000000000002"
EMAIL = "ada@example.com"
DISPLAY_NAME = "Ada Lovelace"
CREATE_TIME = "2026-01-02T03:04:05Z"
PARAMETERS = frozenset(
    (
        "user_id",
        "email",
        "display_name",
        "locale",
        "languages",
        "roles",
        "labels",
        "status",
        "etag",
        "create_time",
        "key",
        "request_id",
        "traceparent",
        "tracestate",
    )
)


@asynccontextmanager
async def states(environ: Mapping[str, str]) -> AsyncIterator[Mapping[str, Handler]]:
    """Return the states by name, on the stores of the process that has this environment.

    Raises:
        StartError: The environment does not say where the stores are.
    """
    settings = Settings.from_environ("identity", environ)
    async with Connections(settings) as connections:
        pool, redis = await connections.postgres(max_size=2), connections.redis()
        subject = _Subject(pool, PostgresStore(pool), redis, Keys(settings.namespace))
        yield {
            "a user exists": subject.user_exists,
            "a deactivated user exists": subject.deactivated_user_exists,
            "no user exists": subject.no_user_exists,
            "users exist": subject.users_exist,
            "the email is taken": subject.email_is_taken,
            "an idempotency key was used": subject.key_was_used,
            "a user was created": subject.user_was_created,
            "a user was updated": subject.user_was_updated,
            "a user was deactivated": subject.user_was_deactivated,
        }


@dataclass(frozen=True, slots=True)
class _Subject:
    pool: asyncpg.Pool
    store: PostgresStore
    redis: Redis
    keys: Keys

    async def user_exists(self, params: Params) -> Mapping[str, object]:
        """{user_id, email, display_name, languages, roles, labels, status, etag, create_time}: it exists; no event."""
        return await self._put(_user(params))

    async def deactivated_user_exists(self, params: Params) -> Mapping[str, object]:
        """Do as for "a user exists", and deactivate the user."""
        return await self._put(replace(_user(params), status=UserStatus.DEACTIVATED))

    async def no_user_exists(self, params: Params) -> None:
        """{user_id, email}: no user has either; without parameters there is no user at all."""
        if params:
            await self._remove(user_id=str(params.get("user_id", "")), email=str(params.get("email", "")))
            return
        await self.pool.execute("DELETE FROM idempotency_keys")
        for row in await self.pool.fetch("DELETE FROM users RETURNING user_id"):
            await self._forget(str(row["user_id"]))

    async def users_exist(self, params: Params) -> Mapping[str, object]:
        """{count, status}: so many users and no others, created a second apart."""
        await self.no_user_exists({})
        count = int(str(params.get("count", 3)))
        for number in range(1, count + 1):
            facts = {"email": f"user-{number}@example.com", "display_name": f"User {number}"}
            facts["user_id"] = f"{USER_ID[:-12]}{number:012}"
            user = _user({**facts, "status": params.get("status", "active")})
            created = user.create_time + timedelta(seconds=number)
            await self._put(replace(user, create_time=created, update_time=created))
        return {"count": count}

    async def email_is_taken(self, params: Params) -> Mapping[str, object]:
        """{email, user_id}: some other user has the address."""
        return await self._put(_user({"user_id": OTHER_USER_ID, **params}))

    async def key_was_used(self, params: Params) -> Mapping[str, object]:
        """{key, email, display_name, ...}: a user with these data was created with the key; silently."""
        user = _user(params)
        key = str(params.get("key", "key-1"))
        await self.pool.execute("DELETE FROM idempotency_keys WHERE key = $1", key.encode())
        facts = await self._put(user)
        async with self.store.transaction() as transaction:
            now = await transaction.now()
            await transaction.keys.claim(Claim(key, fingerprint(user.data), user, now + KEY_LIFETIME), now)
        return {**facts, "key": key}

    async def user_was_created(self, params: Params) -> Mapping[str, object]:
        """{user_id, email, ..., request_id}: the service has just created this user and says so."""
        user = _user(params)
        await self._remove(user_id=user.user_id, email=user.data.email)
        with _request(params):
            return _facts(await CreateUser(self.store, lambda: user.user_id)(user.data))

    async def user_was_updated(self, params: Params) -> Mapping[str, object]:
        """{user_id, display_name, ..., request_id}: the service has just changed the name to this and says so."""
        user = _user(params)
        earlier = replace(user.data.profile, display_name=f"{user.data.profile.display_name} (before)")
        await self._put(replace(user, data=replace(user.data, profile=earlier)))
        changes = UserChanges(display_name=user.data.profile.display_name)
        with _request(params):
            return _facts(
                await Identity.on(self.store, RedisCache(self.redis, self.keys)).update(user.user_id, changes)
            )

    async def user_was_deactivated(self, params: Params) -> Mapping[str, object]:
        """{user_id, email, ..., request_id}: the service has just deactivated this user and says so."""
        user = replace(_user(params), status=UserStatus.ACTIVE)
        await self._put(user)
        with _request(params):
            return _facts(await Identity.on(self.store, RedisCache(self.redis, self.keys)).deactivate(user.user_id))

    async def _put(self, user: User) -> Mapping[str, object]:
        await self._remove(user_id=user.user_id, email=user.data.email)
        async with self.store.transaction() as transaction:
            await transaction.users.add(user)
        return _facts(user)

    async def _remove(self, *, user_id: str, email: str) -> None:
        statement = "DELETE FROM users WHERE user_id::text = $1 OR email_key = $2 RETURNING user_id"
        removed = await self.pool.fetch(statement, user_id, email.casefold())
        stale = {user_id, *(str(row["user_id"]) for row in removed)}
        # A key that remembers a user that is gone would answer a creation with it.
        await self.pool.execute("DELETE FROM idempotency_keys WHERE user_id::text = ANY($1)", stale)
        for each in stale:
            await self._forget(each)

    async def _forget(self, user_id: str) -> None:
        # Not through the cache, which would keep silent if Redis were away and leave the state untrue.
        await self.redis.delete(key_of(self.keys, user_id))


@contextmanager
def _request(params: Params) -> Iterator[None]:
    """Makes what happens inside the doing of one request."""
    trace = trace_of(str(params.get("traceparent", "")), str(params.get("tracestate", "")))
    with entered(Context(request_id=str(params.get("request_id", "") or new_request_id()), trace=trace)):
        yield


def _user(params: Params) -> User:
    """Return the user that the parameters describe; roles and status by their names in the interface, in any case.

    Raises:
        ValueError: A parameter is unknown or not of its kind.
    """
    unknown = params.keys() - PARAMETERS
    if unknown:
        raise ValueError(f"unknown parameters {sorted(unknown)}; expected some of {sorted(PARAMETERS)}")
    roles, labels = params.get("roles", ["ROLE_MEMBER"]), params.get("labels", {})
    if not isinstance(roles, Sequence) or isinstance(roles, str) or not isinstance(labels, Mapping):
        raise ValueError(f"expected roles as a list and labels as a map, found {roles!r} and {labels!r}")
    languages = params.get("languages", [params["locale"]] if params.get("locale") else [])
    if not isinstance(languages, Sequence) or isinstance(languages, str):
        raise ValueError(f"expected languages as a list, found {languages!r}")
    created = datetime.fromisoformat(str(params.get("create_time", CREATE_TIME)))
    return User(
        user_id=str(params.get("user_id", USER_ID)),
        data=UserData(
            email=str(params.get("email", EMAIL)),
            profile=Profile(str(params.get("display_name", DISPLAY_NAME)), tuple(map(str, languages))),
            roles=tuple(Role(str(role).lower().removeprefix("role_")) for role in roles),
            labels={str(key): str(value) for key, value in labels.items()},
        ),
        status=UserStatus(str(params.get("status", "active")).lower().removeprefix("user_status_")),
        create_time=created,
        update_time=created,
        revision=int(str(params.get("etag", "r1")).removeprefix("r")),
    )


def _facts(user: User) -> Mapping[str, object]:
    return {
        "user_id": user.user_id,
        "email": user.data.email,
        "display_name": user.data.profile.display_name,
        "etag": user.etag,
    }
