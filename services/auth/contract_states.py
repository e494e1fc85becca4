"""Provider states: what an interaction of a contract needs to be true, made true in the real store.

Every state can be asked for again and again, whatever was there before. Parameters that a contract leaves out have
fixed values, and each handler answers with the values it used. A state with a ``request_id`` takes the
trace of that request as well: ``traceparent`` and ``tracestate``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4, uuid5

from plt.identity.v1 import events_pb2, identity_pb2

from platformkit.context import Context, entered, new_request_id, trace_of
from platformkit.events import Pool, topics_of
from platformkit.lifecycle import Settings
from platformkit.service import Connections, ContractLetters
from platformkit.tokens import Claims
from services.auth.adapters.passwords import Argon2Passwords
from services.auth.adapters.repository import PostgresStore
from services.auth.adapters.sealing import Sealed
from services.auth.adapters.settings import AuthSettings
from services.auth.domain.account import Account, digest_of, email_key_of, normalised
from services.auth.domain.attempts import Attempts
from services.auth.domain.events import (
    AuthEvent,
    LoginFailed,
    LoginSucceeded,
    PasswordChanged,
    RevocationReason,
    TokenRevoked,
)
from services.auth.domain.session import RefreshToken, Session, token_digest
from services.auth.use_cases.issue_tokens import IssueTokens
from services.auth.use_cases.ports import Target

Params = Mapping[str, object]
Handler = Callable[[Params], Awaitable[Mapping[str, object] | None]]

USER_ID = "7f1f0f6e-2b1c-4c5d-8e9f-0000000a0701"
CALLER_ID = "7f1f0f6e-2b1c-4c5d-8e9f-0000000a0702"
EMAIL = "ada@example.com"
PASSWORD = "correct horse battery"  # noqa: S105 - of a user who exists in contracts only
REFRESH_TOKEN = "refresh-token-of-a-contract"  # noqa: S105 - the same
LOCKED_SECONDS = 600
_NEWEST_VERSION = 2**31 - 1
PARAMETERS = frozenset(
    (
        "user_id",
        "email",
        "password",
        "roles",
        "refresh_token",
        "session_id",
        "request_id",
        "traceparent",
        "tracestate",
        "failures",
        "address",
    )
)
# Of nobody else; the service can apply it as often as it comes.
UPDATED = events_pb2.UserUpdated(
    user=identity_pb2.User(user_id="7f1f0f6e-2b1c-4c5d-8e9f-0000000a07d1", email="ada@letters.example.org")
)


@asynccontextmanager
async def states(environ: Mapping[str, str]) -> AsyncIterator[Mapping[str, Handler]]:
    """Return the states by name, on the store of the process that has this environment.

    Raises:
        StartError: The environment does not say where the store is.
    """
    settings = Settings.from_environ("auth", environ)
    own = AuthSettings.of(settings)
    passwords = Argon2Passwords(own.hashing, 1)
    async with Connections(settings) as connections:
        pool = await connections.postgres(max_size=2)
        publisher = connections.publisher(topic.dead_letters() for topic in topics_of([events_pb2.UserUpdated]))
        letters = ContractLetters(connections.archive(), publisher, "auth", UPDATED)
        policy = own.policy
        issue = IssueTokens(policy.lifetimes, policy.schedule, Sealed(own.sealing_key), policy.issuer, policy.audience)
        subject = _Subject(pool, PostgresStore(pool), passwords, policy.lifetimes.session, issue)
        try:
            yield {
                "a user has credentials": subject.credentials_exist,
                "no credentials exist": subject.no_credentials_exist,
                "a session exists": subject.session_exists,
                "a refresh token was used": subject.token_was_used,
                "an administrator is logged in": subject.administrator_logged_in,
                "an auditor is logged in": subject.auditor_logged_in,
                "a member is logged in": subject.member_logged_in,
                "a login has expired": subject.login_expired,
                "too many attempts failed": subject.attempts_failed,
                "a user logged in": subject.logged_in,
                "a login failed": subject.login_failed,
                "a password was changed": subject.password_changed,
                "tokens were revoked": subject.tokens_revoked,
                "dead letters of auth exist": letters.exist,
            }
        finally:
            passwords.close()


@dataclass(frozen=True, slots=True)
class _Subject:
    pool: Pool
    store: PostgresStore
    passwords: Argon2Passwords
    session_life: timedelta
    issue: IssueTokens

    async def credentials_exist(self, params: Params) -> Mapping[str, object]:
        """{user_id, email, password, roles}: the user can log in, and nobody has tried."""
        facts = await self.no_credentials_exist(params)
        password = _text(params, "password", PASSWORD)
        password_hash = await self.passwords.hash(normalised(password))
        async with self.store.transaction() as transaction:
            now = await transaction.now()
            account = Account(
                user_id=str(facts["user_id"]),
                email_key=email_key_of(str(facts["email"])),
                roles=_roles(params),
                active=True,
                password_hash=password_hash,
                password_time=now,
                version=0,
                update_time=now,
            )
            await transaction.accounts.add(account)
        return {**facts, "password": password}

    async def no_credentials_exist(self, params: Params) -> Mapping[str, object]:
        """{user_id, email}: nobody can log in as the user, nobody has the address, and nobody has tried."""
        _require_known(params)
        user_id, email = _text(params, "user_id", USER_ID), _text(params, "email", EMAIL)
        key = email_key_of(email)
        await self.pool.execute("DELETE FROM sessions WHERE user_id = $1", user_id)
        await self.pool.execute("DELETE FROM accounts WHERE user_id = $1 OR email_key = $2", user_id, key)
        await self.pool.execute("DELETE FROM attempts WHERE key = $1", digest_of(key))
        return {"user_id": user_id, "email": email}

    async def session_exists(self, params: Params) -> Mapping[str, object]:
        """{user_id, email, password, roles, refresh_token}: the user has logged in, and the token was not used."""
        facts = await self.credentials_exist(params)
        secret = _text(params, "refresh_token", REFRESH_TOKEN)
        await self.pool.execute("DELETE FROM refresh_tokens WHERE digest = $1", token_digest(secret))
        async with self.store.transaction() as transaction:
            now = await transaction.now()
            session = Session(_session_id(secret), str(facts["user_id"]), now, now + self.session_life)
            await transaction.sessions.add(session)
            await transaction.sessions.add_token(_token(secret, session, now))
        return {**facts, "refresh_token": secret, "session_id": session.session_id}

    async def token_was_used(self, params: Params) -> Mapping[str, object]:
        """Do as for "a session exists", and use the token."""
        facts = await self.session_exists(params)
        async with self.store.transaction() as transaction:
            await transaction.sessions.use(token_digest(str(facts["refresh_token"])), await transaction.now())
        return facts

    async def administrator_logged_in(self, params: Params) -> Mapping[str, object]:
        """{user_id}: answer with the access_token of an administrator."""
        return await self._access_token(params, "admin")

    async def auditor_logged_in(self, params: Params) -> Mapping[str, object]:
        """{user_id}: answer with the access_token of somebody who may read the audit trail."""
        return await self._access_token(params, "auditor")

    async def member_logged_in(self, params: Params) -> Mapping[str, object]:
        """{user_id}: answer with the access_token of somebody who is a member and no more."""
        return await self._access_token(params, "member")

    async def login_expired(self, params: Params) -> Mapping[str, object]:
        """Answer with the access_token of an administrator, which was good until an hour ago."""
        return await self._access_token(params, "admin", timedelta(hours=1))

    async def _access_token(self, params: Params, role: str, expired: timedelta | None = None) -> Mapping[str, object]:
        _require_known(params)
        async with self.store.transaction() as transaction:
            now = await transaction.now()
            key = await self.issue.signing_key(transaction, now)
        life = self.issue.lifetimes.access
        issued = now if expired is None else now - expired - life
        claims = Claims(
            issuer=self.issue.issuer,
            audience=self.issue.audience,
            subject=_text(params, "user_id", CALLER_ID),
            token_id=str(uuid4()),
            issue_time=int(issued.timestamp()),
            expire_time=int((issued + life).timestamp()),
            roles=(role,),
            # Also after an interaction that revokes all tokens of this user, and whenever verifiers hear of it.
            version=_NEWEST_VERSION,
        )
        return {"access_token": key.sign(claims)}

    async def attempts_failed(self, params: Params) -> Mapping[str, object]:
        """{user_id, email, password}: the user has credentials, and the next attempt has to wait for minutes."""
        facts = await self.credentials_exist(params)
        async with self.store.transaction() as transaction:
            now = await transaction.now()
            key = digest_of(email_key_of(str(facts["email"])))
            await transaction.attempts.find_for_change(Target.ACCOUNT, key)
            locked = Attempts(100, now, now + timedelta(seconds=LOCKED_SECONDS))
            await transaction.attempts.save(Target.ACCOUNT, key, locked)
        return facts

    async def logged_in(self, params: Params) -> Mapping[str, object]:
        """{user_id, session_id, address, request_id}: the service has just said that the user logged in."""

        def event(now: datetime) -> AuthEvent:
            session_id = _text(params, "session_id", _session_id(REFRESH_TOKEN))
            return LoginSucceeded(_text(params, "user_id", USER_ID), session_id, _text(params, "address", ""), now)

        return await self._say(params, event)

    async def login_failed(self, params: Params) -> Mapping[str, object]:
        """{user_id, failures, address, request_id}: the service has just said that an attempt on the user failed."""

        def event(now: datetime) -> AuthEvent:
            user_id, failures = _text(params, "user_id", USER_ID), int(str(params.get("failures", 1)))
            return LoginFailed(user_id, user_id, failures, None, _text(params, "address", ""), now)

        return await self._say(params, event)

    async def password_changed(self, params: Params) -> Mapping[str, object]:
        """{user_id, request_id}: the service has just said that the user changed its password."""

        def event(now: datetime) -> AuthEvent:
            return PasswordChanged(_text(params, "user_id", USER_ID), now)

        return await self._say(params, event)

    async def tokens_revoked(self, params: Params) -> Mapping[str, object]:
        """{user_id, session_id, request_id}: the service has just said that a logout revoked tokens of the user."""

        def event(now: datetime) -> AuthEvent:
            session_id = _text(params, "session_id", "")
            return TokenRevoked(_text(params, "user_id", USER_ID), session_id, RevocationReason.LOGGED_OUT, now)

        return await self._say(params, event)

    async def _say(self, params: Params, event: Callable[[datetime], AuthEvent]) -> Mapping[str, object]:
        _require_known(params)
        trace = trace_of(str(params.get("traceparent", "")), str(params.get("tracestate", "")))
        with entered(Context(request_id=str(params.get("request_id", "") or new_request_id()), trace=trace)):
            async with self.store.transaction() as transaction:
                await transaction.events.publish(event(await transaction.now()))
        return {"user_id": _text(params, "user_id", USER_ID)}


def _require_known(params: Params) -> None:
    if unknown := params.keys() - PARAMETERS:
        raise ValueError(f"unknown parameters {sorted(unknown)}; expected some of {sorted(PARAMETERS)}")


def _text(params: Params, name: str, default: str) -> str:
    return str(params.get(name, default))


def _roles(params: Params) -> tuple[str, ...]:
    roles = params.get("roles", ["member"])
    if not isinstance(roles, Sequence) or isinstance(roles, str):
        raise ValueError(f"expected roles as a list, found {roles!r}")
    return tuple(str(role) for role in roles)


def _session_id(refresh_token: str) -> str:
    return str(uuid5(UUID(USER_ID), refresh_token))


def _token(secret: str, session: Session, now: datetime) -> RefreshToken:
    return RefreshToken(token_digest(secret), session.session_id, now, f"access-{session.session_id}", now)
