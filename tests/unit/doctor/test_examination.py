"""What works here, and what is missing."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from servanda.cli import main
from servanda.doctor import examined
from servanda.escaping import visible
from servanda.report.diagnosis import Diagnosis, Health

SERVICE = '[services.shop]\ncommand = ["{python}", "-m", "shop"]\n'
MISSING = Health.MISSING
LONG = "x" * 300


def diagnoses(folder: Path, text: str | None, **environ: str) -> Mapping[str, Diagnosis]:
    """Return all that is told of a configuration, by name."""
    if text is not None:
        (folder / "servanda.toml").write_text(text, encoding="utf-8")
    whole = {"PATH": os.environ["PATH"], "HOME": str(folder), "SERVANDA_INFRA": "embedded", **environ}
    return {each.name: each for each in examined(folder, None, whole)}


def test_without_a_configuration_nothing_is_missing(tmp_path: Path) -> None:
    found = diagnoses(tmp_path, None)

    assert found["servanda.toml"].hint == "servanda init writes one"
    assert [each for each in found.values() if each.health is MISSING] == []


def test_every_mistake_is_told_with_its_place_in_their_order(tmp_path: Path) -> None:
    text = f"{SERVICE}portz = []\nports = 'http'\n\n[limits]\ngate_seconds = 0\n"
    (tmp_path / "servanda.toml").write_text(text, encoding="utf-8")

    told = [each.what for each in examined(tmp_path, None, dict(os.environ)) if each.name == "mistake"]

    places = [what.partition(": ")[0].removeprefix(f"{tmp_path}/") for what in told]
    assert places == ["servanda.toml:3:1", "servanda.toml:4:9", "servanda.toml:7:16"]


def test_what_is_no_toml_is_a_mistake(tmp_path: Path) -> None:
    assert "invalid TOML" in diagnoses(tmp_path, "[services")["mistake"].what


@pytest.mark.parametrize(
    ("line", "name", "what"),
    [
        ('openapi = "api.yaml"', "services.shop.openapi", "there is no file api.yaml"),
        ('ca = "ca.pem"', "services.shop.ca", "there is no file ca.pem"),
        ('certificate = "client.pem"', "services.shop.certificate", "there is no file client.pem"),
        ('certificate = "{env.NO_SUCH}"', "services.shop.certificate", "NO_SUCH is not set"),
        ('migrate_environment = { A = "{env.NO_SUCH}" }', "services.shop.migrate_environment.A", "NO_SUCH is not set"),
        ('migrate = ["no-such-program"]', "services.shop.migrate", "there is no program no-such-program on PATH"),
        ('migrate = ["./migrate"]', "services.shop.migrate", "there is no program ./migrate"),
        ('environment = { A = "{env.NO_SUCH}" }', "services.shop.environment.A", "NO_SUCH is not set"),
        (f'headers = {{ A = "{{file./{LONG}}}" }}', "services.shop.headers.A", "no file that can be read"),
        (
            'headers = { A = "{file.token}" }',
            "services.shop.headers.A",
            "{file.token}: there is no file that can be read",
        ),
    ],
)
def test_what_the_configuration_names_has_to_be_there(tmp_path: Path, line: str, name: str, what: str) -> None:
    found = diagnoses(tmp_path, f"{SERVICE}{line}\n")[name]

    assert found.health is MISSING
    assert what in found.what


def test_an_empty_variable_is_no_header_and_may_be_one_of_a_process(tmp_path: Path) -> None:
    found = diagnoses(tmp_path, f'{SERVICE}headers.A = "{{env.EMPTY}}"\nenvironment.A = "{{env.EMPTY}}"\n', EMPTY="")

    assert "EMPTY is empty" in found["services.shop.headers.A"].what
    assert "services.shop.environment.A" not in found


@pytest.mark.parametrize(
    ("line", "name", "what"),
    [
        ('depends_on = ["shop"]', "services.depends_on", "in a cycle: shop -> shop"),
        ('environment.A = "{port.htpp}"', "services.shop.environment.A", "unknown placeholder '{port.htpp}'"),
        ('environment.A = "{kafka.bootstrap}"', "services.shop.environment.A", "'{kafka.bootstrap}'"),
        ('migrate = ["{python}", "{redis.uri}"]\nstores = ["redis"]', "services.shop.migrate", "'{redis.uri}'"),
        ('states_url = "http://127.0.0.1:{port.states}"', "services.shop.states_url", "'{port.states}'"),
        ('request_filter = "nope"', "services.shop.request_filter", "'nope' names no function"),
        ('states = ["x y"]', "services.shop.states", "'x y' names no function"),
        ('[rules]\nNOPE = "off"', "rules", "servanda.toml:4:8: rules.NOPE: unknown rule or category"),
        ('[end-to-end]\ncommand = ["{python}", "{shop.port.http}"]', "end-to-end.command", "'{shop.port.http}'"),
        ('[up]\nexamples = ["curl {shop.port.http}"]', "up.examples", "'{shop.port.http}'"),
        ('[up]\nseed = ["no-such-program"]', "up.seed", "there is no program no-such-program on PATH"),
        ('[up]\nenvironment.A = "{env.NO_SUCH}"', "up.environment.A", "NO_SUCH is not set"),
    ],
)
def test_what_a_later_command_would_refuse_is_told(tmp_path: Path, line: str, name: str, what: str) -> None:
    found = diagnoses(tmp_path, f"{SERVICE}{line}\n")[name]

    assert found.health is MISSING
    assert what in found.what


def test_nothing_is_refused_of_a_configuration_that_works(tmp_path: Path) -> None:
    text = f"""{SERVICE}ports = ["http"]
