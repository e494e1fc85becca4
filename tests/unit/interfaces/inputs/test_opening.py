"""Opening every kind of input."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable, Mapping

import pytest
from google.api import annotations_pb2
from google.protobuf import json_format

from servanda.interfaces.protobuf.inputs import Workspace
from tests.unit.interfaces.conftest import ORDER, Desk

PATH = "shop/v1/shop.proto"
USING_API = """syntax = "proto3";
package shop.v1;
import "google/api/annotations.proto";
message Order { string order_id = 1; }
service Shop { rpc Get(Order) returns (Order) { option (google.api.http) = {get: "/v1/orders"}; } }
"""
Archive = Callable[[Mapping[str, str]], bytes]


def tarball(files: Mapping[str, str]) -> bytes:
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w:gz") as archive:
        for path, text in files.items():
            member = tarfile.TarInfo(path)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return output.getvalue()


def zipped(files: Mapping[str, str]) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return output.getvalue()


def image(desk: Desk) -> bytes:
    desk.write({f"source/{PATH}": USING_API})
    return desk.open("source").image.SerializeToString()


def http_option(workspace: Workspace) -> str:
    method = workspace.state.services["shop.v1.Shop"].proto.method[0]
    return str(method.options.SerializeToString())


def test_a_folder_without_buf_yaml_is_a_module(desk: Desk) -> None:
    desk.write({f"proto/{PATH}": ORDER})

    workspace = desk.open("proto")

    assert set(workspace.state.files) == {PATH}
    assert workspace.shown(PATH) == f"proto/{PATH}"


def test_what_a_workspace_imports_from_elsewhere_is_not_examined(desk: Desk) -> None:
    desk.write({f"proto/{PATH}": USING_API})

    state = desk.open("proto").state

    assert set(state.files) == {PATH}
    assert "google/api/http.proto" in state.imports


@pytest.mark.parametrize(("make", "name"), [(tarball, "shop.tar.gz"), (zipped, "shop.zip")], ids=["tar", "zip"])
def test_an_archive_is_opened_where_it_is_told_to(desk: Desk, make: Archive, name: str) -> None:
    desk.write({name: make({f"shop-1.0/proto/{PATH}": ORDER, "shop-1.0/README": "read me"})})

    workspace = desk.open(f"{name}#strip_components=1,subdir=proto")

    assert set(workspace.state.files) == {PATH}
    assert workspace.shown(PATH) == f"proto/{PATH}"


@pytest.mark.parametrize(
    ("name", "packed"),
    [("shop.binpb", False), ("shop.bin", False), ("shop.binpb.gz", True)],
    ids=["binpb", "bin", "gzipped"],
)
def test_a_binary_image_is_opened(desk: Desk, name: str, packed: bool) -> None:
    content = image(desk)
    desk.write({name: gzip.compress(content) if packed else content})

    assert PATH in desk.open(name).state.files


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzipped"])
def test_a_json_image_keeps_its_custom_options(desk: Desk, packed: bool) -> None:
    image(desk)
    source = desk.open("source")
    assert annotations_pb2.DESCRIPTOR.name in source.state.imports
    text = json_format.MessageToJson(type(source.image).FromString(source.image.SerializeToString())).encode()
    name = "shop.json.gz" if packed else "shop.json"
    desk.write({name: gzip.compress(text) if packed else text})

    opened = desk.open(name)

    assert http_option(opened) == http_option(source)


def test_files_that_buf_marks_as_imports_are_not_examined(desk: Desk) -> None:
    image(desk)
    desk.write({"shop.binpb": desk.open("source").exported})

    state = desk.open("shop.binpb").state

    assert set(state.files) == {PATH}
    assert "google/api/http.proto" in state.imports


def test_every_kind_of_input_means_the_same(desk: Desk) -> None:
    desk.write({f"proto/{PATH}": ORDER, "shop.tar.gz": tarball({PATH: ORDER}), "shop.zip": zipped({PATH: ORDER})})
    desk.write({"shop.binpb": desk.open("proto").image.SerializeToString()})

    for base in ("proto", "shop.tar.gz", "shop.zip", "shop.binpb"):
        assert desk.check("proto", base) == ()
