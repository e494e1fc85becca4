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


def prepare(connection: psycopg.Connection[Any], service: str, password: str) -> None:
    """Creates the roles and the empty schema of a service if they are missing; leaves what exists as it is.

    Args:
        connection: As a superuser, or as a role that may create roles and owns the database.
        service: Name of the service: lower case letters, digits and underscores.
        password: Password of the login role if it has to be created.

    Raises:
        MigrationError: The name is not fit for a schema.
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


def _prepare_once(connection: psycopg.Connection[Any], service: str, password: str) -> None:
    names = {
        "owner": sql.Identifier(owner_of(service)),
        "rw": sql.Identifier(user_of(service)),
        "schema": sql.Identifier(service),
        "database": sql.Identifier(connection.info.dbname),
        "password": sql.Literal(password),
    }
    connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_PREPARATION_LOCK])
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [user_of(service)]).fetchone()
    if found is None:
        connection.execute(sql.SQL(_CREATE_ROLES).format(**names))
    connection.execute(sql.SQL(_GRANT).format(**names))
