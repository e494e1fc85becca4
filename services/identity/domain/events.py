"""Events about users."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.identity.domain.user import User


@dataclass(frozen=True, slots=True)
class UserCreated:
    """A user was created."""

    user: User

    @property
    def time(self) -> datetime:
        """Return when it happened."""
        return self.user.create_time


@dataclass(frozen=True, slots=True)
class UserUpdated:
    """A user was changed, in the fields of these paths."""

    user: User
    changed_fields: tuple[str, ...]

    @property
    def time(self) -> datetime:
        """Return when it happened."""
        return self.user.update_time


@dataclass(frozen=True, slots=True)
class UserDeactivated:
    """A user was deactivated."""

    user_id: str
    deactivate_time: datetime

    @property
    def time(self) -> datetime:
        """Return when it happened."""
        return self.deactivate_time


UserEvent = UserCreated | UserUpdated | UserDeactivated
