"""Loads the fixtures that give tests the real stores."""

pytest_plugins = ["treaty.infra.pytest_fixtures"]
