"""The platform as containers."""

import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from codegen.compose import compose, secrets
from servanda.configuration import load

ROOT = Path(__file__).parents[3]
CONFIGURATION = load(ROOT / "servanda.toml")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found = compose(CONFIGURATION)["services"]
    assert isinstance(found, dict)
    return found


def test_every_service_of_the_manifest_is_there(services: dict[str, Any]) -> None:
    assert set(CONFIGURATION.services) <= set(services)


@pytest.mark.parametrize("name", ["postgres", "redis", "kafka"])
def test_every_store_is_an_image_with_a_pinned_tag_unless_another_one_is_named(
    services: dict[str, Any], name: str
) -> None:
    image = services[name]["image"]

    assert re.fullmatch(rf"\$\{{SERVANDA_{name.upper()}_IMAGE:-[a-z/]+:\d+(\.\d+)+\}}", image), image


def test_no_placeholder_is_left(services: dict[str, Any]) -> None:
    assert not re.findall(r"(?<!\$)\{[a-z.]+\}", str(services))


@pytest.mark.parametrize("name", CONFIGURATION.services)
def test_what_a_service_waits_for_exists_and_can_become_healthy(services: dict[str, Any], name: str) -> None:
    healthy = [other for other, wait in services[name]["depends_on"].items() if wait["condition"] == "service_healthy"]

    assert healthy
    assert all("healthcheck" in services[other] for other in healthy)


@pytest.mark.parametrize("name", [service.name for service in CONFIGURATION.services.values() if service.migrate])
def test_a_service_starts_after_its_migration(services: dict[str, Any], name: str) -> None:
    assert services[name]["depends_on"][f"{name}-migrate"] == {"condition": "service_completed_successfully"}
    assert services[f"{name}-migrate"]["command"][-1] == "migrate"


@pytest.mark.parametrize("name", CONFIGURATION.services)
def test_a_process_that_serves_has_no_address_with_the_rights_of_an_administrator(
    services: dict[str, Any], name: str
) -> None:
    addresses = str(services[name]["environment"])

    assert "${POSTGRES_PASSWORD" not in addresses
    assert "postgresql://postgres:" not in addresses


@pytest.mark.parametrize("name", [service.name for service in CONFIGURATION.services.values() if service.migrate])
def test_a_migration_has_only_what_it_needs(services: dict[str, Any], name: str) -> None:
    migration = services[f"{name}-migrate"]

    assert list(migration["environment"]) == ["POSTGRES_ADMIN_DSN", "POSTGRES_RW_PASSWORD"]
    assert list(migration["depends_on"]) == ["postgres"]


def test_only_the_entry_can_be_reached_from_outside_and_only_from_this_host(services: dict[str, Any]) -> None:
    published = {name: definition["ports"] for name, definition in services.items() if "ports" in definition}

    assert published == {CONFIGURATION.entry: ["127.0.0.1:${PLATFORM_PORT:-8080}:8080"]}


@pytest.mark.parametrize("name", ["postgres", "kafka"])
def test_what_a_store_acknowledged_outlives_its_container(services: dict[str, Any], name: str) -> None:
    volumes = compose(CONFIGURATION)["volumes"]

    assert isinstance(volumes, dict)
    assert [volume.partition(":")[0] for volume in services[name]["volumes"]] == [name]
    assert name in volumes


@pytest.mark.parametrize("name", CONFIGURATION.services)
def test_a_service_is_given_more_time_to_stop_than_it_takes(services: dict[str, Any], name: str) -> None:
    grace = float(services[name]["stop_grace_period"].removesuffix("s"))

    assert grace > CONFIGURATION.services[name].drain_seconds


@pytest.mark.parametrize("name", CONFIGURATION.services)
def test_a_service_listens_where_the_others_find_it(services: dict[str, Any], name: str) -> None:
    assert services[name]["environment"]["HOST"] == name


def test_the_file_is_what_compose_reads() -> None:
    file = ROOT / "deploy" / "compose.yaml"
    arguments = ["--builtin-schema", "vendor.compose-spec", str(file)]

    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", *arguments], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout


def test_every_secret_comes_from_outside_and_its_absence_says_what_to_do(services: dict[str, Any]) -> None:
    variables = dict(re.findall(r"\$\{(\w+)(:\?.*?)\}", str(services)))

    assert set(variables) == set(secrets(CONFIGURATION))
    assert set(variables.values()) == {":?run sh deploy/env.sh"}
    passwords = re.findall(r"postgresql://\w+:(.*?)@", str(services))
    assert passwords
    assert all(password.startswith("${") for password in passwords), passwords


def test_the_script_makes_each_secret_once_for_its_owner_alone(tmp_path: Path) -> None:
    script = shutil.copy(ROOT / "deploy" / "env.sh", tmp_path)
    file = tmp_path / ".env"
    file.write_text("POSTGRES_PASSWORD=chosen\n")
    file.chmod(0o600)

    subprocess.run(["sh", script], check=True)
    first = file.read_text()
    subprocess.run(["sh", script], check=True)

    found = dict(line.split("=") for line in first.splitlines())
    assert set(found) == set(secrets(CONFIGURATION))
    assert found.pop("POSTGRES_PASSWORD") == "chosen"
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", secret) for secret in found.values()), found
    assert len(set(found.values())) == len(found)
    assert file.read_text() == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
