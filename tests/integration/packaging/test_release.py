"""What a release publishes, before it is published."""

from __future__ import annotations

import email
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
import yaml

from servanda.extras import EXTRAS
from tests.integration.packaging.conftest import ROOT, run_uv

WORKFLOWS = ROOT / ".github" / "workflows"


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel and the source distribution, as the release workflow builds them."""
    folder = tmp_path_factory.mktemp("distributions")
    run_uv("build", "--out-dir", str(folder), str(ROOT))
    return folder


def run(program: str, *arguments: str, folder: Path = ROOT) -> str:
    done = subprocess.run(
        [sys.executable, "-m", program, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def metadata(distributions: Path) -> Message:
    (wheel,) = distributions.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (content,) = [archive.read(name) for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
    return email.message_from_bytes(content)


def workflow(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((WORKFLOWS / name).read_text())
    return found


def test_an_index_accepts_both_distributions(distributions: Path) -> None:
    built = sorted(str(path) for path in distributions.glob("servanda-*"))
    assert len(built) == 2
    run("twine", "check", "--strict", *built)


def test_the_wheel_holds_nothing_that_does_not_belong_into_one(distributions: Path) -> None:
    (wheel,) = distributions.glob("*.whl")
    run("check_wheel_contents", str(wheel))


def test_the_source_distribution_builds_the_same_wheel(distributions: Path, tmp_path: Path) -> None:
    (source,) = distributions.glob("*.tar.gz")
    (wheel,) = distributions.glob("*.whl")
    with tarfile.open(source) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    (folder,) = (tmp_path / "source").iterdir()
    run_uv("build", "--wheel", "--out-dir", str(tmp_path / "again"), str(folder))
    (again,) = (tmp_path / "again").glob("*.whl")
    with zipfile.ZipFile(wheel) as one, zipfile.ZipFile(again) as other:
        assert {each.filename: each.CRC for each in one.infolist()} == {
            each.filename: each.CRC for each in other.infolist()
        }


def test_the_metadata_names_the_pythons_that_are_tested_and_where_to_read_on(distributions: Path) -> None:
    found = metadata(distributions)
    prefix = "Programming Language :: Python :: 3."
    named = [each.removeprefix(prefix) for each in found.get_all("Classifier", []) if each.startswith(prefix)]
    assert [f"3.{minor}" for minor in named] == workflow("test.yml")["jobs"]["pythons"]["strategy"]["matrix"]["python"]
    assert found["Requires-Python"] == f">=3.{named[0]}"
    urls = {each.partition(",")[0] for each in found.get_all("Project-URL", [])}
    assert urls == {"Homepage", "Documentation", "Changelog", "Source", "Issues"}


def test_the_version_is_written_in_one_place(distributions: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert metadata(distributions)["Version"] == project["version"]


def test_the_fragments_become_a_changelog(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "changelog.d", tmp_path / "changelog.d")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    run("towncrier", "build", "--yes", "--version", "9.9.9", folder=tmp_path)
    changelog = (tmp_path / "CHANGELOG.md").read_text()
    assert changelog.startswith("# Servanda 9.9.9")
    sentences = [path.read_text().strip() for path in (ROOT / "changelog.d").glob("*.*.md")]
    assert [sentence for sentence in sentences if sentence not in changelog] == []
    assert [path.name for path in (tmp_path / "changelog.d").iterdir()] == ["README.md"]


def test_what_the_wheel_needs_can_be_listed_for_others() -> None:
    options = ("--locked", "--no-default-groups", "--all-extras", "--format", "cyclonedx1.5")
    listed = json.loads(run_uv("export", *options))
    assert {"protobuf", "pact-python"} <= {each["name"] for each in listed["components"]}


@pytest.mark.parametrize("name", sorted(path.name for path in WORKFLOWS.glob("*.yml")))
def test_a_workflow_has_the_form_that_its_forge_reads(name: str) -> None:
    run("check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(WORKFLOWS / name))


def test_only_the_jobs_that_publish_get_a_right_and_none_a_secret() -> None:
    jobs = workflow("release.yml")["jobs"]
    assert workflow("release.yml")["permissions"] == {}
    assert jobs["build"]["permissions"] == {"contents": "read"}
    assert jobs["publish"]["permissions"] == {"id-token": "write"}
    assert jobs["publish"]["environment"] == "release"
    assert "secrets." not in (WORKFLOWS / "release.yml").read_text()


def test_nothing_is_published_that_was_not_looked_at() -> None:
    jobs = workflow("release.yml")["jobs"]
    commands = "\n".join(step.get("run", "") for step in jobs["build"]["steps"])
    for needed in ("twine check --strict", "check-wheel-contents", "uv version --short", "changelog.d"):
        assert needed in commands
    assert (jobs["attest"]["needs"], jobs["publish"]["needs"], jobs["image"]["needs"]) == ("build", "attest", "publish")


def test_the_image_installs_extras_that_there_are() -> None:
    (named,) = re.findall(r"^ARG EXTRAS=(\S+)$", (ROOT / "deploy" / "suite" / "Dockerfile").read_text(), re.MULTILINE)
    assert set(named.split(",")) <= {extra.name for extra in EXTRAS}
    assert workflow("release.yml")["jobs"]["image"]["steps"][-1]["with"]["file"] == "deploy/suite/Dockerfile"
