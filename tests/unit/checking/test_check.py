"""Everything that is configured is examined, whatever kind of interface it is."""

import datetime as dt
import json
import subprocess
from pathlib import Path

import pytest

from servanda.checking.check import Examined, check
from servanda.checking.kinds import kinds
from servanda.configuration import load
from servanda.errors import ConfigurationError
from servanda.gate.interfaces import examine
from servanda.interfaces.kind import Context
from servanda.verdict import Bump, Outcome

ORDER = 'syntax = "proto3";\npackage shop.v1;\nmessage Order { string id = 1; int32 n = 2; }\n'
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "shop", "version": "1"},
    "paths": {"/orders": {"get": {"responses": {"200": {"description": "all"}}}}},
}
OPENAPI_ONLY = '[services.shop]\ncommand = ["true"]\nopenapi = "api/shop.json"\n'


def written(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose first commit holds an OpenAPI document and nothing else."""
    written(tmp_path, {"api/shop.json": json.dumps(DOCUMENT), "servanda.toml": OPENAPI_ONLY})
    for command in (("init", "-q", "-b", "main"), ("add", "."), ("commit", "-q", "-m", "first")):
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *command], cwd=tmp_path, check=True
        )
    return tmp_path


def context(folder: Path) -> Context:
    return Context(folder, folder / ".cache", dt.date(2026, 11, 29), load(folder / "servanda.toml"))


def examined(folder: Path) -> Examined:
    return check(None, None, context(folder), kinds())


def test_a_configured_document_is_compared_without_being_named(repository: Path) -> None:
    written(repository, {"api/shop.json": json.dumps({**DOCUMENT, "paths": {}})})

    stage = examined(repository).stage

    assert [finding.rule for finding in stage.findings] == ["OPENAPI_PATH_NO_DELETE"]
    assert stage.outcome is Outcome.BROKEN
    assert stage.comparison is not None
    assert (stage.comparison.input, stage.comparison.bump) == ("api/shop.json", Bump.MAJOR)


def test_the_gate_compares_configured_documents_too(repository: Path) -> None:
    written(repository, {"api/shop.json": json.dumps({**DOCUMENT, "paths": {}})})

    stage = examine(load(repository / "servanda.toml"), repository / ".cache")

    assert stage == examined(repository).stage
    assert [finding.rule for finding in stage.findings] == ["OPENAPI_PATH_NO_DELETE"]


def test_documents_and_protos_are_one_check(repository: Path) -> None:
    written(repository, {"proto/shop.proto": ORDER, "api/shop.json": json.dumps({**DOCUMENT, "paths": {}})})

    stage = examined(repository).stage

    assert stage.comparison is not None
    assert stage.comparison.input == "api/shop.json, proto"
    assert [finding.rule for finding in stage.findings] == ["OPENAPI_PATH_NO_DELETE"]


@pytest.mark.parametrize(
    ("paths", "bump"),
    [
        pytest.param(DOCUMENT["paths"], Bump.NONE, id="nothing"),
        pytest.param({**DOCUMENT["paths"], "/users": {}}, Bump.MINOR, id="a new path"),  # type: ignore[dict-item]
    ],
)
def test_what_is_new_in_a_document_raises_the_minor_part(repository: Path, paths: object, bump: Bump) -> None:
    written(repository, {"api/shop.json": json.dumps({**DOCUMENT, "paths": paths})})

    comparison = examined(repository).stage.comparison

    assert comparison is not None
    assert comparison.bump is bump


def test_a_repository_without_interfaces_is_told_what_to_name(tmp_path: Path) -> None:
    written(tmp_path, {"servanda.toml": ""})

    with pytest.raises(ConfigurationError, match="nothing to compare") as caught:
        examined(tmp_path)
    assert caught.value.hint == "name an input: servanda check FOLDER_OR_DOCUMENT"


def test_everything_was_looked_for_if_every_configured_input_was_examined(repository: Path) -> None:
    assert {rule.id for rule in kinds()[0].rules} | {"", "INTERFACE_NO_DELETE"} == examined(repository).rules


def test_who_depends_on_others_is_no_consumer_of_its_own_interface(repository: Path) -> None:
    others = 'depends_on = ["stock"]\n[services.stock]\ncommand = ["true"]\n[pacticipants.desk]\n'
    text = f"{OPENAPI_ONLY}{others}"
    written(repository, {"servanda.toml": text, "api/shop.json": json.dumps({**DOCUMENT, "paths": {}})})

    (finding,) = examined(repository).stage.findings

    assert [impact.consumer.name for impact in finding.consumers] == ["desk"]


def test_a_level_decides_what_a_finding_does(repository: Path) -> None:
    written(
        repository,
        {
            "api/shop.json": json.dumps({**DOCUMENT, "paths": {}}),
            "servanda.toml": f'{OPENAPI_ONLY}[rules]\nOPENAPI = "warning"\n',
        },
    )

    stage = examined(repository).stage

    assert ([str(finding.severity) for finding in stage.findings], stage.outcome) == (["warning"], Outcome.HELD)


def test_a_level_of_an_unknown_rule_is_refused_with_the_closest_name(repository: Path) -> None:
    written(repository, {"servanda.toml": f'{OPENAPI_ONLY}[rules]\nOPENAPI_PATH_NO_DELET = "off"\n'})

    with pytest.raises(ConfigurationError, match="did you mean 'OPENAPI_PATH_NO_DELETE'") as caught:
        examined(repository)

    assert "servanda.toml:5:" in str(caught.value)
