"""Wheels as versions."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from servanda.configuration import Configuration, load
from servanda.errors import ConfigurationError, ProcessError
from servanda.supervision import Source
from servanda.versions.builds import Builds, named_version
from servanda.versions.plan import Version
from tests.samples.wheels import LOCK, write_wheel

NAMED = "./dist/shop-1.4.0-py3-none-any.whl"
MISSING_HASH = "0" * 64


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    (tmp_path / "servanda.toml").write_text("")
    return load(tmp_path / "servanda.toml")


@pytest.fixture
def dist(configuration: Configuration) -> Path:
    return write_wheel(configuration.root / "dist", "shop", "1.4.0", {"shop.py": "name = 'wheel'\n"}).parent


def ready(version: Version, configuration: Configuration) -> Source:
    return asyncio.run(Builds(configuration, os.environ).source(version))


@pytest.mark.usefixtures("dist")
def test_a_wheel_is_a_version_by_its_content(configuration: Configuration) -> None:
    found = named_version(NAMED, configuration)
    assert (found.name, found.wheel, found.commit) == ("shop-1.4.0", NAMED, "")
    (configuration.root / "dist" / "pylock.toml").write_text(f"{LOCK}# other\n")
    assert named_version(NAMED, configuration).digest != found.digest


def _nothing(dist: Path) -> None:
    del dist


def _gone(dist: Path) -> None:
    (dist / Path(NAMED).name).unlink()


def _folder(dist: Path) -> None:
    _gone(dist)
    (dist / Path(NAMED).name).mkdir()


def _corrupt(dist: Path) -> None:
    (dist / Path(NAMED).name).write_bytes(b"no zip")


def _lock(text: str) -> Callable[[Path], None]:
    def change(dist: Path) -> None:
        (dist / "pylock.toml").write_text(text)

    return change


@pytest.mark.parametrize(
    ("change", "named", "said"),
    [
        pytest.param(_gone, NAMED, "there is no such wheel", id="no file"),
        pytest.param(_folder, NAMED, "is a folder, and no wheel", id="a folder"),
        pytest.param(_corrupt, NAMED, "is no wheel: it cannot be opened as a zip file", id="no zip"),
        pytest.param(_nothing, "./dist/shop.whl", "the name of a wheel is NAME-VERSION-PYTHON-ABI-PLATFORM", id="name"),
        pytest.param(
            lambda dist: (dist / "pylock.toml").unlink(), NAMED, "a version without its lock file", id="no lock"
        ),
        pytest.param(_lock("x = "), NAMED, "is no lock file: ", id="no toml"),
        pytest.param(_lock("x = 1"), NAMED, "it has no 'lock-version'", id="another document"),
        pytest.param(
            _lock(f"{LOCK.removesuffix('[]' + chr(10))}[{{ name = 'shop', directory = {{ path = '.' }} }}]"),
            NAMED,
            "locks 'shop' as a folder, whose content nothing tells",
            id="the project itself",
        ),
    ],
)
def test_what_is_no_locked_wheel_is_refused(
    change: Callable[[Path], None], named: str, said: str, dist: Path, configuration: Configuration
) -> None:
    change(dist)
    with pytest.raises(ConfigurationError, match=said) as refused:
        named_version(named, configuration)
    assert refused.value.hint


@pytest.mark.usefixtures("dist")
def test_a_wheel_is_installed_once_in_an_environment_of_its_own(configuration: Configuration) -> None:
    version = named_version(NAMED, configuration)
    source = ready(version, configuration)
    own = Path(source.installed, "own")
    own.touch()
    assert (ready(version, configuration), own.exists(), source.digest) == (source, True, version.digest)
    assert [path.name for path in Path(source.installed).glob("lib/*/site-packages/shop.py")] == ["shop.py"]


@pytest.mark.usefixtures("dist")
def test_its_processes_work_beside_the_files_of_the_tree_that_are_no_code(configuration: Configuration) -> None:
    root = configuration.root
    for name in ("shop.py", "services/shop/main.py", "services/shop/shop.toml", "env/pyvenv.cfg", "env/data.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("of the tree")
    version = named_version(NAMED, configuration)
    source = ready(version, configuration)
    assert (source.folder / "services/shop/shop.toml").read_text() == "of the tree"
    assert not [*source.folder.rglob("*.py"), *source.folder.rglob("env")]
    (root / "services/shop/shop.toml").rename(root / "renamed.toml")
    ready(version, configuration)
    assert (source.folder / "renamed.toml").exists()
    assert not os.path.lexists(source.folder / "services/shop/shop.toml")


async def test_another_wheel_than_that_of_the_plan_is_refused(dist: Path, configuration: Configuration) -> None:
    version = named_version(NAMED, configuration)
    write_wheel(dist, "shop", "1.4.0", {"shop.py": "name = 'rebuilt'\n"})
    with pytest.raises(ConfigurationError, match="another one than in the plan: expected sha256:"):
        await Builds(configuration, os.environ).source(version)


@pytest.mark.parametrize(
    ("metadata", "tag", "said"),
    [
        pytest.param("Requires-Python: >=4\n", "py3-none-any", "code [12]", id="python"),
        pytest.param("", "cp27-cp27m-win32", "code [12]", id="tag"),
        pytest.param("Requires-Dist: nowhere\n", "py3-none-any", "nowhere", id="a dependency that is not locked"),
    ],
)
async def test_a_wheel_that_cannot_be_installed_is_told_and_leaves_nothing(
    metadata: str, tag: str, said: str, configuration: Configuration
) -> None:
    wheel = write_wheel(configuration.root / "dist", "shop", "1.4.0", {}, tag=tag, metadata=metadata)
    version = named_version(f"./dist/{wheel.name}", configuration)
    with pytest.raises(ProcessError, match=f"(?s)the version could not be built: .*{said}"):
        await Builds(configuration, os.environ).source(version)
    assert [path.name for path in (configuration.root / ".servanda" / "builds").iterdir() if path.is_dir()] == []


async def test_a_dependency_that_is_not_what_the_lock_file_names_is_refused(
    dist: Path, configuration: Configuration
) -> None:
    other = write_wheel(dist / "more", "paper", "1.0", {})
    named = f'archive = {{ path = "more/{other.name}", hashes = {{ sha256 = "{MISSING_HASH}" }} }}'
    packages = f'[[packages]]\nname = "paper"\nversion = "1.0"\n{named}\n'
    (dist / "pylock.toml").write_text(LOCK.replace("packages = []\n", packages))
    with pytest.raises(ProcessError, match=r"(?s)Hash mismatch for `paper"):
        await Builds(configuration, os.environ).source(named_version(NAMED, configuration))


async def test_without_uv_a_wheel_cannot_be_installed(dist: Path, configuration: Configuration) -> None:
    version = replace(named_version(NAMED, configuration), name="old")
    with pytest.raises(ConfigurationError, match="the program 'uv' cannot be found"):
        await Builds(configuration, {"PATH": str(dist)}).source(version)
