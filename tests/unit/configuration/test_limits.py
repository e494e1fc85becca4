"""The bounds that a repository sets itself."""

from pathlib import Path

import pytest

from servanda.cli.deadline import deadline
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
    with pytest.raises(ConfigurationError, match="archive_members: expected a whole number above zero, at most"):
        limits(tmp_path, f"archive_members = {value}")


def test_a_limit_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="unknown key 'answer_minutes'"):
        limits(tmp_path, "answer_minutes = 1")


@pytest.mark.parametrize("value", ["1e300", "10000000000"])
def test_no_time_is_longer_than_a_timer_can_wait(tmp_path: Path, value: str) -> None:
    with pytest.raises(ConfigurationError, match="expected a finite number above zero, at most 1000000000"):
        limits(tmp_path, f"check_seconds = {value}")


def test_the_longest_time_can_be_waited_for(tmp_path: Path) -> None:
    with deadline("this", limits(tmp_path, "check_seconds = 1e9").check_seconds, "check_seconds"):
        pass
