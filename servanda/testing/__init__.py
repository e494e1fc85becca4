"""Tests that a repository names in its configuration: running them, and reading what failed."""

from servanda.testing.run import TestRun, run_tests

__all__ = ["TestRun", "run_tests"]
