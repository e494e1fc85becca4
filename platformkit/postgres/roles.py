"""Roles of a schema: an owner that changes it and a role that the process uses, and nobody else.

``<service>_owner`` cannot log in; migrations take it on. ``<service>_rw`` logs in, reads and writes rows, finds its
schema by its search path and cannot change it. Neither has rights in another service's schema.
"""

from __future__ import annotations

import re
from typing import Any, Final

import psycopg
from psycopg import sql

from platformkit.postgres.errors import MigrationError

_NAME = re.compile(r"[a-z][a-z0-9_]{0,49}")
_PREPARATION_LOCK: Final = "platformkit.postgres.roles"
_PATIENCE: Final = "SET LOCAL lock_timeout = '3s'"

# Roles belong to the server, and databases of one server may be prepared at the same time.
_LOST_A_RACE: Final = (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation, psycopg.errors.InternalError_)
_ATTEMPTS: Final = 5

_CREATE_ROLES: Final = """
CREATE ROLE {owner} NOLOGIN;
GRANT {owner} TO CURRENT_USER;
CREATE ROLE {rw} LOGIN PASSWORD {password};
ALTER ROLE {rw} SET search_path = {schema};
ALTER ROLE {rw} SET statement_timeout = '30s';
ALTER ROLE {rw} SET idle_in_transaction_session_timeout = '60s'
"""

_SET_PASSWORD: Final = "ALTER ROLE {rw} PASSWORD {password}"  # noqa: S105 - a statement

_GRANT: Final = """
REVOKE ALL ON DATABASE {database} FROM PUBLIC;
GRANT CONNECT ON DATABASE {database} TO {rw};
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {owner};
GRANT USAGE ON SCHEMA {schema} TO {rw};
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {rw};
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO {rw};
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {schema} GRANT EXECUTE ON FUNCTIONS TO {rw}
"""


def owner_of(service: str) -> str:
    """Return the role that owns the schema of a service."""
    return f"{service}_owner"


def user_of(service: str) -> str:
    """Return the role that the process of a service logs in as."""
    return f"{service}_rw"


def prepare(connection: psycopg.Connection[Any], service: str, password: str | None) -> None:
    """Creates the roles and the empty schema of a service if they are missing; leaves what exists as it is.

    A password that is given is set in any case.

    Args:
        connection: As a superuser, or as a role that may create roles and owns the database.
        service: Name of the service: lower case letters, digits and underscores.
        password: Password of the login role; None leaves that of a role that exists.

    Raises:
        MigrationError: The name is not fit for a schema, or the login role is new and has no password.
        psycopg.Error: The server refuses a statement.
    """
    if not _NAME.fullmatch(service):
        raise MigrationError(f"{service!r} cannot name a schema", hint="use lower case letters, digits and underscores")
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with connection.transaction():
                _prepare_once(connection, service, password)
            return
        except _LOST_A_RACE:
            if attempt == _ATTEMPTS:
                raise


def _prepare_once(connection: psycopg.Connection[Any], service: str, password: str | None) -> None:
    user = user_of(service)
    names: dict[str, sql.Composable] = {
        "owner": sql.Identifier(owner_of(service)),
        "rw": sql.Identifier(user),
        "schema": sql.Identifier(service),
        "database": sql.Identifier(connection.info.dbname),
    }
    if password is not None:
        names["password"] = sql.Literal(_verifier(connection, user, password))
    _wait_for_others(connection)
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [user]).fetchone()
    if found is None:
        if password is None:
            raise MigrationError(f"the role {user!r} is new and needs a password", hint="set POSTGRES_RW_PASSWORD")
        connection.execute(sql.SQL(_CREATE_ROLES).format(**names))
    elif password is not None:
        connection.execute(sql.SQL(_SET_PASSWORD).format(**names))
    connection.execute(sql.SQL(_GRANT).format(**names))


def _wait_for_others(connection: psycopg.Connection[Any]) -> None:
    # Saves those who prepare at the same time a loss of the race. Every role can hold the lock, so it is not required.
    try:
        with connection.transaction():
            connection.execute(_PATIENCE)
            connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_PREPARATION_LOCK])
            connection.execute("SET LOCAL lock_timeout = DEFAULT")
    except psycopg.errors.LockNotAvailable:
        pass


def _verifier(connection: psycopg.Connection[Any], user: str, password: str) -> str:
    # Computed here, so that no statement, and with it no log of the server, holds a password.
    return connection.pgconn.encrypt_password(password.encode(), user.encode(), b"scram-sha-256").decode()
