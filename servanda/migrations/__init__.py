"""Migrations on a real PostgreSQL: the statements of live versions are run before and after them."""
