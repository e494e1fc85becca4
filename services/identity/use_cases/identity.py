"""All use cases of the service."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from services.identity.use_cases.change_user import DeactivateUser, UpdateUser
from services.identity.use_cases.create_user import CreateUser
from services.identity.use_cases.ports import NewId, Store, UserCache
from services.identity.use_cases.read_users import GetUser, ListUsers


def new_id() -> str:
    """Return a new random identifier, a UUID."""
    return str(uuid4())


@dataclass(frozen=True, slots=True)
class Identity:
    """The use cases of the service."""

    create: CreateUser
    get: GetUser
    list: ListUsers
    update: UpdateUser
    deactivate: DeactivateUser

    @classmethod
    def on(cls, store: Store, cache: UserCache, new_id: NewId = new_id) -> Identity:
        """Puts the use cases on a store and a cache."""
        return cls(
            create=CreateUser(store, new_id),
            get=GetUser(store, cache),
            list=ListUsers(store),
            update=UpdateUser(store, cache),
            deactivate=DeactivateUser(store, cache),
        )
