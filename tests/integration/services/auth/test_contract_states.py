"""States are true whatever was there before."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Mapping

import pytest

from platformkit.events import Pool
from platformkit.lifecycle import Settings
from platformkit.tokens import Claims, RevocationList, RevokedAccount
from services.auth.adapters.memory import MemoryAnnouncements, MemoryUsers
from services.auth.adapters.messages import EVENTS
from services.auth.adapters.passwords import Argon2Passwords
from services.auth.adapters.repository import PostgresStore
from services.auth.adapters.sealing import Sealed
from services.auth.adapters.settings import AuthSettings
from services.auth.contract_states import REFRESH_TOKEN, Handler, states
from services.auth.domain.errors import (
    AttemptsExhaustedError,
    CredentialsInvalidError,
    RefreshTokenInvalidError,
)
from services.auth.use_cases.auth import Auth, Outside

USER_ID = "3f1f0f6e-2b1c-4c5d-8e9f-00000000000a"
EMAIL = "grace@example.com"
PASSWORD = "a password of a contract"
PARAMS = {"user_id": USER_ID, "email": EMAIL, "password": PASSWORD}
TELLING = {
    "a user logged in": "plt.auth.v1.LoginSucceeded",
    "a login failed": "plt.auth.v1.LoginFailed",
    "a password was changed": "plt.auth.v1.PasswordChanged",
    "tokens were revoked": "plt.auth.v1.TokenRevoked",
}


@pytest.fixture
async def given(environ: Mapping[str, str]) -> AsyncIterator[Mapping[str, Handler]]:
    async with states(environ) as handlers:
        yield handlers


@pytest.fixture
async def auth(pool: Pool, environ: Mapping[str, str]) -> AsyncIterator[Auth]:
    own = AuthSettings.of(Settings.from_environ("auth", environ))
    passwords = Argon2Passwords(own.hashing, 1)
    outside = Outside(PostgresStore(pool), MemoryUsers(), passwords, Sealed(None), MemoryAnnouncements())
    auth = Auth.on(outside, own.policy)
    await auth.rotate()
    yield auth
    passwords.close()


async def test_a_user_can_log_in_again_whatever_was_tried(given: Mapping[str, Handler], auth: Auth) -> None:
    for _ in range(2):
        assert await given["a user has credentials"](PARAMS) == PARAMS
        for _ in range(4):
            with pytest.raises(CredentialsInvalidError):
                await auth.log_in(EMAIL, "wrong")
        assert (await auth.log_in(EMAIL.upper(), PASSWORD)).user_id == USER_ID


async def test_nobody_has_credentials_even_if_another_had_the_address(given: Mapping[str, Handler], auth: Auth) -> None:
    await given["a user has credentials"]({**PARAMS, "user_id": "3f1f0f6e-2b1c-4c5d-8e9f-00000000000b"})
    await given["no credentials exist"]({"user_id": USER_ID, "email": EMAIL})
    with pytest.raises(CredentialsInvalidError):
        await auth.log_in(EMAIL, PASSWORD)


async def test_a_session_exists_again_whatever_was_made_of_it(given: Mapping[str, Handler], auth: Auth) -> None:
    for _ in range(2):
        await given["a session exists"](PARAMS)
        issued = await auth.refresh(REFRESH_TOKEN)
        assert await auth.introspect(issued.access_token)
        await auth.log_out(REFRESH_TOKEN)


async def test_a_used_token_is_refused(given: Mapping[str, Handler], auth: Auth) -> None:
    await given["a refresh token was used"](PARAMS)
    with pytest.raises(RefreshTokenInvalidError):
        await auth.refresh(REFRESH_TOKEN)


async def test_the_next_attempt_has_to_wait(given: Mapping[str, Handler], auth: Auth) -> None:
    await given["too many attempts failed"](PARAMS)
    with pytest.raises(AttemptsExhaustedError):
        await auth.log_in(EMAIL, PASSWORD)


@pytest.mark.usefixtures("auth")
async def test_states_that_only_prepare_announce_nothing(given: Mapping[str, Handler], pool: Pool) -> None:
    for name in given.keys() - TELLING.keys():
        await given[name]({})
    assert await pool.fetchval("SELECT count(*) FROM outbox") == 0


@pytest.mark.parametrize(("state", "event"), TELLING.items())
async def test_states_of_events_announce_one_event_each_time(
    given: Mapping[str, Handler], pool: Pool, state: str, event: str
) -> None:
    assert event in {kind.DESCRIPTOR.full_name for kind in EVENTS}
    for _ in range(2):
        await given[state]({"user_id": USER_ID, "request_id": "request-7"})
    rows = await pool.fetch("SELECT key, header_names, header_values FROM outbox")
    headers = [dict(zip(row["header_names"], row["header_values"], strict=True)) for row in rows]
    assert [row["key"] for row in rows] == [USER_ID.encode()] * 2
    assert {header["ce_type"].decode() for header in headers} == {event}
    assert {header["ce_requestid"] for header in headers} == {b"request-7"}


async def test_an_unknown_parameter_is_refused_by_name(given: Mapping[str, Handler]) -> None:
    for name in given:
        with pytest.raises(ValueError, match="nickname"):
            await given[name]({"nickname": "G"})


async def test_whoever_is_logged_in_stays_so_when_verifiers_hear_of_an_earlier_revocation(
    given: Mapping[str, Handler], auth: Auth
) -> None:
    facts = await given["a member is logged in"]({"user_id": USER_ID}) or {}
    claims = Claims.of(json.loads(base64.urlsafe_b64decode(str(facts["access_token"]).split(".")[1] + "==")))
    revoked = RevocationList()
    revoked.add([RevokedAccount(USER_ID, 7, 60)])
    assert (claims.subject, revoked.covers(claims)) == (USER_ID, False)
