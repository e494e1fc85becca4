from __future__ import annotations

from typing import TYPE_CHECKING

import grpc
import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from plt.identity.v1 import identity_pb2, identity_pb2_grpc

from platformkit.channels import MemoryChannel
from platformkit.lifecycle.guard import Guard
from platformkit.paging import PageTokens
from platformkit.service.listing import DEFAULT_PAGE_SIZE
from platformkit.status import ServiceError
from services.identity.adapters.memory import MemoryCache, MemoryStore
from services.identity.adapters.servicer import IdentityServicer
from services.identity.use_cases.identity import Identity

if TYPE_CHECKING:
    # Only the type stubs know the asynchronous stub by its own name.
    from plt.identity.v1.identity_pb2_grpc import IdentityServiceAsyncStub


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def identity(store: MemoryStore) -> IdentityServiceAsyncStub:
    """The service as its callers see it, behind the checks that every call passes."""
    channel = MemoryChannel(interceptors=[Guard()])
    servicer = IdentityServicer(Identity.on(store, MemoryCache()), PageTokens(b"secret"))
    identity_pb2_grpc.add_IdentityServiceServicer_to_server(servicer, channel.server)
    return identity_pb2_grpc.IdentityServiceStub(channel)


def creation(number: int = 1, name: str = "Ada", key: str = "") -> identity_pb2.CreateUserRequest:
    user = identity_pb2.User(email=f"user-{number}@example.com", profile=identity_pb2.Profile(display_name=name))
    return identity_pb2.CreateUserRequest(user=user, idempotency_key=key)


async def test_a_repeated_creation_answers_with_the_user_as_it_was_created(identity: IdentityServiceAsyncStub) -> None:
    first = await identity.CreateUser(creation(key="key"))
    change = identity_pb2.User(user_id=first.user.user_id, email="new@example.com")
    await identity.UpdateUser(identity_pb2.UpdateUserRequest(user=change))
    assert await identity.CreateUser(creation(key="key")) == first


async def test_an_identifier_is_understood_in_capitals(identity: IdentityServiceAsyncStub) -> None:
    user = (await identity.CreateUser(creation())).user
    assert (await identity.GetUser(identity_pb2.GetUserRequest(user_id=user.user_id.upper()))).user == user


async def test_a_page_without_a_size_has_the_default_one(identity: IdentityServiceAsyncStub) -> None:
    for number in range(DEFAULT_PAGE_SIZE + 1):
        await identity.CreateUser(creation(number))
    page = await identity.ListUsers(identity_pb2.ListUsersRequest())
    assert len(page.users) == DEFAULT_PAGE_SIZE
    assert page.next_page_token


async def test_a_part_of_the_profile_is_changed_without_the_rest(identity: IdentityServiceAsyncStub) -> None:
    user = (await identity.CreateUser(creation())).user
    change = identity_pb2.User(user_id=user.user_id, profile=identity_pb2.Profile(locale="de"))
    request = identity_pb2.UpdateUserRequest(user=change, update_mask=FieldMask(paths=["profile.locale"]))
    assert (await identity.UpdateUser(request)).user.profile == identity_pb2.Profile(
        display_name="Ada", locale="de", languages=["de"]
    )


@pytest.mark.parametrize("mask", [["email"], ["profile"], ["profile.display_name"]])
async def test_what_a_user_needs_cannot_be_cleared(identity: IdentityServiceAsyncStub, mask: list[str]) -> None:
    user = (await identity.CreateUser(creation())).user
    change = identity_pb2.User(user_id=user.user_id)
    with pytest.raises(grpc.aio.AioRpcError) as refusal:
        await identity.UpdateUser(identity_pb2.UpdateUserRequest(user=change, update_mask=FieldMask(paths=mask)))
    error = ServiceError.from_rpc_error(refusal.value)
    assert (error.code, error.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "FIELD_INVALID")
    assert error.violations[0].field.startswith(f"user.{mask[0]}")


async def test_a_creation_without_a_name_is_refused(identity: IdentityServiceAsyncStub, store: MemoryStore) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refusal:
        await identity.CreateUser(creation(name=""))
    assert refusal.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert not store.users
