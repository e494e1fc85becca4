"""Every rpc of the platform has a mapping to HTTP, so that every edge can be derived from it."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from google.api.annotations_pb2 import http
from google.protobuf.descriptor import FileDescriptor, MethodDescriptor

GENERATED = Path(__file__).parents[3] / "gen"


def files() -> list[FileDescriptor]:
    paths = [path.relative_to(GENERATED).with_suffix("") for path in GENERATED.glob("plt/*/v1/*_pb2.py")]
    return [importlib.import_module(".".join(path.parts)).DESCRIPTOR for path in sorted(paths)]


METHODS = [m for file in files() for service in file.services_by_name.values() for m in service.methods]


def test_the_interfaces_are_those_of_the_services() -> None:
    assert {method.containing_service.full_name for method in METHODS} == {
        "plt.audit.v1.AuditService",
        "plt.identity.v1.IdentityService",
    }


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.full_name)
def test_every_rpc_has_a_mapping_to_http(method: MethodDescriptor) -> None:
    assert method.GetOptions().Extensions[http].WhichOneof("pattern")
