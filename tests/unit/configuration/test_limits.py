"""The bounds that a repository sets itself."""

from pathlib import Path

import pytest

from servanda.configuration import DEFAULT_LIMITS, Limits, load
from servanda.errors import ConfigurationError


def limits(folder: Path, text: str) -> Limits:
    (folder / "servanda.toml").write_text(f"[limits]\n{text}\n", encoding="utf-8")
    return load(folder / "servanda.toml").limits


def test_what_is_not_set_has_its_default(tmp_path: Path) -> None:
    assert limits(tmp_path, "") == DEFAULT_LIMITS


def test_a_limit_is_read_as_what_it_counts(tmp_path: Path) -> None:
    found = limits(tmp_path, "answer_seconds = 3\nanswer_bytes = 1024")
    assert (found.answer_seconds, found.answer_bytes) == (3.0, 1024)
    assert isinstance(found.answer_bytes, int)


@pytest.mark.parametrize("value", ["0", "-1", "inf", "nan", "1.5", "true", '"many"', "9223372036854775807", "1e300"])
def test_a_limit_has_to_be_a_number_that_ends_something(tmp_path: Path, value: str) -> None:
    with pytest.raises(
        ConfigurationError, match="archive_members: expected a whole number above zero, at most 2,147,483,647, found"
    ):
        limits(tmp_path, f"archive_members = {value}")


def test_a_limit_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="unknown key 'answer_minutes'"):
        limits(tmp_path, "answer_minutes = 1")


@pytest.mark.parametrize(
    ("text", "most"),
    [
        pytest.param("gate_seconds = 604801", "604,800", id="timer"),
        pytest.param("check_seconds = 1e308", "604,800", id="largest number"),
        pytest.param("answer_bytes = 2147483648", "2,147,483,647", id="of a library"),
        pytest.param(f"image_bytes = {'9' * 400}", "2,147,483,647", id="no float"),
        pytest.param("memory_bytes = 1e16", "1,125,899,906,842,624", id="memory"),
    ],
)
def test_a_limit_beyond_what_can_be_counted_is_refused(tmp_path: Path, text: str, most: str) -> None:
    with pytest.raises(ConfigurationError, match=f"above zero, at most {most}, found"):
        limits(tmp_path, text)