environment = {{ PORT = "{{port.http}}", K = "{{kafka.bootstrap}}", J = '{{"a": 1}}', N = "{{namespace}}" }}
states = ["shop.contract:states"]
depends_on = ["mail"]
[services.mail]
command = ["{{python}}"]
stores = ["kafka"]
[end-to-end]
command = ["{{python}}", "{{shop.port.http}}", "{{shop@v1.port.http}}"]
[rules]
HTTP = "off"
"""
    found = diagnoses(tmp_path, text)

    assert [each for each in found.values() if each.area == "configuration" and each.health is MISSING] == []


def test_a_program_is_looked_for_where_the_environment_says(tmp_path: Path) -> None:
    program = tmp_path / "bin" / "own-program"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    text = '[services.shop]\ncommand = ["own-program"]\n'

    assert "services.shop.command" not in diagnoses(tmp_path, text, PATH=str(program.parent))
    assert "services.shop.command" in diagnoses(tmp_path, text)


def test_a_secret_that_is_there_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "token").mkdir()
    (tmp_path / "value").write_text("unread-Xk3", encoding="utf-8")
    text = f'{SERVICE}headers = {{ A = "{{file.token}}", B = "{{file.value}}", C = "{{file.../x}}" }}\n'

    found = diagnoses(tmp_path, text)

    assert found["services.shop.headers.A"].health is MISSING
    assert "services.shop.headers.B" not in found
    assert "outside of the tree" in found["services.shop.headers.C"].what
    assert visible("unread-Xk3") == "unread-Xk3"


def test_a_store_is_missing_only_if_a_service_needs_it(tmp_path: Path) -> None:
    text = f'{SERVICE}stores = ["redis"]\n'

    found = diagnoses(tmp_path, text, SERVANDA_INFRA="external")

    assert (found["redis"].health, found["redis"].what) == (MISSING, "redis is external, but REDIS_URL is not set")
    assert found["kafka"].health is Health.UNNEEDED


def test_an_external_store_is_told_without_its_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REDIS_URL", "redis://:p4ssw0rd@127.0.0.1:1/0")

    ran = CliRunner().invoke(main, ["doctor", "--infra", "external"])

    assert "redis://:***@127.0.0.1:1/0" in ran.stdout
    assert "p4ssw0rd" not in ran.stdout


def test_a_cache_that_cannot_be_written_to_is_missing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    found = diagnoses(tmp_path, None, SERVANDA_CACHE=str(tmp_path / "file" / "cache"))["cache"]

    assert found.health is MISSING
    assert "cannot be written to" in found.what


def test_the_size_of_the_cache_is_told(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir(mode=0o700)
    (cache / "one").write_bytes(b"x" * (1 << 20))

    assert diagnoses(tmp_path, None, SERVANDA_CACHE=str(cache))["cache"].what == f"{cache}, 1 file, 1.0 MiB"


def test_each_stage_says_what_it_would_do_or_why_it_is_skipped(tmp_path: Path) -> None:
    text = '[contracts]\nrecord = ["pytest", "a b"]\n[interfaces]\nlint = true\n'

    found = diagnoses(tmp_path, text)

    assert found["interfaces"].what == "skipped: there is no proto folder, and no party has an OpenAPI document"
    assert found["lint"].what == "runs buf lint"
    assert found["consumers"].what == "runs pytest 'a b'"
    assert found["providers"].what == "ends with no verdict: no contract found"
    assert found["end-to-end"].what == "skipped: [end-to-end] has no command"
    assert found["migrations"].what == "skipped: no service has migrations configured"
    assert found["versions"].what == "skipped: [versions] has no gate = true"


@pytest.mark.parametrize(("service", "health"), [("", Health.UNNEEDED), (SERVICE, MISSING)])
def test_a_contract_that_cannot_be_read_is_missing_if_its_provider_is_a_service_here(
    tmp_path: Path, service: str, health: Health
) -> None:
    folder = tmp_path / "contracts" / "pacts"
    folder.mkdir(parents=True)
    pact = {"consumer": {"name": "web"}, "provider": {"name": "shop"}, "interactions": "none"}
    (folder / "web-shop.json").write_text(json.dumps(pact), encoding="utf-8")

    assert diagnoses(tmp_path, service)["providers"].health is health


@pytest.mark.parametrize(("text", "code"), [(SERVICE, 0), (f"{SERVICE}ca = 'no.pem'\n", 2), ("entry = 1\n", 2)])
def test_the_exit_code_says_whether_something_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, code: int
) -> None:
    (tmp_path / "servanda.toml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SERVANDA_INFRA", "embedded")

    ran = CliRunner().invoke(main, ["doctor", "--format", "json"])

    assert ran.exit_code == code
    assert json.loads(ran.stdout)["healthy"] is (code == 0)


def test_a_line_is_one_line_however_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = SERVICE + 'ca = "' + "x" * 180 + '\\u001b[2J"\n'
    (tmp_path / "servanda.toml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    ran = CliRunner().invoke(main, ["doctor", "--infra", "embedded"])

    (line,) = [line for line in ran.stdout.splitlines() if "services.shop.ca" in line]
    assert line.startswith("  missing  services.shop.ca")
    assert "\x1b" not in ran.stdout
