import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platformkit.discovery import Instance, InstanceStatus, MalformedInstanceError

_PORTS = st.integers(min_value=1, max_value=65535)
_INSTANCES = st.builds(
    Instance,
    id=st.text(),
    service=st.text(),
    host=st.text(),
    grpc_port=st.none() | _PORTS,
    http_port=_PORTS,
    interfaces=st.lists(st.text()).map(tuple),
    version=st.text(),
    status=st.sampled_from(InstanceStatus),
    started_at=st.datetimes(timezones=st.just(UTC)),
)


def _instance(**changes: Any) -> Instance:
    facts: dict[str, Any] = {
        "id": "identity-1",
        "service": "identity",
        "host": "127.0.0.1",
        "grpc_port": 50051,
        "http_port": 8080,
        "interfaces": ("plt.identity.v1.IdentityService",),
        "version": "7",
        "status": InstanceStatus.SERVING,
        "started_at": datetime(2026, 1, 2, tzinfo=UTC),
    }
    return Instance(**(facts | changes))


@given(_INSTANCES)
def test_a_record_gives_back_the_instance(instance: Instance) -> None:
    assert Instance.from_json(instance.to_json()) == instance


def test_what_a_newer_version_added_is_ignored() -> None:
    record = json.loads(_instance().to_json()) | {"zone": "a"}
    assert Instance.from_json(json.dumps(record).encode()) == _instance()


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(b"\xff", id="not text"),
        pytest.param(b"[]", id="not an object"),
        pytest.param(b"{}", id="fields missing"),
        pytest.param(_instance().to_json().replace(b"serving", b"resting"), id="unknown status"),
    ],
)
def test_a_malformed_record_is_refused(record: bytes) -> None:
    with pytest.raises(MalformedInstanceError, match="not the record of an instance"):
        Instance.from_json(record)


def test_an_instance_without_grpc_has_no_grpc_address() -> None:
    assert _instance().grpc_address == "127.0.0.1:50051"
    assert _instance(grpc_port=None).grpc_address is None
    assert _instance().http_url == "http://127.0.0.1:8080"


def test_draining_changes_the_status_alone() -> None:
    assert _instance().draining() == _instance(status=InstanceStatus.DRAINING)
