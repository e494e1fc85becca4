"""Golden events in ``contracts/events/``: for each release, one record of each event as that release publishes it.

They come from the descriptor image of the release, so they stay as they are whatever becomes of ``proto/``; a reader of
today has to understand every one of them.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message
from plt.event.v1 import event_pb2

from codegen.product import ROOT, Product
from codegen.sample import sample
from platformkit.events import encode

TIME = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def products() -> Iterator[Product]:
    """Return the records."""
    for image in sorted((ROOT / "contracts" / "releases").glob("*.binpb")):
        for descriptor in _events(image):
            message = sample(message_factory.GetMessageClass(descriptor)())
            text = json.dumps(_document(message), ensure_ascii=False, indent=2)
            yield Product(f"contracts/events/{image.stem}/{descriptor.full_name}.json", f"{text}\n".encode())


def _events(image: Path) -> Iterator[Descriptor]:
    files = descriptor_pb2.FileDescriptorSet.FromString(image.read_bytes()).file
    pool = descriptor_pool.DescriptorPool()
    for file in files:
        pool.Add(file)
    for file in files:
        for declared in file.message_type:
            if declared.options.HasExtension(event_pb2.event):
                yield pool.FindMessageTypeByName(f"{file.package}.{declared.name}")


def _document(message: Message) -> dict[str, object]:
    record = encode(message, event_id=f"golden-{message.DESCRIPTOR.name}", time=TIME, request_id="golden")
    return {
        "topic": record.topic,
        "key": (record.key or b"").decode(),
        "headers": {name: value.decode() for name, value in record.headers},
        "value": base64.b64encode(record.value or b"").decode(),
        "payload": json_format.MessageToDict(message, preserving_proto_field_name=True),
    }
