"""Address of PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from servanda.verdict import StoreFact

NAME: Final = "postgres"


@dataclass(frozen=True, slots=True)
class PostgresEndpoint:
    """Address of PostgreSQL, and a role that may create databases and roles."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    database: str
    fact: StoreFact

    @property
    def dsn(self) -> str:
        """Return the connection string, as libpq and asyncpg read it."""
        who = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}"
        return f"postgresql://{who}@{self.host}:{self.port}/{quote(self.database, safe='')}"
