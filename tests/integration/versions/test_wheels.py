"""A wheel beside the working tree, as docs/how-to/rolling-upgrade.md shows it: what is run, and what is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.integration.versions.tills import copied, examined, go_on, promise, said_by
from tests.samples.wheels import write_package_wheel

LIVE = ("--live", "./dist/till-1.0.0-py3-none-any.whl")


@pytest.fixture
def till(tmp_path: Path) -> Path:
    """A till whose first release is a wheel."""
    root = copied(tmp_path / "till")
    write_package_wheel(root / "till", root / "dist", "1.0.0")
    return root


def test_the_code_of_the_wheel_runs_beside_that_of_the_working_tree(till: Path) -> None:
    go_on(till)
    done = examined(till, *LIVE)
    assert done.returncode == 0, done.stderr
    assert said_by(till, "till-1.0.0").startswith("release one in ")
    assert said_by(till, "working-tree") == f"release two in {till} with of-the-configuration"
    assert "1 answers compared" in done.stderr
    assert "note: till-1.0.0 has no configuration, so that of the working tree is used" in done.stderr


def test_a_break_between_wheel_and_working_tree_is_found_shrunk_and_repeated(till: Path) -> None:
    go_on(till, '"currency": self', '"unit": self')
    done = examined(till, *LIVE, "--shrink", "--format", "json")
    assert done.returncode == 1, done.stderr
    verdict = json.loads(done.stdout)
    (reason,) = verdict["stages"][0]["reasons"]
    assert (reason["path"], reason["expected"]) == ("$.currency", '"EUR"')
    assert {each["commit"].partition(":")[0] for each in verdict["instances"]} == {"sha256", ""}
    again = examined(till, "--plan", ".servanda/versions/shrunk.json")
    assert again.returncode == 1, again.stderr


@pytest.mark.parametrize("is_held", [True, False], ids=["of the wheel", "of nobody"])
def test_provider_states_come_from_the_wheel(is_held: bool, till: Path) -> None:
    promise(till)
    if is_held:
        write_package_wheel(till / "till", till / "dist", "1.0.0")
    # A consumer that is a service, so that the candidate's contract meets the wheel.
    described = (till / "servanda.toml").read_text()
    consumer = described[described.index("[services.till]") : described.index("[contracts]")]
    consumer = consumer.replace("services.till", "services.web").replace("states =", 'depends_on = ["till"]\n#')
    (till / "servanda.toml").write_text(f"{described}\n{consumer}")
    done = examined(till, *LIVE, "--order", "consumers-first", "--only", "2")
    assert done.returncode == 0, done.stderr
    met = json.loads((till / ".servanda" / "versions" / "evidence.json").read_text())["pairings"]
    of_the_wheel = {each["outcome"] for each in met if each["provider_version"] == "till-1.0.0"}
    # Nobody saw the two together where the states are missing: that breaks nothing, and proves nothing.
    assert of_the_wheel == {"held" if is_held else "unknown"}


def test_journeys_that_need_what_the_wheel_does_not_have_are_not_held_against_it(till: Path) -> None:
    go_on(till, '"price": 5', '"price": 6')
    journeys = till / "journeys.py"
    journeys.write_text(journeys.read_text().replace("== 5", "== 6"))
    done = examined(till, *LIVE)
    assert "note: the journeys of the working tree fail on till-1.0.0 alone" in done.stderr
    assert (done.returncode, "step 1 held" in done.stderr) == (1, True), done.stderr


@pytest.mark.parametrize(
    ("command", "said"),
    [
        pytest.param('["{python}", "-m", "till.later"]', "No module named till.later", id="module of the tree"),
        pytest.param('["{python}", "till/__main__.py"]', "can't open file", id="file of the tree"),
        pytest.param('["uv", "run", "till"]', "'uv' is no program that was installed with it", id="program"),
    ],
)
def test_code_of_the_working_tree_never_passes_for_the_wheel(till: Path, command: str, said: str) -> None:
    (till / "till" / "later.py").write_text("import till.__main__\n")
    described = till / "servanda.toml"
    described.write_text(described.read_text().replace('["{python}", "-m", "till", "settings/till.toml"]', command))
    done = examined(till, *LIVE)
    assert done.returncode == 2, done.stdout
    assert said in done.stderr


def test_a_wheel_without_its_lock_file_is_refused(till: Path) -> None:
    (till / "dist" / "pylock.toml").unlink()
    done = examined(till, *LIVE)
    assert (done.returncode, done.stdout) == (2, "")
    assert "a version without its lock file" in done.stderr
    assert "uv export --frozen --no-dev --no-emit-project --format pylock.toml -o dist/pylock.toml" in done.stderr
