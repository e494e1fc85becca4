"""The interfaces of this repository, as the real buf sees them, and what we ask of them ourselves."""

import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest
from buf.validate import validate_pb2
from google.api import field_behavior_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor, FileDescriptor
from plt.audit.v1 import audit_pb2
from plt.identity.v1 import identity_pb2
from plt.notification.v1 import notification_pb2

from servanda.interfaces.protobuf.inputs import Opener
from servanda.interfaces.protobuf.releases import newest

ROOT = Path(__file__).resolve().parents[3]
PROTO = ROOT / "proto"


def buf(*arguments: str) -> str:
    """What buf prints; empty if it objects to nothing."""
    executable = Path(sysconfig.get_path("scripts"), "buf")
    done = subprocess.run([str(executable), *arguments], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "interfaces.binpb"
    path.write_bytes(Opener(ROOT, tmp_path / "cache").open("proto").exported)
    return path


def test_they_have_the_form_that_buf_asks_for(image: Path) -> None:
    assert buf("lint", str(image), "--config", str(PROTO / "buf.yaml")) == ""


def test_they_break_nothing_of_the_last_release(image: Path) -> None:
    released = newest(ROOT / "contracts" / "releases")
    assert released is not None

    assert buf("breaking", str(image), "--against", str(released), "--config", str(PROTO / "buf.yaml")) == ""


def test_they_are_formatted_as_buf_formats() -> None:
    assert buf("format", "--diff", str(PROTO)) == ""


# Which paths it may hold depends on what is set beside it; the service says so.
JUDGED_BY_THE_SERVICE = {
    "plt.identity.v1.UpdateUserRequest.update_mask",
    "plt.notification.v1.UpdatePreferencesRequest.update_mask",
}
INTERFACES = [identity_pb2.DESCRIPTOR, audit_pb2.DESCRIPTOR, notification_pb2.DESCRIPTOR]


def inputs(message: Descriptor) -> Iterator[FieldDescriptor]:
    """Every field that a caller may fill, of the message and of ours within it."""
    for field in message.fields:
        behavior = field.GetOptions().Extensions[field_behavior_pb2.field_behavior]
        inner = field.message_type
        if field_behavior_pb2.OUTPUT_ONLY in behavior:
            continue
        if inner is not None and inner.full_name.startswith("plt.") and not inner.GetOptions().map_entry:
            yield from inputs(inner)
        else:
            yield field


@pytest.mark.parametrize("interface", INTERFACES, ids=lambda file: file.package)
def test_every_field_that_a_caller_fills_says_what_is_allowed(interface: FileDescriptor) -> None:
    requests = [method.input_type for service in interface.services_by_name.values() for method in service.methods]
    fields = {field.full_name: field for request in requests for field in inputs(request)}
    # Nothing else can be allowed of a bool than both.
    judged = {name: field for name, field in fields.items() if field.type != FieldDescriptor.TYPE_BOOL}
    free = {name for name, field in judged.items() if not field.GetOptions().HasExtension(validate_pb2.field)}
    assert free - JUDGED_BY_THE_SERVICE == set()
    assert len(fields) > 3
