"""The interfaces of this repository, as the real buf sees them."""

import subprocess
import sysconfig
from pathlib import Path

import pytest

from treaty.compatibility.inputs import Opener
from treaty.compatibility.releases import newest

ROOT = Path(__file__).resolve().parents[3]
PROTO = ROOT / "proto"


def buf(*arguments: str) -> str:
    """What buf prints; empty if it objects to nothing."""
    executable = Path(sysconfig.get_path("scripts"), "buf")
    done = subprocess.run([str(executable), *arguments], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "interfaces.binpb"
    path.write_bytes(Opener(ROOT, tmp_path / "cache").open("proto").exported)
    return path


def test_they_have_the_form_that_buf_asks_for(image: Path) -> None:
    assert buf("lint", str(image), "--config", str(PROTO / "buf.yaml")) == ""


def test_they_break_nothing_of_the_last_release(image: Path) -> None:
    released = newest(ROOT / "contracts" / "releases")
    assert released is not None

    assert buf("breaking", str(image), "--against", str(released), "--config", str(PROTO / "buf.yaml")) == ""


def test_they_are_formatted_as_buf_formats() -> None:
    assert buf("format", "--diff", str(PROTO)) == ""
