"""Bytes that nobody writes in a proto file, an image or a buf.yaml: an answer or an error, never a traceback."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from google.protobuf import json_format
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servanda.errors import InterfaceError
from servanda.interfaces.protobuf.check import check
from servanda.interfaces.protobuf.inputs import Opener

SOURCE = b"""syntax = "proto2";
package shop;
import "google/api/annotations.proto";
// A shop; defaults to 5.
service Shop { rpc Get(Order) returns (Order) { option (google.api.http) = { get: "/v1/{id=orders/*}" }; } }
/* An order,
 * with more. */
message Order {
  optional string id = 1 [default = "a", json_name = "ID", deprecated = true]; // zero means none
  oneof choice { bytes raw = 2; State state = 3 [default = OPEN]; }
  reserved 8, 10 to 12; reserved "old"; extensions 100 to 199;
}
enum State { option allow_alias = true; NONE = 0; OPEN = 1; ALSO = 1; reserved 5; }
extend Order { optional double weight = 100 [default = inf]; }
"""
EDITED = (
    SOURCE.replace(b"string id", b"int32 id")
    .replace(b'default = "a"', b"default = 7")
    .replace(b"OPEN = 1", b"OPEN = 2")
)
YAML = b"""version: v1
build: {excludes: [inner]}
deps: [buf.build/acme/money]
breaking:
  use: [FILE, WIRE]
  ignore_only: {WIRE: [shop, order.proto]}
  ignore_unstable_packages: true
"""
ODD = (
    *(b"\xff", b"\xe9", b"\x00", b"\xef\xbb\xbf", b"\r\n", b"\r", b"\x0b", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"\t"),
    *(
        b'"',
        b"'",
        b"{",
        b"}",
        b"[",
        b"]",
        b";",
        b"/*",
        b"*/",
        b"//",
        b"\\",
        b"\x1b[31m",
        b"-1",
        b"max",
        b"1e999",
        b"nan",
    ),
    *(
        b"9" * 20,
        b"a" * 3000,
        b"import ",
        b"syntax",
        b'edition = "2023";',
        b"stream ",
        b"map<",
        b"&a [*a]",
        b": ",
        b"- ",
    ),
)
# In comments a compiler lets everything pass.
COMMENTS = tuple(EDITED.index(text) for text in (b"A shop", b"An order", b"with more", b"zero means"))


@st.composite
def mutated(draw: st.DrawFn, content: bytes) -> bytes:
    """The content with a few slices that are replaced, repeated or gone."""
    for _ in range(draw(st.integers(1, 3))):
        begin = draw(st.integers(0, len(content)))
        end = min(len(content), begin + draw(st.sampled_from([0, 0, 1, 2, 9, 60])))
        piece = draw(st.sampled_from([*ODD, b"", content[begin:end] * 2]) | st.binary(max_size=4))
        content = content[:begin] + piece + content[end:]
    return content


def write(folder: Path, files: dict[str, bytes]) -> None:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def answer(cache: Path, files: dict[str, bytes], current: str = "new", base: str = "old") -> None:
    """Compare two inputs, which may be refused."""
    with TemporaryDirectory() as scratch:
        write(Path(scratch), files)
        opener = Opener(Path(scratch), cache)
        try:
            found = check(opener.open(current), [opener.open(base)])
        except InterfaceError:
            return
        assert all(each.finding.message for each in found)


OFTEN = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
SELDOM = settings(OFTEN, max_examples=40)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache for all examples: they have the base in common."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> bytes:
    """An image of the source."""
    folder = tmp_path_factory.mktemp("whole")
    write(folder, {"order.proto": SOURCE})
    return Opener(folder, cache).open(".").exported


@SELDOM
@given(content=mutated(SOURCE))
def test_no_text_of_a_proto_file_ends_in_a_traceback(cache: Path, content: bytes) -> None:
    answer(cache, {"old/order.proto": SOURCE, "new/order.proto": content})


@SELDOM
@given(pieces=st.lists(st.tuples(st.sampled_from(COMMENTS), st.sampled_from(ODD)), min_size=1, max_size=4))
def test_no_byte_in_a_comment_ends_in_a_traceback(cache: Path, pieces: list[tuple[int, bytes]]) -> None:
    content = EDITED
    for place, piece in sorted(pieces, reverse=True):
        content = content[:place] + piece.replace(b"*/", b"").replace(b"\n", b"") + content[place:]

    answer(cache, {"old/order.proto": SOURCE, "new/order.proto": content})


@OFTEN
@given(data=st.data())
def test_no_image_ends_in_a_traceback(cache: Path, whole: bytes, data: st.DataObject) -> None:
    answer(cache, {"old.binpb": whole, "new.binpb": data.draw(mutated(whole))}, "new.binpb", "old.binpb")


@SELDOM
@given(data=st.data())
def test_no_image_in_json_ends_in_a_traceback(cache: Path, whole: bytes, data: st.DataObject) -> None:
    text = json_format.MessageToJson(FileDescriptorSet.FromString(whole), indent=None).encode()

    answer(cache, {"old.binpb": whole, "new.json": data.draw(mutated(text))}, "new.json", "old.binpb")


@SELDOM
@given(document=mutated(YAML))
def test_no_buf_yaml_ends_in_a_traceback(cache: Path, document: bytes) -> None:
    files = {"old/order.proto": SOURCE, "new/order.proto": SOURCE, "new/buf.yaml": document}

    answer(cache, files)
