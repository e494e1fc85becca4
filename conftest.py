"""Loads the fixtures that give tests the real stores, and those that note what consumers read."""

pytest_plugins = ["treaty.infra.pytest_fixtures", "treaty.impact.pytest_plugin"]
