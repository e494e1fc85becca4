"""The files that a repository begins with."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from servanda.adoption import Pipeline, pipeline_of
from servanda.cli import main
from servanda.configuration import load
from tests.unit.adoption.conftest import OPENAPI, Repository, pact, proto

SHOP = {
    "openapi.yaml": OPENAPI,
    "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["fastapi", "psycopg", "redis", "pytest"]\n',
    "shop/main.py": "app = FastAPI()\n",
    "pacts/web-shop.json": pact("web", "shop"),
    "proto/shop/v1/shop.proto": proto("shop.v1"),
}
HOSTILE = 'a"]\n[rules]\nFILE = "off"\n#'


def init(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["init", *arguments])


def committed(root: Path) -> None:
    name = ["-c", "user.name=n", "-c", "user.email=n@example.org"]
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], [*name, "commit", "-q", "-m", "one"]):
        subprocess.run(["git", *words], cwd=root, check=True)


def uncommented(text: str) -> str:
    """Remove the sign from the lines that are a guess."""
    return re.sub(r"^#(?=[\[a-z])", "", text, flags=re.MULTILINE)


def test_the_configuration_names_what_is_there_and_can_be_loaded(repository: Repository) -> None:
    root = repository(SHOP)

    ran = init(str(root), "--ci", "none", "--no-hook")

    assert ran.exit_code == 0, ran.stderr
    found = load(root / "servanda.toml")
    assert found.interfaces.root == root / "proto"
    assert found.contracts.pacts == root / "pacts"
    assert found.pacticipants["shop"].openapi == "openapi.yaml"
    assert list(found.pacticipants) == ["web", "shop"]
    assert not found.services


def test_a_guess_can_be_loaded_as_soon_as_its_signs_are_removed(repository: Repository) -> None:
    root = repository(SHOP)
    init(str(root), "--ci", "none", "--no-hook")

    path = root / "servanda.toml"
    assert "The rest of this file is a guess" in path.read_text(encoding="utf-8")
    path.write_text(uncommented(path.read_text(encoding="utf-8")), encoding="utf-8")

    found = load(path)
    assert found.services["shop"].command[2:4] == ("uvicorn", "shop.main:app")
    assert found.services["shop"].stores == ("postgres", "redis")
    assert found.contracts.record[0].command == ("{python}", "-m", "pytest", "tests")


def test_a_check_works_at_once(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository(SHOP)
    committed(root)
    monkeypatch.chdir(root)
    init("--ci", "none", "--no-hook")

    ran = CliRunner().invoke(main, ["check"])

    assert ran.exit_code == 0, ran.stderr
    assert "no breaking changes" in ran.stdout


def test_several_roots_become_modules_of_one_workspace(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository(
        {
            "services/a/proto/a/v1/a.proto": proto("a.v1"),
            "services/b/proto/b/v1/b.proto": proto("b.v1", imported="a/v1/a.proto"),
        }
    )
    monkeypatch.chdir(root)

    ran = init("--ci", "none", "--no-hook")
    committed(root)

    assert "note: commit buf.yaml before a check" in ran.stderr
    modules = yaml.safe_load((root / "buf.yaml").read_text())["modules"]
    assert modules == [{"path": "services/a/proto"}, {"path": "services/b/proto"}]
    assert CliRunner().invoke(main, ["check"]).exit_code == 0


def test_of_roots_that_do_not_go_together_the_first_that_compiles_is_taken(repository: Repository) -> None:
    root = repository({"a/x.proto": proto("x"), "b/x.proto": proto("y")})

    init(str(root), "--ci", "none", "--no-hook")

    text = (root / "servanda.toml").read_text(encoding="utf-8")
    assert 'root = "a"' in text
    assert "all of them would be: b" in text
    assert not (root / "buf.yaml").exists()


def test_protos_that_do_not_compile_are_named_with_the_reason(repository: Repository) -> None:
    root = repository({"proto/a.proto": 'syntax = "proto3";\nmessage {\n'})

    init(str(root), "--ci", "none", "--no-hook")

    assert "# They do not compile yet: proto/a.proto:2:9" in (root / "servanda.toml").read_text(encoding="utf-8")


def test_a_dry_run_prints_the_files_and_writes_none(repository: Repository) -> None:
    root = repository(SHOP)

    ran = init(str(root), "--dry-run", "--ci", "github")

    assert re.findall(r"^==> (.*) <==$", ran.stdout, re.MULTILINE) == [
        "servanda.toml",
        ".github/workflows/servanda.yml",
        ".pre-commit-config.yaml",
    ]
    assert not (root / "servanda.toml").exists()


def test_no_file_that_exists_is_touched(repository: Repository) -> None:
    kept = {"servanda.toml": "# mine\n", ".pre-commit-config.yaml": "repos: []\n", ".gitlab-ci.yml": "stages: []\n"}
    root = repository({**kept, "openapi.yaml": OPENAPI})

    ran = init(str(root), "--ci", "gitlab")

    assert ran.exit_code == 0
    assert {name: (root / name).read_text() for name in kept} == kept
    assert "kept: servanda.toml, which exists" in ran.stderr
    assert "add to .pre-commit-config.yaml:\n  |   - repo: local" in ran.stderr
    assert "add to .gitlab-ci.yml:\n  | include:" in ran.stderr


def test_a_link_to_nowhere_is_a_file_that_exists(repository: Repository) -> None:
    root = repository({"README.md": ""})
    (root / "servanda.toml").symlink_to("../elsewhere.toml")

    init(str(root), "--ci", "none", "--no-hook")

    assert not (root.parent / "elsewhere.toml").exists()


def test_nothing_is_written_through_a_link_out_of_the_tree(repository: Repository) -> None:
    root = repository({"openapi.yaml": OPENAPI})
    (root.parent / "outside").mkdir()
    (root / ".github").symlink_to("../outside")

    ran = init(str(root), "--ci", "github", "--no-hook")

    assert ran.exit_code == 2
    assert "outside of the tree" in ran.stderr
    assert list((root.parent / "outside").iterdir()) == []


@pytest.mark.parametrize("name", [HOSTILE, "a'b", 'a"b', "a b", "ä", "a.b", "\x7f", "{env.HOME}"])
def test_no_name_of_the_tree_becomes_a_line_of_the_configuration(repository: Repository, name: str) -> None:
    root = repository({"pacts/a.json": pact(name, "shop"), "p.yaml": OPENAPI, "package.json": '{"name": "x"}'})
    (root / "package.json").write_text(f'{{"name": {name!r}, "scripts": {{"start": "x"}}}}'.replace("'", '"'))

    ran = init(str(root), "--ci", "none", "--no-hook")

    assert ran.exit_code == 0, ran.stderr
    assert not load(root / "servanda.toml").rules.named


@pytest.mark.parametrize(
    ("files", "pipeline"),
    [
        ({".github/dependabot.yml": ""}, Pipeline.GITHUB),
        ({".gitlab-ci.yml": ""}, Pipeline.GITLAB),
        ({".git/config": '[remote "origin"]\n\turl = git@github.com:a/b.git\n'}, Pipeline.GITHUB),
        ({".git/config": '[remote "origin"]\n\turl = https://gitlab.example.org/a/b.git\n'}, Pipeline.GITLAB),
        ({".git/config": '[remote "origin"]\n\turl = https://example.org/a/b.git\n'}, Pipeline.NONE),
        ({"README.md": ""}, Pipeline.NONE),
    ],
)
def test_the_pipeline_is_the_one_that_the_repository_tells_of(
    repository: Repository, files: dict[str, str], pipeline: Pipeline
) -> None:
    assert pipeline_of(repository(files)) is pipeline


def test_a_configuration_around_is_named(repository: Repository) -> None:
    root = repository({"servanda.toml": "", "services/a/README.md": ""})

    ran = init(str(root / "services" / "a"), "--ci", "none", "--no-hook")

    assert f"note: {root / 'servanda.toml'} governs this folder so far" in ran.stderr


def test_a_project_that_has_a_configuration_gets_no_other(repository: Repository) -> None:
    root = repository({"pyproject.toml": "[tool.servanda]\n"})

    ran = init(str(root), "--ci", "none", "--no-hook")

    assert "kept: pyproject.toml, which has [tool.servanda]" in ran.stderr
    assert not (root / "servanda.toml").exists()


def test_an_empty_folder_gets_a_configuration_and_is_told_what_is_missing(repository: Repository) -> None:
    root = repository({})

    ran = init(str(root))

    assert ran.exit_code == 0
    assert "there is no proto file, no OpenAPI document and no pact file here yet" in ran.stderr
    assert load(root / "servanda.toml").contracts.pacts == root / "contracts" / "pacts"


def test_the_hook_is_one_that_pre_commit_reads(repository: Repository) -> None:
    root = repository({"openapi.yaml": OPENAPI})
    init(str(root))

    command = [sys.executable, "-m", "pre_commit", "validate-config", str(root / ".pre-commit-config.yaml")]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize(("files", "package"), [(SHOP, "servanda[protobuf]"), ({"openapi.yaml": OPENAPI}, "servanda")])
def test_the_hook_installs_what_the_repository_needs(
    repository: Repository, files: dict[str, str], package: str
) -> None:
    root = repository(files)
    init(str(root))

    (hook,) = yaml.safe_load((root / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    assert hook["additional_dependencies"] == [f"{package}>=0.1,<1"]


@pytest.mark.parametrize(
    "files",
    [
        {"main.py": "app = FastAPI()\n", "requirements.txt": "fastapi\n"},
        {"pacts/web-shop.json": pact("web", "shop"), "package.json": '{"name": "shop"}'},
        {"openapi.yaml": "swagger: 2.0\n"},
    ],
)
def test_without_an_interface_nothing_is_written_that_runs_a_check(
    repository: Repository, files: dict[str, str]
) -> None:
    root = repository(files)

    ran = init(str(root), "--ci", "github")

    assert ran.exit_code == 0
    assert not (root / ".pre-commit-config.yaml").exists()
    assert not (root / ".github").exists()
    assert "no hook and no pipeline: there is no proto file and no OpenAPI document" in ran.stderr
    assert "then servanda check" not in ran.stderr


def test_a_repository_with_contracts_alone_is_led_to_their_verification(repository: Repository) -> None:
    ran = init(str(repository({"pacts/web-shop.json": pact("web", "shop")})))

    assert "servanda verify" in ran.stderr.rpartition("next:")[2]
    assert "servanda[all]" in ran.stderr


def test_in_a_subfolder_the_hook_and_the_pipeline_are_where_they_are_looked_for(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = repository({"services/shop/openapi.yaml": OPENAPI, ".github/dependabot.yml": ""})
    committed(root)
    monkeypatch.chdir(root / "services" / "shop")

    init()

    monkeypatch.chdir(root)
    (hook,) = yaml.safe_load((root / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    assert hook["entry"] == "servanda --config services/shop/servanda.toml check"
    ran = CliRunner().invoke(main, hook["entry"].split()[1:])
    assert ran.exit_code == 0, ran.stderr
    pipeline = (root / ".github" / "workflows" / "servanda.yml").read_text()
    assert f"run: {hook['entry']} --against '.git#ref=HEAD^1'" in pipeline
    assert sorted(path.name for path in (root / "services" / "shop").iterdir()) == ["openapi.yaml", "servanda.toml"]


def test_a_folder_that_no_command_can_name_is_told_instead(repository: Repository) -> None:
    root = repository({"a b; x/openapi.yaml": OPENAPI})
    committed(root)

    ran = init(str(root / "a b; x"), "--ci", "github")

    assert f"write those at {root.resolve()}" in ran.stderr
    assert not (root / ".pre-commit-config.yaml").exists()


def test_a_second_subfolder_is_told_what_to_add_to_the_files_of_the_first(repository: Repository) -> None:
    root = repository({"a/openapi.yaml": OPENAPI, "b/openapi.yaml": OPENAPI})
    committed(root)
    init(str(root / "a"), "--ci", "github")

    ran = init(str(root / "b"), "--ci", "github")

    assert re.findall(r"\w+: servanda --config b/servanda.toml check.*", ran.stderr) == [
        "run: servanda --config b/servanda.toml check --against '.git#ref=HEAD^1'",
        "entry: servanda --config b/servanda.toml check",
    ]
    assert "add to" not in init(str(root / "a"), "--ci", "github").stderr
