"""Every rpc of the platform has a mapping to HTTP, and says who may call it: all edges are derived from both."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from google.api.annotations_pb2 import http
from google.protobuf.descriptor import FileDescriptor, MethodDescriptor
from plt.auth.v1.access_pb2 import ACCESS_LEVEL_AUTHENTICATED, ACCESS_LEVEL_PUBLIC, access
from plt.identity.v1.identity_pb2 import Role

from platformkit.access import policy_of

GENERATED = Path(__file__).parents[3] / "gen"


def files() -> list[FileDescriptor]:
    paths = [path.relative_to(GENERATED).with_suffix("") for path in GENERATED.glob("plt/*/v1/*_pb2.py")]
    return [importlib.import_module(".".join(path.parts)).DESCRIPTOR for path in sorted(paths)]


METHODS = [m for file in files() for service in file.services_by_name.values() for m in service.methods]


def test_the_interfaces_are_those_of_the_services() -> None:
    assert {method.containing_service.full_name for method in METHODS} == {
        "plt.audit.v1.AuditService",
        "plt.auth.v1.AuthService",
        "plt.identity.v1.IdentityService",
        "plt.notification.v1.NotificationService",
    }


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.full_name)
def test_every_rpc_has_a_mapping_to_http(method: MethodDescriptor) -> None:
    assert method.GetOptions().Extensions[http].WhichOneof("pattern")


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.full_name)
def test_every_rpc_says_who_may_call_it(method: MethodDescriptor) -> None:
    declared = method.GetOptions().Extensions[access]

    assert declared.level in {ACCESS_LEVEL_PUBLIC, ACCESS_LEVEL_AUTHENTICATED}
    # It can be enforced, and is enforced alike by the gateway and by services.
    assert policy_of(method).roles == tuple(declared.roles)
    assert {f"ROLE_{role.upper()}" for role in declared.roles} <= set(Role.keys())


def test_what_everybody_with_a_token_may_call_needs_a_secret_of_its_own() -> None:
    open_to_all = [
        method.name
        for method in METHODS
        if not (policy_of(method).is_public or policy_of(method).roles or policy_of(method).owner)
    ]

    # A refresh token, a token, a password: whoever has it may do this with it, for whomever it stands.
    assert open_to_all == ["LogOutEverywhere", "IntrospectToken", "ChangePassword"]
