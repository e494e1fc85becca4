"""What one process asks PostgreSQL in all ways of its drivers: ``python -m drivers``."""
