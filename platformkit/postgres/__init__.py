"""PostgreSQL: pools, roles and migrations of one schema per service."""

from platformkit.postgres.errors import MigrationError
from platformkit.postgres.pool import OUTAGES, create_pool

__all__ = ["OUTAGES", "MigrationError", "create_pool"]
