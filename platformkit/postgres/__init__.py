"""PostgreSQL: pools, roles and migrations of one schema per service."""
