"""What a seal holds together."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.cache import Seal
from servanda.errors import ConfigurationError

_SEAL = Seal(b"k" * 32)


@given(st.text(), st.binary(), st.text(), st.binary())
def test_only_the_same_name_and_content_have_the_same_seal(
    name: str, content: bytes, other_name: str, other: bytes
) -> None:
    same = (name, content) == (other_name, other)
    assert (_SEAL.content(name, (content,)) == _SEAL.content(other_name, (other,))) == same


@given(st.lists(st.binary()))
def test_how_a_content_is_cut_does_not_matter(parts: list[bytes]) -> None:
    assert _SEAL.content("a", parts) == _SEAL.content("a", (b"".join(parts),))


def test_another_key_makes_another_seal() -> None:
    assert Seal(b"l" * 32).content("a", (b"x",)) != _SEAL.content("a", (b"x",))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a file in it, and one below."""
    (tmp_path / "entry" / "deep").mkdir(parents=True)
    (tmp_path / "entry" / "file").write_text("content")
    (tmp_path / "entry" / "deep" / "file").write_text("content")
    return tmp_path / "entry"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda folder: (folder / "deep" / "file").write_text("c0ntent"), id="content"),
        pytest.param(lambda folder: (folder / "new").touch(), id="more"),
        pytest.param(lambda folder: (folder / "empty").mkdir(), id="a folder more"),
        pytest.param(lambda folder: (folder / "file").unlink(), id="less"),
        pytest.param(lambda folder: (folder / "file").rename(folder / "deep" / "moved"), id="moved"),
        pytest.param(lambda folder: (folder / "file").chmod(0o4755), id="rights"),
    ],
)
def test_a_folder_that_changed_has_another_seal(folder: Path, change: Callable[[Path], object]) -> None:
    before = _SEAL.folder("entry", folder)
    assert _SEAL.folder("entry", folder) == before
    change(folder)
    assert _SEAL.folder("entry", folder) != before


def test_a_folder_with_a_link_has_no_seal(folder: Path) -> None:
    (folder / "link").symlink_to(folder / "file")
    with pytest.raises(ConfigurationError, match="neither a file nor a folder"):
        _SEAL.folder("entry", folder)
