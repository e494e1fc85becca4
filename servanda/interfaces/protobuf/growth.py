"""Additions to protobuf interfaces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from google.api import annotations_pb2
from google.protobuf import descriptor_pb2
from google.protobuf.descriptor_pb2 import MethodDescriptorProto

from servanda.interfaces.protobuf.schema import File, State
from servanda.protobuf_runtime import all_equal
from servanda.verdict import Bump


def growth(previous: State, current: State) -> Bump:
    """Return minor if a new name or route is declared, patch for any other edit, none if both states say the same."""
    before, after = _differing(previous, current), _differing(current, previous)
    # Of two compilers each may write the same definition in its own order.
    if all_equal([file.proto for file in before], [file.proto for file in after]):
        return Bump.NONE
    is_more = _names(after) - _names(before) or _routes(after) - _routes(before)
    return Bump.MINOR if is_more else Bump.PATCH


def _differing(state: State, other: State) -> list[File]:
    """Return the files that do not say the same in the other state: nothing new can be in the rest."""
    return [file for path, file in state.files.items() if path not in other.files or not file.says(other.files[path])]


def _routes(files: Iterable[File]) -> frozenset[str]:
    """Return verb and path of each route; the same address is the same, whatever rpc has it."""
    methods = (method for file in files for service in file.services.values() for method in service.proto.method)
    return frozenset(route for method in methods for route in _addresses(method))


def _addresses(method: MethodDescriptorProto) -> Iterator[str]:
    # Of an image the option is bytes that only its own definition can read.
    options = descriptor_pb2.MethodOptions.FromString(method.options.SerializeToString())
    if options.HasExtension(annotations_pb2.http):
        rule = options.Extensions[annotations_pb2.http]
        for each in (rule, *rule.additional_bindings):
            verb = each.WhichOneof("pattern")
            yield f"{verb} {each.custom if verb == 'custom' else getattr(each, verb or 'get')}"


def _names(files: Iterable[File]) -> frozenset[str]:
    return frozenset(
        name
        for file in files
        for name in (
            *(element.full_name for element in file.messages.values()),
            *(f"{m.full_name}.{field.name}" for m in file.messages.values() for field in m.proto.field),
            *(element.full_name for element in file.enums.values()),
            *(f"{e.full_name}.{value.name}" for e in file.enums.values() for value in e.proto.value),
            *(element.full_name for element in file.services.values()),
            *(f"{s.full_name}.{method.name}" for s in file.services.values() for method in s.proto.method),
            *(element.full_name for element in file.extensions.values()),
        )
    )
