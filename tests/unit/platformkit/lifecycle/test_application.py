import pytest
from google.protobuf import descriptor_pool
from grpc_health.v1 import health_pb2_grpc

from platformkit.lifecycle import StartError
from platformkit.lifecycle.application import Servicer


def test_a_service_with_a_method_that_streams_is_refused() -> None:
    descriptor = descriptor_pool.Default().FindServiceByName("grpc.health.v1.Health")
    with pytest.raises(StartError, match=r"grpc\.health\.v1\.Health\.Watch streams"):
        Servicer(descriptor, health_pb2_grpc.add_HealthServicer_to_server, object())
