"""Archives and images of strangers: small files that would fill the memory, and members that are no files."""

from __future__ import annotations

import gzip
import io
import lzma
import tarfile
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servanda.configuration import Limits
from servanda.errors import InterfaceError, LimitError
from servanda.interfaces.protobuf.inputs import Opener
from tests.unit.interfaces.conftest import ORDER, Desk

SMALL = Limits(archive_members=5, archive_bytes=200_000, image_bytes=10_000)
ZEROS = b"\0" * 1_000_000


def tarred(members: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return written.getvalue()


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()


def opened(desk: Desk, name: str, content: bytes) -> list[str]:
    desk.write({name: content})
    return sorted(Opener(desk.folder, desk.folder / "cache", SMALL).open(name).state.files)


BOMB = {"a.proto": ORDER.encode(), "b.proto": ZEROS}
UNWANTED = {"a.proto": ORDER.encode(), "b.bin": ZEROS}
CROWD = {f"{number}.txt": b"" for number in range(6)}


@pytest.mark.parametrize(
    ("name", "content", "limit"),
    [
        pytest.param("a.tar", tarred(BOMB), "archive_bytes", id="tar"),
        pytest.param("a.tar.gz", gzip.compress(tarred(BOMB)), "archive_bytes", id="gz"),
        pytest.param("a.tar.gz", gzip.compress(tarred(UNWANTED)), "archive_bytes", id="unwanted, but unpacked"),
        pytest.param("a.tar", lzma.compress(tarred(UNWANTED)), "archive_bytes", id="xz"),
        pytest.param("a.zip", zipped(BOMB), "archive_bytes", id="zip"),
        pytest.param("a.tar", tarred(CROWD), "archive_members", id="members of a tar"),
        pytest.param("a.zip", zipped(CROWD), "archive_members", id="members of a zip"),
        pytest.param("a.binpb", ZEROS, "image_bytes", id="image"),
        pytest.param("a.binpb.gz", gzip.compress(ZEROS), "image_bytes", id="compressed image"),
        pytest.param("a.json", b" " * 1_000_000, "image_bytes", id="image in JSON"),
    ],
)
def test_what_is_too_much_ends_at_its_limit(desk: Desk, name: str, content: bytes, limit: str) -> None:
    with pytest.raises(LimitError) as failed:
        opened(desk, name, content)
    assert (failed.value.limit, failed.value.where) == (limit, name)


def test_what_is_not_wanted_of_a_zip_file_is_not_unpacked(desk: Desk) -> None:
    assert opened(desk, "a.zip", zipped(UNWANTED)) == ["a.proto"]


def test_a_zip_file_that_lies_about_a_size_is_not_unpacked_further(desk: Desk) -> None:
    zeros = ZEROS * 30
    lying = zipped({"a.proto": zeros}).replace(len(zeros).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    tracemalloc.start()
    with pytest.raises(InterfaceError, match="Bad CRC-32"):
        opened(desk, "a.zip", lying)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < len(zeros) / 10


def test_a_file_with_holes_counts_as_long_as_it_says(desk: Desk) -> None:
    member = tarfile.TarInfo("a.proto")
    member.type, member.pax_headers = tarfile.REGTYPE, {"GNU.sparse.major": "0", "GNU.sparse.size": "9" * 15}
    member.pax_headers |= {"GNU.sparse.map": "0,0", "GNU.sparse.name": "a.proto"}
    written = member.tobuf(tarfile.PAX_FORMAT) + bytes(1024)
    with pytest.raises(LimitError, match="unpacks to more than"):
        opened(desk, "a.tar", written)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        pytest.param(tarfile.SYMTYPE, "outside of the tree", id="symbolic link"),
        pytest.param(tarfile.LNKTYPE, "outside of the tree", id="hard link"),
        pytest.param(tarfile.CHRTYPE, "holds no proto file", id="device"),
        pytest.param(tarfile.FIFOTYPE, "holds no proto file", id="pipe"),
    ],
)
def test_nothing_is_read_through_links_and_devices(desk: Desk, tmp_path: Path, kind: bytes, said: str) -> None:
    (tmp_path / "secret.proto").write_text(ORDER)
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        member = tarfile.TarInfo("link.proto")
        member.type, member.linkname = kind, str(tmp_path / "secret.proto")
        archive.addfile(member)
    with pytest.raises(InterfaceError, match=said):
        opened(desk, "a.tar", written.getvalue())


