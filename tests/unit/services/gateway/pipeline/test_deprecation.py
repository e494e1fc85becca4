from __future__ import annotations

import pytest
from google.api import annotations_pb2
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from plt.http.v1 import deprecation_pb2

from platformkit.transcoding import HttpEdge, HttpRequest, Invocation, Reply, Router, routes_of
from services.gateway.pipeline.deprecation import announce_deprecation

DEPRECATION = deprecation_pb2.Deprecation(since="2026-11-01", sunset="2027-05-01", link="https://docs.test/v2")


def _router() -> Router:
    file = descriptor_pb2.FileDescriptorProto(name="tests/ends.proto", package="tests.ends", syntax="proto3")
    file.message_type.add(name="Empty")
    service = file.service.add(name="Ends")
    announced = {"old": DEPRECATION, "older": deprecation_pb2.Deprecation(since="2020-01-01"), "new": None}
    for name, deprecation in announced.items():
        method = service.method.add(name=name, input_type=".tests.ends.Empty", output_type=".tests.ends.Empty")
        method.options.Extensions[annotations_pb2.http].get = f"/{name}"
        if deprecation is not None:
            method.options.Extensions[deprecation_pb2.deprecation].CopyFrom(deprecation)
    added = descriptor_pool.Default().AddSerializedFile(file.SerializeToString())
    return Router(routes_of(added.services_by_name["Ends"]))


ROUTER = _router()
NAMES = {"deprecation", "sunset", "link"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (
            "/old",
            {
                "deprecation": "@1793491200",
                "sunset": "Sat, 01 May 2027 00:00:00 GMT",
                "link": '<https://docs.test/v2>; rel="deprecation"',
            },
        ),
        ("/older", {"deprecation": "@1577836800"}),
        ("/new", {}),
        ("/nowhere", {}),
    ],
)
async def test_an_rpc_whose_end_is_announced_says_so(path: str, expected: dict[str, str]) -> None:
    async def call(invocation: Invocation) -> Reply:
        return Reply(message_factory.GetMessageClass(invocation.route.method.output_type)())

    response = await HttpEdge(ROUTER.match, call, [announce_deprecation]).handle(HttpRequest("GET", path))
    assert {name: value for name, value in response.headers.items() if name in NAMES} == expected
