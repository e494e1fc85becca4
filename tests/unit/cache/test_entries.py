"""What is in a cache, and what of it goes when there is too much or somebody clears it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.cache import bound, clear, entries, held, most_bytes, summary
from servanda.errors import ConfigurationError

NOW = 1_800_000_000.0
HOUR = 3600.0


def put(cache: Path, name: str, size: int, hours_ago: float) -> Path:
    """An entry of so many bytes; a folder has a seal, by which it is known when it was used."""
    path = cache / name
    dated = path
    if path.suffix in (".image", ".stamps"):
        path.write_bytes(bytes(size))
    else:
        path.mkdir()
        (path / "content").write_bytes(bytes(size))
        dated = cache / f"{name}.seal"
        dated.touch()
    os.utime(dated, (NOW - hours_ago * HOUR, NOW - hours_ago * HOUR))
    return path


def names(cache: Path) -> set[str]:
    return {entry.path.name for entry in entries(cache)}


def test_a_cache_that_is_not_there_has_no_entries(tmp_path: Path) -> None:
    assert entries(tmp_path / "nothing") == ()


def test_an_entry_says_what_it_is_how_large_and_when_it_was_used(tmp_path: Path) -> None:
    put(tmp_path, "kafka-4.3.0-3b5a", 7, 2)
    put(tmp_path, "12ab.image", 3, 1)
    found = [(entry.path.name, entry.what, entry.size, entry.used) for entry in entries(tmp_path)]
    assert found == [
        ("12ab.image", "interface definitions, compiled", 3, NOW - HOUR),
        ("kafka-4.3.0-3b5a", "kafka, ready to start", 7, NOW - 2 * HOUR),
    ]


def test_entries_of_one_kind_stand_together(tmp_path: Path) -> None:
    for name in ("a.image", "b.image", "c.stamps"):
        put(tmp_path, name, 1, 1)
    assert [len(group) for group in summary(entries(tmp_path)).values()] == [2, 1]


def test_what_is_not_the_suites_is_no_entry_and_stays(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").touch()
    (tmp_path / "notes.txt").touch()
    (tmp_path / "elsewhere.image").symlink_to("/etc/passwd")
    assert entries(tmp_path) == ()
    assert clear(tmp_path) == ((), ())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["elsewhere.image", "letters", "notes.txt"]


def test_clearing_removes_what_is_old_enough(tmp_path: Path) -> None:
    old, new = tmp_path / "old.image", tmp_path / "new.image"
    old.touch()
    new.touch()
    os.utime(old, (time.time() - 48 * HOUR,) * 2)
    removed, in_use = clear(tmp_path, unused_for=24 * HOUR)
    assert ([entry.path for entry in removed], in_use) == ([old], ())
    assert names(tmp_path) == {"new.image"}


def test_the_bound_removes_what_was_not_used_for_the_longest_time(tmp_path: Path) -> None:
    for name, hours in (("postgres-1", 9), ("postgres-2", 5), ("kafka-1", 7)):
        put(tmp_path, name, 100, hours)
    assert [entry.path.name for entry in bound(tmp_path, 150, now=NOW)] == ["postgres-1", "kafka-1"]
    assert names(tmp_path) == {"postgres-2"}
    assert not (tmp_path / "kafka-1.seal").exists()


def test_the_bound_leaves_what_was_just_used(tmp_path: Path) -> None:
    put(tmp_path, "kafka-1", 100, 0.5)
    assert bound(tmp_path, 10, now=NOW) == ()


def test_the_bound_leaves_what_somebody_holds(tmp_path: Path) -> None:
    entry = put(tmp_path, "kafka-1", 100, 5)
    with held(entry, alone=False):
        assert bound(tmp_path, 10, now=NOW) == ()
    assert [each.path for each in bound(tmp_path, 10, now=NOW)] == [entry]


@given(
    sizes=st.lists(st.tuples(st.integers(0, 50), st.integers(2, 90)), max_size=8),
    most=st.integers(0, 200),
)
def test_what_is_left_is_within_the_bound_and_newer_than_what_went(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[tuple[int, int]], most: int
) -> None:
    cache = tmp_path_factory.mktemp("cache")
    for number, (size, hours) in enumerate(sizes):
        put(cache, f"{number}.image", size, hours)
    removed, left = bound(cache, most, now=NOW), entries(cache)
    assert sum(entry.size for entry in left) <= most
    assert all(gone.used <= entry.used for gone in removed for entry in left)


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    entry = put(tmp_path, "kafka-1", 1, 5)
    script = (
        "import sys; from pathlib import Path; from servanda.cache import held\n"
        f"with held(Path({str(entry)!r}), alone=True): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        assert [[each.path for each in group] for group in clear(tmp_path)] == [[], [entry]]
        holder.kill()
        holder.wait()
    assert [[each.path for each in group] for group in clear(tmp_path)] == [[entry], []]


def test_where_nothing_can_be_written_an_entry_is_used_without_a_lock() -> None:
    unwritable = Path("/sys/kernel/servanda")  # for root as well
    with held(unwritable, alone=False):
        pass
    with pytest.raises(OSError, match=r"Permission denied|Read-only|not permitted"), held(unwritable, alone=True):
        pass


@pytest.mark.parametrize("given_bytes", ["2 GB", "-1", "1e9", "²"])
def test_a_bound_that_is_no_number_of_bytes_is_refused(given_bytes: str) -> None:
    with pytest.raises(ConfigurationError, match="is no number of bytes"):
        most_bytes({"SERVANDA_CACHE_BYTES": given_bytes})


def test_the_bound_comes_from_the_environment() -> None:
    assert most_bytes({"SERVANDA_CACHE_BYTES": "5000"}) == 5000
    assert most_bytes({}) == 2_000_000_000
