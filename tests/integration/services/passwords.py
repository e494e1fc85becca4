"""Passwords of the roles of services in PostgreSQL."""

from __future__ import annotations

import os
from pathlib import Path

from servanda.configuration import Secrets, load


def password_of(service: str) -> str:
    """The password of a service's role. Roles belong to the server, which the platform of this repository uses, too."""
    configuration = load(Path("servanda.toml"))
    text = configuration.services[service].migrate_environment["POSTGRES_RW_PASSWORD"]
    return Secrets(configuration.root, os.environ).fill(text, "POSTGRES_RW_PASSWORD")
