"""What most of a base is looked for in vain is said, and never passes as new."""

import tarfile
from collections.abc import Callable

import pytest

from servanda.errors import InterfaceError
from servanda.interfaces.protobuf.inputs.whereabouts import (
    apart,
    not_checked_out,
    require_checked_out,
    require_found,
)
from tests.unit.interfaces.conftest import ORDER, WITHOUT_QUANTITY, Desk

MAIN = ".git#branch=main"


def search(desk: Desk, text: str, against: str = MAIN) -> None:
    require_found(desk.open(text), desk.open(against, beside=text), text)


@pytest.mark.parametrize(
    ("after", "subdir"),
    [
        pytest.param({"api/shop/v1/shop.proto": WITHOUT_QUANTITY}, "proto", id="another folder around"),
        pytest.param({"api/Shop/V1/shop.proto": WITHOUT_QUANTITY}, "proto", id="another case"),
        pytest.param({"api/order.proto": ORDER}, "proto/shop/v1", id="another name, the same content"),
        pytest.param({"api/order.proto": WITHOUT_QUANTITY}, "proto/shop/v1", id="another name, the same package"),
    ],
)
def test_interfaces_that_moved_are_told_with_their_earlier_place(
    repository: Desk, after: dict[str, str], subdir: str
) -> None:
    repository.git("rm", "--quiet", "-rf", "proto")
    repository.write(after)

    with pytest.raises(
        InterfaceError, match="the base holds 1 of the 1 proto files of 'api' in another folder"
    ) as caught:
        search(repository, "api")

    assert caught.value.hint == f"compare with that folder: --against '.git#branch=main,subdir={subdir}'"


def test_a_link_that_is_left_behind_does_not_hide_that_they_moved(repository: Desk) -> None:
    (repository.folder / "proto").rename(repository.folder / "api")
    (repository.folder / "proto").symlink_to("api")

    with pytest.raises(InterfaceError, match="in another folder"):
        search(repository, "api")


def test_an_image_is_not_new_beside_a_folder_that_does_not_hold_its_files(repository: Desk) -> None:
    repository.write({"image.binpb": repository.open("proto").exported, "docs/README.md": ""})

    with pytest.raises(InterfaceError, match="in another folder"):
        search(repository, "image.binpb", f"{MAIN},subdir=docs")
    assert require_found(repository.open("image.binpb"), repository.open(f"{MAIN},subdir=proto"), "image.binpb") is None


def test_a_commit_that_moved_them_is_examined_alike(repository: Desk) -> None:
    repository.git("mv", "proto", "api")
    repository.commit("moved")

    with pytest.raises(InterfaceError, match="in another folder"):
        search(repository, ".git#ref=HEAD,subdir=api", f"{MAIN},subdir=api")


@pytest.mark.parametrize(
    "document",
    [
        pytest.param("version: v1\nbuild:\n  excludes: [shop]\n", id="excluded"),
        pytest.param("version: v2\nmodules:\n  - path: .\n    includes: [other]\n", id="not included"),
        pytest.param("version: v1beta1\nbuild:\n  roots: [other]\n", id="in no root"),
    ],
)
def test_what_belongs_to_no_module_of_the_base_is_told(desk: Desk, document: str) -> None:
    desk.write({"proto/buf.yaml": document, "proto/other/a.proto": "", "proto/shop/shop.proto": ORDER})
    desk.git("init", "--quiet")
    desk.commit("first")
    desk.git("rm", "--quiet", "proto/buf.yaml", "proto/other/a.proto")
    desk.write({"proto/shop/shop.proto": WITHOUT_QUANTITY})

    with pytest.raises(
        InterfaceError, match=r"outside of the modules in its buf\.yaml: for example 'proto/shop/shop\.proto'"
    ):
        search(desk, "proto")


def test_a_few_files_that_moved_are_mentioned(repository: Desk) -> None:
    repository.git("switch", "--quiet", "main", "--force")
    repository.write({f"api/{name}.proto": f'syntax = "proto3";\npackage {name};\n' for name in ("a", "b")})
    repository.commit("more")
    repository.git("mv", "proto/shop", "api/shop")

    told = require_found(repository.open("api"), repository.open(MAIN, beside="api"), "api")

    assert told is not None
    assert "1 of the 3 proto files of 'api' in another folder: for example 'proto/shop/v1/shop.proto'" in told
    assert told.endswith("; they are not compared")


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"billing/bill.proto": 'syntax = "proto3";\npackage billing;\n'}, id="something else"),
        pytest.param({"billing/shop/v1/shop.proto": ORDER}, id="a copy of what stays"),
    ],
)
def test_a_new_module_beside_others_is_no_error(repository: Desk, files: dict[str, str]) -> None:
    repository.write(files)

    search(repository, "billing")


