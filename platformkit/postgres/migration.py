"""Migrations of one schema per service.

Kept apart from the pool: a service that only serves never pays for importing alembic.
"""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path

import psycopg
import sqlalchemy
from alembic import command
from alembic.config import Config
from alembic.util import CommandError

from platformkit.postgres.errors import MigrationError
from platformkit.postgres.roles import owner_of, prepare, user_of

_ENVIRONMENT = Path(__file__).with_name("environment")

# ``alembic.context`` and ``alembic.op`` are global to the process.
_ONE_AT_A_TIME = threading.Lock()


def migrate(admin_dsn: str, service: str, folder: Path, *, password: str | None = None) -> None:
    """Brings roles, schema and tables of a service to the version of its code; does nothing where that is done already.

    Every table is created in the schema that has the service's name and belongs to ``<service>_owner``. All pending
    migrations run in one transaction, so a failure leaves the schema as it was.

    Args:
        admin_dsn: Who may create roles and schemas.
        service: Name of the service and of its schema.
        folder: The alembic revision files, directly in it or in folders below it.
        password: Password of ``<service>_rw`` from now on; None leaves that of a role that exists.

    Raises:
        MigrationError: The role is new and no password is given, PostgreSQL cannot be reached or refuses a statement,
            or the revisions are not in order.
    """
    try:
        with psycopg.connect(admin_dsn, connect_timeout=10) as connection:
            prepare(connection, service, password)
        _upgrade(admin_dsn, service, folder)
    except psycopg.OperationalError as error:
        raise MigrationError(
            f"cannot migrate schema {service!r}: {_first_line(error)}", hint="is PostgreSQL up at POSTGRES_ADMIN_DSN?"
        ) from error
    except (psycopg.Error, sqlalchemy.exc.SQLAlchemyError, CommandError) as error:
        raise MigrationError(
            f"cannot migrate schema {service!r}: {_first_line(error)}", hint=f"look at the revisions in {folder}"
        ) from error


def _upgrade(admin_dsn: str, service: str, folder: Path) -> None:
    config = Config()
    config.set_main_option("script_location", _escaped(_ENVIRONMENT))
    config.set_main_option("version_locations", _escaped(folder))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("recursive_version_locations", "true")
    options = f"-c role={owner_of(service)} -c search_path={service}"
    engine = sqlalchemy.create_engine(
        "postgresql+psycopg://",
        creator=partial(psycopg.connect, admin_dsn, connect_timeout=10, options=options),
        poolclass=sqlalchemy.NullPool,
    )
    with _ONE_AT_A_TIME, engine.connect() as connection:
        config.attributes.update(connection=connection, schema=service)
        command.upgrade(config, "head")
        # The process has no business in the record of what was migrated.
        rights = f"REVOKE INSERT, UPDATE, DELETE ON {service}.alembic_version FROM {user_of(service)}"
        connection.execute(sqlalchemy.text(rights))
        connection.commit()


def _escaped(path: Path) -> str:
    return str(path.resolve()).replace("%", "%%")


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
