"""Loads the fixtures that give tests the real stores, and those that note what consumers read."""

pytest_plugins = ["servanda.infra.pytest_fixtures", "servanda.recording.usage.pytest_plugin"]
