"""Descriptor images, binary or JSON, compressed or not."""

from __future__ import annotations

import zlib
from pathlib import Path

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from servanda.configuration import DEFAULT_LIMITS, Limits
from servanda.documents import DocumentLimits, Notation, Reader
from servanda.errors import InterfaceError
from servanda.interfaces.inputs.bounded import read_bounded
from servanda.interfaces.inputs.reference import InputFormat, Reference
from servanda.interfaces.protobuf.images.content import files_of
from servanda.interfaces.protobuf.inputs.workspace import Module, Workspace
from servanda.interfaces.protobuf.layout import Breaking, lay_out
from servanda.interfaces.protobuf.schema import State
from servanda.interfaces.protobuf.schema.outline import IS_IMPORT
from servanda.interfaces.trees import FolderTree

# Messages nest in an image twice as deeply as protobuf nests them; how large it may be is a limit of images.
_DEPTH = 250


def open_image(reference: Reference, cwd: Path, limits: Limits = DEFAULT_LIMITS) -> Workspace:
    """Return the interfaces in an image; a ``buf.yaml`` in the working directory says which rules hold for them.

    Raises:
        InterfaceError: It cannot be read, or is no image.
        LimitError: It is larger than the limits allow.
    """
    try:
        if not (cwd / reference.location).exists():
            raise InterfaceError("there is no such image", where=reference.text)
        content = read_bounded(cwd / reference.location, limits, reference.text)
    except (OSError, EOFError, zlib.error) as error:
        raise InterfaceError(f"cannot be read: {error}", where=reference.text) from error
    if reference.format is InputFormat.JSON_IMAGE:
        content = _binary(content, reference, limits)
    state = State(files_of(content, reference.text))
    tree = FolderTree(cwd, cwd)
    breaking = lay_out(tree, ".")[0].breaking if tree.read("buf.yaml") is not None else Breaking()
    return Workspace(reference.text, state, (Module("", breaking, frozenset(state.files)),))


def _binary(content: bytes, reference: Reference, limits: Limits) -> bytes:
    """Return the same image in binary, with its custom options, which only the image itself explains."""
    from google.protobuf import json_format  # noqa: PLC0415 - most images are binary

    document = (
        Reader(InterfaceError, DocumentLimits(size=limits.image_bytes, depth=_DEPTH, values=limits.image_bytes))
        .parse(content, reference.text, Notation.JSON)
        .value
    )
    try:
        plain = json_format.ParseDict(document, descriptor_pb2.FileDescriptorSet(), ignore_unknown_fields=True)
        pool = descriptor_pool.DescriptorPool()
        if not any(file.name == descriptor_pb2.DESCRIPTOR.name for file in plain.file):
            pool.AddSerializedFile(descriptor_pb2.DESCRIPTOR.serialized_pb)
        for file in plain.file:
            pool.Add(file)
        name = descriptor_pb2.FileDescriptorSet.DESCRIPTOR.full_name
        image = message_factory.GetMessageClass(pool.FindMessageTypeByName(name))()
        json_format.ParseDict(document, image, ignore_unknown_fields=True, descriptor_pool=pool)
        marked = descriptor_pb2.FileDescriptorSet.FromString(image.SerializeToString())
        for file, entry in zip(marked.file, document.get("file", ()), strict=True):
            if entry.get("bufExtension", {}).get("isImport"):
                file.MergeFromString(IS_IMPORT)
        return marked.SerializeToString()
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError, json_format.ParseError) as error:
        raise InterfaceError(f"no image in JSON: {error}", where=reference.text) from error