def test_a_zip_file_that_is_packed_in_an_unusual_way_is_refused(desk: Desk) -> None:
    with pytest.raises(InterfaceError, match=r"'a\.proto' is compressed with method 12"):
        opened(desk, "a.zip", zipped(BOMB, zipfile.ZIP_BZIP2))


def test_headers_upon_headers_are_refused(desk: Desk) -> None:
    name = tarfile.TarInfo("././@LongLink")
    name.type, name.size = tarfile.GNUTYPE_LONGNAME, 1
    with pytest.raises(InterfaceError, match="no tar archive"):
        opened(desk, "a.tar", (name.tobuf() + b"a".ljust(512, b"\0")) * 150)


def test_an_image_in_an_image_is_unpacked_once(desk: Desk) -> None:
    with pytest.raises(InterfaceError, match="no descriptor image"):
        opened(desk, "a.binpb.gz", gzip.compress(gzip.compress(b"\0" * 100)))


@pytest.mark.parametrize("text", ["[" * 5_000, '{"file":' * 1_000, '{"file": [{"name": ' + "9" * 5_000 + "}]}"])
def test_an_image_in_json_that_is_nested_or_long_beyond_sense_is_refused(desk: Desk, text: str) -> None:
    with pytest.raises(InterfaceError, match=r"no image in JSON|levels deep|digits"):
        opened(desk, "a.json", text.encode())


@given(st.binary(max_size=200), st.integers(0, 2000), st.sampled_from(["a.tar", "a.tar.gz", "a.zip"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_a_damaged_archive_is_refused_or_read(desk: Desk, noise: bytes, at: int, name: str) -> None:
    files = {"a.proto": ORDER.encode()}
    whole = {"a.tar": tarred(files), "a.tar.gz": gzip.compress(tarred(files)), "a.zip": zipped(files)}[name]
    try:
        opened(desk, name, whole[:at] + noise + whole[at + len(noise) :])
    except (InterfaceError, LimitError) as error:
        assert error.what  # noqa: PT017 - either outcome is right


def headed(kind: bytes, length: int) -> bytes:
    """A tar file whose first entry is a header of that kind and length, about the file after it."""
    head = tarfile.TarInfo("long")
    head.type, head.size = kind, length
    return head.tobuf(tarfile.USTAR_FORMAT) + b"a" * length + bytes(-length % 512) + tarred({"a.proto": ORDER.encode()})


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK])
def test_headers_are_not_read_without_an_end(desk: Desk, kind: bytes) -> None:
    desk.write({"a.tar": headed(kind, 3 << 20)})
    with pytest.raises(LimitError, match="headers of more than 1,048,576 bytes for one file"):
        Opener(desk.folder, desk.folder / "cache").open("a.tar")


def holed(size: int) -> bytes:
    """A proto file that is one hole, as GNU tar writes it."""
    member = tarfile.TarInfo("a.proto")
    member.type, member.pax_headers = tarfile.REGTYPE, {"GNU.sparse.major": "0", "GNU.sparse.size": str(size)}
    member.pax_headers |= {"GNU.sparse.map": f"{size},0", "GNU.sparse.name": "a.proto"}
    return member.tobuf(tarfile.PAX_FORMAT)


def test_the_holes_of_all_files_count_together(desk: Desk) -> None:
    with pytest.raises(LimitError) as failed:
        opened(desk, "a.tar", holed(150_000) * 3 + bytes(1024))
    assert failed.value.limit == "archive_bytes"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.tar", holed((64 << 20) + 1) + bytes(1024), id="tar"),
        pytest.param("a.zip", zipped({"a.proto": bytes((64 << 20) + 1)}), id="zip"),
    ],
)
def test_a_source_that_is_too_large_is_not_read(desk: Desk, name: str, content: bytes) -> None:
    desk.write({name: content})
    with pytest.raises(LimitError, match=r"holds 'a\.proto', which is larger than 67,108,864 bytes"):
        Opener(desk.folder, desk.folder / "cache").open(name)
