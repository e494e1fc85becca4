"""The service in kinds.proto, in the pool in which generated code would put it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from google.api import annotations_pb2
from google.protobuf import (
    any_pb2,
    descriptor_pool,
    duration_pb2,
    field_mask_pb2,
    struct_pb2,
    timestamp_pb2,
    wrappers_pb2,
)
from google.protobuf.descriptor import ServiceDescriptor

from servanda.interfaces.protobuf.compiler import compile_workspace

# What kinds.proto imports has to be in the pool before it.
IMPORTED = (annotations_pb2, any_pb2, duration_pb2, field_mask_pb2, struct_pb2, timestamp_pb2, wrappers_pb2)


@cache
def kinds_service() -> ServiceDescriptor:
    """Compile it, once in a process: a pool takes each file once."""
    pool = descriptor_pool.Default()
    image = compile_workspace(Path(__file__).parent)
    pool.Add(next(file for file in image.file if file.package == "test.kinds.v1"))
    return pool.FindServiceByName("test.kinds.v1.KindsService")
