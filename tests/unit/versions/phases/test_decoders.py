"""Messages of kept values, as the versions of a run define them."""

from __future__ import annotations

from pathlib import Path

import pytest
from google.protobuf.wrappers_pb2 import StringValue

from servanda.configuration import load
from servanda.errors import InterfaceError
from servanda.interfaces.values.document import parse
from servanda.interfaces.values.kept import Kept, deviations
from servanda.supervision import Source
from servanda.versions.phases.ready import Ready
from servanda.versions.phases.values import decoders_of
from servanda.versions.plan import Version

FORMATS = tuple(
    parse(
        """
[formats.item]
key = "{namespace}:item:{item}"
type = "string"
content = "protobuf"
message = "shop.v1.Item"
ttl = "none"
writers = ["stock"]
readers = ["stock"]
""",
        "contracts/values/stock.toml",
    )
)


def ready(folder: Path, declared: str) -> Ready:
    (folder / "proto").mkdir(parents=True)
    (folder / "servanda.toml").write_text('[services.stock]\ncommand = ["true"]\n', encoding="utf-8")
    (folder / "proto" / "stock.proto").write_text(f'syntax = "proto3";\npackage shop.v1;\n{declared}', encoding="utf-8")
    return Ready(Version(folder.name), Source(folder), load(folder / "servanda.toml"))


@pytest.fixture
def versions(tmp_path: Path) -> dict[str, Ready]:
    """An old version that keeps a message, and a new one that has given it up."""
    old = ready(tmp_path / "old", "message Item { string name = 1; }\n")
    return {"old": old, "new": ready(tmp_path / "new", "message Thing {}\n")}


def test_a_message_is_read_as_the_version_that_has_it_defines_it(versions: dict[str, Ready], tmp_path: Path) -> None:
    decoders = decoders_of(versions, FORMATS, tmp_path / "cache")
    kept = Kept("run:item:pen", "string", None, {"": StringValue(value="Pen").SerializeToString()})
    assert list(deviations(kept, FORMATS, "run", decoders)) == []
    (found,) = deviations(Kept("run:item:pen", "string", None, {"": b'{"name": "Pen"}'}), FORMATS, "run", decoders)
    assert (found.place, found.expected, found.actual) == ("value", "protobuf shop.v1.Item", "15 bytes")


def test_definitions_that_cannot_be_read_are_told(versions: dict[str, Ready], tmp_path: Path) -> None:
    (tmp_path / "new" / "proto" / "stock.proto").write_text("message {", encoding="utf-8")
    with pytest.raises(InterfaceError):
        decoders_of(versions, FORMATS, tmp_path / "cache")
