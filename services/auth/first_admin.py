"""First administrator of a deployment: ``python -m services.auth first-admin``.

Only an administrator creates users and gives them passwords; so the first one comes from whoever runs the deployment.
"""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable
from typing import Final

import grpc

from platformkit.channels import ServiceChannel
from platformkit.discovery import RedisRegistry
from platformkit.lifecycle import Settings, StartError
from platformkit.postgres import OUTAGES
from platformkit.redis import Keys
from platformkit.service import Connections, StoreUnavailableError
from platformkit.telemetry import get_logger
from platformkit.tokens import KeysUnavailableError
from services.auth.adapters.passwords import Argon2Passwords
from services.auth.adapters.repository import PostgresStore
from services.auth.adapters.settings import AuthSettings
from services.auth.adapters.users import INTERFACE, IdentityUsers
from services.auth.domain.errors import AuthError
from services.auth.use_cases.make_first_admin import MakeFirstAdmin
from services.auth.use_cases.register_credentials import RegisterCredentials

EMAIL: Final = "FIRST_ADMIN_EMAIL"
PASSWORD: Final = "FIRST_ADMIN_PASSWORD"  # noqa: S105 - the name of a setting
# As plt.auth.v1.RegisterCredentialsRequest has it.
_SHORTEST: Final = 12
_LONGEST: Final = 128

AWAY: Final[tuple[type[Exception], ...]] = (*OUTAGES, StoreUnavailableError, KeysUnavailableError)
_log = get_logger("auth.first_admin")


async def first_admin(settings: Settings) -> None:
    """Make the administrator whom the environment names, or whom somebody at a terminal does; harmless to repeat.

    Identity has to run: the administrator is a user of it.

    Raises:
        StartError: Something is missing, is refused, or does not answer.
    """
    email = _asked(settings, EMAIL, input, "E-mail address of the first administrator: ")
    password = _asked(settings, PASSWORD, getpass.getpass, "Password, 12 to 128 characters: ")
    if not _SHORTEST <= len(password) <= _LONGEST:
        what = f"{PASSWORD}: expected {_SHORTEST} to {_LONGEST} characters, found {len(password)}"
        raise StartError(what, hint="choose another one")
    try:
        made = await _made(settings, email, password)
    except AuthError as error:
        raise StartError(str(error), hint=f"correct {EMAIL}") from error
    except grpc.aio.AioRpcError as error:
        what = f"identity says {error.code().name}: {error.details()}"
        raise StartError(what, hint="identity has to run, and to take the address") from error
    except AWAY as error:
        raise StartError(f"a store is away: {error}", hint="start PostgreSQL and Redis, and migrate auth") from error
    _log.info("the first administrator was made" if made else "the administrator has a password already", email=email)


async def _made(settings: Settings, email: str, password: str) -> bool:
    own = AuthSettings.of(settings)
    async with Connections(settings) as connections:
        pool, redis = await connections.postgres(max_size=1), connections.redis()
        internal_tokens = connections.internal_tokens(redis)
        await internal_tokens.publish()
        registry = RedisRegistry(redis, Keys(settings.namespace))
        channel = ServiceChannel(registry, INTERFACE.full_name, internal_tokens.prove)
        passwords = Argon2Passwords(own.hashing, 1)
        store, users = PostgresStore(pool), IdentityUsers(channel)
        try:
            return await MakeFirstAdmin(store, users, RegisterCredentials(store, users, passwords))(email, password)
        finally:
            passwords.close()
            await channel.close()


def _asked(settings: Settings, key: str, ask: Callable[[str], str], prompt: str) -> str:
    given = settings.environ.get(key, "")
    if not given and sys.stdin.isatty():
        given = ask(prompt)
    return given or settings.required(key)
