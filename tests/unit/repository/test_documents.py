"""What the documents of the repository say can be followed: links, commands, names."""

from __future__ import annotations

import configparser
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from servanda.cli import COMMANDS
from servanda.configuration import load
from servanda.report import text
from servanda.verdict import InteractionResult, Location, Outcome, StageResult, StoreFact, decide
from servanda.verification import load_contracts

ROOT = Path(__file__).parents[3]


def tracked(pattern: str) -> list[str]:
    listed = subprocess.run(["git", "ls-files", pattern], cwd=ROOT, capture_output=True, text=True, check=True)
    return listed.stdout.split()


def environments(tox: str) -> set[str]:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(tox)
    return {section.removeprefix("testenv:") for section in parser.sections() if section.startswith("testenv:")}


@pytest.mark.parametrize("document", tracked("*.md"))
def test_every_link_to_a_file_leads_somewhere(document: str) -> None:
    path = ROOT / document
    targets = re.findall(r"\]\((?!\w+:|#)([^)\s]+)\)", path.read_text())
    assert [target for target in targets if not (path.parent / target.partition("#")[0]).exists()] == []


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "docs/tutorial.md"])
def test_every_command_of_a_document_is_one(document: str) -> None:
    text = (ROOT / document).read_text()
    servanda = set(re.findall(r"(?:uv run |`|^)servanda ([a-z-]+)", text, re.MULTILINE))
    tox = set(re.findall(r"\btox -e ([a-z]+)", text))
    assert servanda - set(COMMANDS) == set()
    assert tox - environments((ROOT / "tox.ini").read_text()) == set()


def test_the_readme_gives_every_command() -> None:
    rows = re.findall(r"^\| `servanda ([a-z-]+)", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert set(rows) == set(COMMANDS)


def test_the_readme_installs_and_tests_with_one_line_each() -> None:
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    first, second = (block.splitlines() for block in blocks[:2])
    assert [line.rpartition("/")[2] for line in (*first, *second)] == ["uv run servanda gate", "uv run tox"]


def test_git_ignores_what_the_commands_of_the_readme_make() -> None:
    made = set(re.findall(r"python3 -m venv (\S+)", (ROOT / "README.md").read_text(encoding="utf-8")))

    assert made
    assert {f"{folder}/" for folder in made} <= set((ROOT / ".gitignore").read_text(encoding="utf-8").splitlines())


def test_the_readme_shows_the_verdict_on_the_contracts_as_they_are() -> None:
    configuration = load(ROOT / "servanda.toml")
    results = tuple(
        InteractionResult(
            contract.consumer,
            contract.provider,
            interaction.transport,
            interaction.description,
            Outcome.HELD,
            Location(Path(contract.path).relative_to(ROOT).as_posix()),
        )
        for contract in load_contracts(configuration).files
        for interaction in contract.interactions
    )
    stages = [StageResult(name, Outcome.HELD) for name in ("interfaces", "lint", "migrations", "consumers")]
    stages += [StageResult("providers", Outcome.HELD, results=results)]
    stages += [StageResult(name, Outcome.HELD) for name in ("end-to-end", "events", "versions")]
    stores = [
        StoreFact("postgres", "embedded", "PostgreSQL 18.6"),
        StoreFact("redis", "embedded", "Valkey 9.1.2 (Redis 7.2.4 compatible)"),
        StoreFact("kafka", "embedded", "Apache Kafka 4.3.0 (Java 25.0.2)"),
    ]
    shown = re.findall(r"```\n(infrastructure: .*?)```", (ROOT / "README.md").read_text(), re.DOTALL)[0].splitlines()
    lines = text.render(decide(stages, stores)).splitlines()
    # The README leaves out the table of stages, and counts what the last of them verified with old versions.
    assert shown[:-1] == [lines[0], *lines[-len(shown) + 1 : -1]]
    assert shown[-1].partition(" (")[0] == lines[-1].partition(" (")[0]


def test_ci_runs_what_the_readme_says() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    assert re.search(r"^SERVANDA_INFRA=embedded uv run (--locked )?tox$", script, re.MULTILINE)
    assert re.search(r"^SERVANDA_INFRA=docker uv run (--locked )?tox -e integration$", script, re.MULTILINE)


def test_every_boundary_that_is_linted_is_in_the_architecture_and_has_a_reason() -> None:
    text = (ROOT / ".importlinter").read_text()
    contracts = re.findall(r"(.*)\n\[importlinter:contract:([a-z-]+)\]", text)
    cited = set(re.findall(r"`([a-z]+-[a-z-]+)`", (ROOT / "ARCHITECTURE.md").read_text()))
    assert {name for _, name in contracts} <= cited
    assert [name for reason, name in contracts if not reason.startswith("# ")] == []


def test_the_architecture_fits_a_screen() -> None:
    assert len((ROOT / "ARCHITECTURE.md").read_text().splitlines()) <= 60


@pytest.mark.parametrize("fragment", [name for name in tracked("changelog.d/*") if not name.endswith("README.md")])
def test_a_changelog_fragment_is_one_sentence_under_a_name_that_is_understood(fragment: str) -> None:
    assert re.fullmatch(r"changelog\.d/[a-z0-9-]+\.(added|changed|fixed)\.md", fragment)
    text = (ROOT / fragment).read_text()
    assert text.endswith(".\n")
    assert text.count("\n") == 1


def test_hooks_run_from_the_locked_environment() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    entries = [hook["entry"] for hook in hooks if hook["language"] == "system"]
    assert entries
    assert [entry for entry in entries if not entry.startswith("uv run --frozen ")] == []


@pytest.mark.parametrize("folder", ["servanda", "platformkit", "services", "codegen", "bench", "tests"])
def test_no_module_is_longer_than_a_reader_can_hold(folder: str) -> None:
    lengths = {path: len((ROOT / path).read_text().splitlines()) for path in tracked(f"{folder}/*.py")}
    assert lengths
    assert {path: length for path, length in lengths.items() if length > 400} == {}
