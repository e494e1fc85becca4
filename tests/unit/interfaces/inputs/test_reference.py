"""The syntax of inputs."""

import pytest

from servanda.errors import InterfaceError
from servanda.interfaces.inputs.reference import Kind, parse_reference


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("proto", Kind.DIRECTORY),
        (".", Kind.DIRECTORY),
        (".git", Kind.GIT),
        ("../other/.git#branch=main", Kind.GIT),
        ("https://example.org/shop.git", Kind.GIT),
        ("checkout#format=git,tag=v1", Kind.GIT),
        ("shop.tar", Kind.TAR),
        ("shop.tar.gz#strip_components=1", Kind.TAR),
        ("shop.tgz", Kind.TAR),
        ("shop.zip#subdir=proto", Kind.ZIP),
        ("shop.binpb", Kind.BINARY_IMAGE),
        ("shop.binpb.gz", Kind.BINARY_IMAGE),
        ("shop.bin", Kind.BINARY_IMAGE),
        ("shop.json", Kind.JSON_IMAGE),
        ("shop.json.gz", Kind.JSON_IMAGE),
    ],
)
def test_the_ending_says_what_an_input_is(text: str, kind: Kind) -> None:
    assert parse_reference(text).kind is kind


def test_options_stand_behind_the_hash() -> None:
    reference = parse_reference(".git#branch=release/1.x,subdir=proto")

    assert reference.location == ".git"
    assert reference.options == {"branch": "release/1.x", "subdir": "proto"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(".git#branch", "'branch' is no option", id="no value"),
        pytest.param(".git#branch=a,branch=b", "'branch=b' is no option", id="twice"),
        pytest.param(".git#brunch=main", "no option 'brunch'", id="unknown option"),
        pytest.param("proto#branch=main", "no option 'branch'", id="option of another kind"),
        pytest.param("proto#format=docx", "unknown format 'docx'", id="unknown format"),
        pytest.param("#branch=main", "needs a path", id="no path"),
        pytest.param("", "needs a path", id="empty"),
        pytest.param("shop.proto", "no input", id="single file"),
    ],
)
def test_an_input_that_cannot_be_understood_is_refused(text: str, message: str) -> None:
    with pytest.raises(InterfaceError, match=message):
        parse_reference(text)
