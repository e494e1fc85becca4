"""A container image beside the working tree, as docs/how-to/rolling-upgrade.md shows it, and what is left of it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from servanda.infra.docker.engine import engine_version
from tests.integration.versions.tills import COMMAND, copied, examined, go_on, log_of, promise, said_by
from tests.integration.waiting import eventually
from tests.samples.images import containers, image_with, python_image, removed

pytestmark = pytest.mark.docker
Released = Callable[[Path], str]
STUBBORN = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("begun", flush=True)
while True:
    signal.pause()
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An image that holds Python."""
    if engine_version() is None or shutil.which("docker") is None:
        pytest.skip("no Docker engine, or not its command-line client")
    folder = tmp_path_factory.mktemp("python")
    # A name of its own: other runs on this host make one as well.
    yield (image := python_image(folder, f"servanda-test/python:{folder.parent.name.lower()}"))
    removed(image)


@pytest.fixture
def release(base: str) -> Iterator[Released]:
    """Makes an image of what a folder holds now, and returns the name of the version."""
    made: list[str] = []
    # Tests of other workers make images of a till at the same time.
    tag = uuid4().hex[:8]

    def make(folder: Path, **options: str) -> str:
        made.append(f"servanda-test/till:{tag}")
        image_with(folder, made[-1], base, **options)
        return f"image:{made[-1]}"

    yield make
    removed(*made)


@pytest.fixture
def till(tmp_path: Path) -> Path:
    return copied(tmp_path / "till")


def version_of(image: str) -> str:
    return image.rpartition("/")[2].replace(":", "-")


def test_the_image_runs_beside_the_working_tree_by_its_own_configuration(till: Path, release: Released) -> None:
    image = release(till)
    go_on(till)
    described = till / "servanda.toml"
    described.write_text(described.read_text().replace("of-the-configuration", "of-the-candidate"))
    done = examined(till, "--live", image)
    assert done.returncode == 0, done.stderr
    assert said_by(till, version_of(image)) == "release one in /app with of-the-configuration"
    assert said_by(till, "working-tree") == f"release two in {till} with of-the-candidate"
    assert "has no configuration" not in done.stderr
    assert containers(version_of(image)) == []


def test_an_image_without_a_configuration_has_that_of_the_working_tree(till: Path, release: Released) -> None:
    described = (till / "servanda.toml").read_text()
    (till / "servanda.toml").unlink()
    image = release(till)
    (till / "servanda.toml").write_text(described)
    done = examined(till, "--live", image)
    assert done.returncode == 0, done.stderr
    assert f"note: {version_of(image)} has no configuration, so that of the working tree is used" in done.stderr


def test_a_break_between_image_and_working_tree_is_found_and_leaves_nothing(till: Path, release: Released) -> None:
    image = release(till)
    go_on(till, '"currency": self', '"unit": self')
    done = examined(till, "--live", image)
    assert done.returncode == 1, done.stderr
    assert "$.currency" in done.stdout
    assert containers(version_of(image)) == []


def test_provider_states_of_an_image_are_made_true_in_it(till: Path, release: Released) -> None:
    promise(till)
    image = release(till)
    (till / "till" / "states.py").write_text("raise RuntimeError('of the candidate')\n")
    (till / "pacts" / "web-till.json").unlink()
    done = examined(till, "--live", image, "--only", "1")
    assert done.returncode == 0, done.stderr
    assert "step 1 held after" in done.stderr
    assert "1 interactions verified" in done.stderr
    assert containers(version_of(image)) == []


def test_a_program_that_the_image_does_not_have_is_told(till: Path, release: Released) -> None:
    image = release(till)
    done = examined(till, "--live", image, "--dry-run", "--save", "plan.json")
    assert (done.returncode, containers(version_of(image))) == (0, [])
    described = till / "servanda.toml"
    described.write_text(described.read_text().replace('"{python}", "-m"', '"no-such-program", "-m"'))
    image = release(till)
    done = examined(till, "--live", image)
    assert (done.returncode, containers(version_of(image))) == (2, []), done.stdout
    assert "no-such-program" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_container_outlives_a_run(number: signal.Signals, till: Path, release: Released) -> None:
    (till / "till" / "__main__.py").write_text(STUBBORN)
    image = release(till)
    with subprocess.Popen(
        (*COMMAND, "--live", image), cwd=till, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as run:
        log = log_of(till, version_of(image))
        eventually(lambda: log.exists() and "begun" in log.read_text(), until=bool, seconds=60)
        assert containers(version_of(image))
        run.send_signal(number)
        run.wait(60)
    eventually(lambda: containers(version_of(image)), until=lambda left: not left, seconds=60)
