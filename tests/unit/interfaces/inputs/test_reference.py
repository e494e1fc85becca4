"""The syntax of inputs."""

import pytest

from servanda.errors import InterfaceError
from servanda.interfaces.inputs.reference import InputFormat, parse_reference


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("proto", InputFormat.DIRECTORY),
        (".", InputFormat.DIRECTORY),
        (".git", InputFormat.GIT),
        ("../other/.git#branch=main", InputFormat.GIT),
        ("https://example.org/shop.git", InputFormat.GIT),
        ("checkout#format=git,tag=v1", InputFormat.GIT),
        ("shop.tar", InputFormat.TAR),
        ("shop.tar.gz#strip_components=1", InputFormat.TAR),
        ("shop.tgz", InputFormat.TAR),
        ("shop.zip#subdir=proto", InputFormat.ZIP),
        ("shop.binpb", InputFormat.BINARY_IMAGE),
        ("shop.binpb.gz", InputFormat.BINARY_IMAGE),
        ("shop.bin", InputFormat.BINARY_IMAGE),
        ("shop.json", InputFormat.JSON_IMAGE),
        ("shop.json.gz", InputFormat.JSON_IMAGE),
    ],
)
def test_the_ending_says_what_an_input_is(text: str, expected: InputFormat) -> None:
    assert parse_reference(text).format is expected


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