def test_a_new_module_may_begin_in_a_folder_that_held_something_else(repository: Desk) -> None:
    repository.git("switch", "--quiet", "main", "--force")
    repository.write({"billing/README.md": "soon"})
    repository.commit("announced")
    repository.write({"billing/bill.proto": 'syntax = "proto3";\npackage billing;\n'})

    assert repository.check("billing", MAIN) == ()


def test_a_present_state_without_protos_is_an_error_even_in_git(repository: Desk) -> None:
    repository.write({"docs/README.md": ""})
    repository.commit("documented")

    with pytest.raises(InterfaceError, match=r"no \.proto file found"):
        repository.open(".git#ref=HEAD,subdir=docs")


def test_states_whose_names_only_end_alike_are_told_apart(desk: Desk) -> None:
    desk.write({"new/shop/shop.proto": ORDER, "download/shop-1.0/shop/shop.proto": ORDER})
    with tarfile.open(desk.folder / "base.tar", "w") as archive:
        archive.add(desk.folder / "download", ".")

    told = apart(desk.open("new"), desk.open("base.tar"))

    assert told is not None
    assert "'shop-1.0/shop/shop.proto' there may be 'shop/shop.proto' here" in told
    assert apart(desk.open("new"), desk.open("new")) is None


def test_a_file_that_a_sparse_checkout_leaves_out_is_not_taken_for_deleted(repository: Desk) -> None:
    repository.git("switch", "--quiet", "main", "--force")
    repository.write({"proto/other/other.proto": 'syntax = "proto3";\n'})
    repository.commit("second")
    repository.git("sparse-checkout", "set", "proto/shop")

    with pytest.raises(InterfaceError, match="the sparse checkout omits it") as caught:
        require_checked_out(repository.open("proto"), repository.open(MAIN, beside="proto"))

    assert caught.value.where == "proto/other/other.proto"


def test_a_file_that_is_deleted_is_deleted(repository: Desk) -> None:
    repository.git("mv", "proto/shop/v1/shop.proto", "proto/order.proto")

    require_checked_out(repository.open("proto"), repository.open(MAIN, beside="proto"))


def test_a_submodule_that_is_not_here_is_told(repository: Desk) -> None:
    repository.write({".gitmodules": '[submodule "x"]\n\tpath = proto/x\n[submodule "y"]\n\tpath = vendor/y\n'})
    for path in ("proto/x", "vendor/y"):
        (repository.folder / path).mkdir(parents=True)

    told = list(not_checked_out(repository.open("proto")))

    assert told == ["submodule 'proto/x' is not checked out; its proto files are not compared"]


POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb\nsize 12345\n"


def in_a_folder(desk: Desk) -> str:
    return "proto"


def in_a_commit(desk: Desk) -> str:
    desk.git("init", "--quiet")
    desk.commit("first")
    return ".git#subdir=proto"


@pytest.mark.parametrize("place", [in_a_folder, in_a_commit])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(POINTER.encode(), "found a Git LFS pointer", id="pointer"),
        pytest.param(b"../shared/order.proto", "a symbolic link that was checked out as text", id="link as text"),
        pytest.param('syntax = "proto3";'.encode("utf-16"), "expected UTF-8, found UTF-16", id="UTF-16"),
        pytest.param('syntax = "proto3";'.encode("utf-16-be"), "found UTF-16", id="UTF-16 without a mark"),
        pytest.param('syntax = "proto3";'.encode("utf-32"), "expected UTF-8, found UTF-32", id="UTF-32"),
        pytest.param('syntax = "proto3";'.encode("utf-32-be"), "found UTF-32", id="UTF-32 without a mark"),
    ],
)
def test_a_file_that_only_stands_for_another_is_told(
    desk: Desk, place: Callable[[Desk], str], content: bytes, message: str
) -> None:
    desk.write({"proto/order.proto": content, "proto/own.proto": 'syntax = "proto3";'})

    with pytest.raises(InterfaceError, match=message) as caught:
        desk.open(place(desk))

    assert caught.value.where == "proto/order.proto"
