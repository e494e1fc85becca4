from __future__ import annotations

from collections.abc import Sequence

import pytest
from google.api import annotations_pb2

from servanda.interfaces.protobuf.usage.routes import Route
from tests.unit.platformkit.transcoding.kinds import kinds_service


@pytest.fixture(scope="session")
def routes() -> Sequence[Route]:
    """Every binding of the service with fields of every kind."""
    found = []
    for method in kinds_service().methods:
        rule = method.GetOptions().Extensions[annotations_pb2.http]
        for each in (rule, *rule.additional_bindings):
            verb = each.WhichOneof("pattern")
            if verb in {"get", "put", "post", "patch"}:
                found.append(Route.parse(method, verb.upper(), getattr(each, verb), each.body, each.response_body))
    return found
