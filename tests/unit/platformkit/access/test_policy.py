"""Who may call an rpc: the policy that its proto declares, and declarations that nobody could enforce."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest
from google.api import annotations_pb2
from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from plt.auth.v1 import access_pb2
from plt.identity.v1 import identity_pb2
from plt.notification.v1 import notification_pb2 as messages

from platformkit.access import PolicyError, policies_of, policy_of
from platformkit.context import Principal
from platformkit.status import ServiceError
from platformkit.transcoding import Router, routes_of

ADA = "7f1f0f6e-2b1c-4c5d-8e9f-00000000000a"
MAX = "7f1f0f6e-2b1c-4c5d-8e9f-00000000000b"
GET_USER = identity_pb2.DESCRIPTOR.services_by_name["IdentityService"].methods_by_name["GetUser"]
LIST_USERS = identity_pb2.DESCRIPTOR.services_by_name["IdentityService"].methods_by_name["ListUsers"]
NOTIFICATION = messages.DESCRIPTOR.services_by_name["NotificationService"]
AUTHENTICATED, PUBLIC = access_pb2.ACCESS_LEVEL_AUTHENTICATED, access_pb2.ACCESS_LEVEL_PUBLIC
UNSPECIFIED = access_pb2.ACCESS_LEVEL_UNSPECIFIED
OWNED = "/things/{thing.owner_id}"
_numbers = count()


def declared(access: access_pb2.Access, path: str = OWNED) -> MethodDescriptor:
    """An rpc about a thing, with this access and this path."""
    name = f"policy{next(_numbers)}"
    file = descriptor_pb2.FileDescriptorProto(name=f"tests/{name}.proto", package=f"tests.{name}", syntax="proto3")
    kinds = descriptor_pb2.FieldDescriptorProto
    thing = file.message_type.add(name="Thing")
    thing.field.add(name="owner_id", number=1, type=kinds.TYPE_STRING, label=kinds.LABEL_OPTIONAL)
    thing.field.add(name="size", number=2, type=kinds.TYPE_INT32, label=kinds.LABEL_OPTIONAL)
    thing.field.add(name="tags", number=3, type=kinds.TYPE_STRING, label=kinds.LABEL_REPEATED)
    whole = file.message_type.add(name="Request")
    whole.field.add(
        name="thing", number=1, type=kinds.TYPE_MESSAGE, type_name=f".tests.{name}.Thing", label=kinds.LABEL_OPTIONAL
    )
    method = file.service.add(name="Things").method.add(name="Get")
    method.input_type = method.output_type = f".tests.{name}.Request"
    method.options.Extensions[annotations_pb2.http].get = path
    method.options.Extensions[access_pb2.access].CopyFrom(access)
    added = descriptor_pool.Default().AddSerializedFile(file.SerializeToString())
    return added.services_by_name["Things"].methods_by_name["Get"]


def access(owner: str, *roles: str, level: access_pb2.AccessLevel.ValueType = AUTHENTICATED) -> access_pb2.Access:
    return access_pb2.Access(level=level, roles=roles, owner=owner)


def told(require: Callable[[], None]) -> tuple[str, bytes]:
    """Reason and whole status with which a policy refuses; empty if it does not."""
    try:
        require()
    except ServiceError as error:
        return error.reason, error.to_status().SerializeToString()
    return "", b""


@pytest.mark.parametrize(
    ("principal", "user_id", "refusal"),
    [
        pytest.param(Principal(ADA), ADA, "", id="the owner"),
        pytest.param(Principal(ADA), ADA.upper(), "", id="the owner in another spelling"),
        pytest.param(Principal(MAX, ("admin",)), ADA, "", id="an administrator"),
        pytest.param(Principal(MAX, ("member", "auditor")), ADA, "USER_IS_ANOTHER", id="another user"),
        pytest.param(Principal(ADA), "", "USER_IS_ANOTHER", id="nobody named"),
        pytest.param(Principal(""), "", "USER_IS_ANOTHER", id="no subject and nobody named"),
        pytest.param(Principal(ADA), ADA[:-1], "USER_IS_ANOTHER", id="no identifier"),
        pytest.param(Principal("service:x"), "service:X", "USER_IS_ANOTHER", id="subjects that are no UUID"),
    ],
)
def test_what_is_a_users_own_is_for_the_user_and_for_roles(principal: Principal, user_id: str, refusal: str) -> None:
    request = identity_pb2.GetUserRequest(user_id=user_id)
    assert told(lambda: policy_of(GET_USER).require_in(principal, request))[0] == refusal


def change_of(user_id: str) -> Message:
    return messages.UpdatePreferencesRequest(preferences=messages.Preferences(user_id=user_id))


@pytest.mark.parametrize("user_id", [ADA, MAX])
@pytest.mark.parametrize(
    ("rpc", "verb", "resource", "request_of"),
    [
        (
            "ListNotifications",
            "GET",
            "notifications",
            messages.ListNotificationsRequest,
        ),
        (
            "GetPreferences",
            "GET",
            "notificationPreferences",
            messages.GetPreferencesRequest,
        ),
        ("UpdatePreferences", "PATCH", "notificationPreferences", change_of),
    ],
)
def test_a_path_and_the_message_that_it_fills_get_one_answer(
    rpc: str, verb: str, resource: str, request_of: Callable[..., Message], user_id: str
) -> None:
    policy, ada = policies_of(NOTIFICATION)[f"{NOTIFICATION.full_name}.{rpc}"], Principal(ADA, ("member",))
    match = Router(routes_of(NOTIFICATION)).match(verb, f"/v1/users/{user_id}/{resource}")
    by_path = told(lambda: policy.require_at(ada, match.route, match.variables))
    by_message = told(lambda: policy.require_in(ada, request_of(user_id=user_id)))
    assert by_path == by_message
    assert by_path[0] == ("" if user_id == ADA else "USER_IS_ANOTHER")


def test_without_an_owner_roles_decide() -> None:
    policy_of(LIST_USERS).require(Principal(ADA, ("admin",)), "")
    with pytest.raises(ServiceError, match="one of these roles is needed: admin") as caught:
        policy_of(LIST_USERS).require(Principal(ADA, ("member",)), "")
    assert caught.value.reason == "ROLE_MISSING"


def test_without_roles_the_owner_alone_may() -> None:
    policy = policy_of(declared(access("thing.owner_id")))
    policy.require(Principal(ADA), ADA)
    with pytest.raises(ServiceError, match=r"only the user whom thing\.owner_id names may"):
        policy.require(Principal(MAX, ("admin",)), ADA)


@pytest.mark.parametrize(
    ("wanted", "path", "fault"),
    [
        pytest.param(access("thing.nobody"), "/things", "has no field 'thing.nobody'", id="no field"),
        pytest.param(access("thing.ownerId"), OWNED, "has no field 'thing.ownerId'", id="JSON name"),
        pytest.param(access("thing"), OWNED, "'thing' is not one string", id="a message"),
        pytest.param(access("thing.size"), "/things/{thing.size}", "'thing.size' is not one string", id="a number"),
        pytest.param(access("thing.tags"), "/things", "'thing.tags' is not one string", id="a list"),
        pytest.param(access("thing.owner_id"), "/things", "the path /things does not have", id="not in the path"),
        pytest.param(access("thing.owner_id", level=PUBLIC), OWNED, "need level", id="an owner of what is public"),
        pytest.param(access("", "admin", level=UNSPECIFIED), OWNED, "need level", id="roles without a level"),
    ],
)
def test_a_declaration_that_cannot_be_enforced_is_refused(wanted: access_pb2.Access, path: str, fault: str) -> None:
    with pytest.raises(PolicyError, match=fault):
        policy_of(declared(wanted, path))
