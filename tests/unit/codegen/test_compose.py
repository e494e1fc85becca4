"""The platform as containers."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from codegen.compose import compose
from servanda.configuration import load

CONFIGURATION = load(Path("servanda.toml"))


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found = compose(CONFIGURATION)["services"]
    assert isinstance(found, dict)
    return found


def test_every_service_of_the_manifest_is_there(services: dict[str, Any]) -> None:
    assert set(CONFIGURATION.services) <= set(services)


def test_every_store_is_an_image_with_a_pinned_tag(services: dict[str, Any]) -> None:
    images = {name: services[name]["image"] for name in ("postgres", "redis", "kafka")}

    assert all(re.fullmatch(r"[a-z/]+:\d+(\.\d+)+", image) for image in images.values()), images


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

    assert "POSTGRES_PASSWORD" not in addresses
    assert "postgres:postgres@" not in addresses


@pytest.mark.parametrize("name", [service.name for service in CONFIGURATION.services.values() if service.migrate])
def test_a_migration_has_only_what_it_needs(services: dict[str, Any], name: str) -> None:
    migration = services[f"{name}-migrate"]

    assert list(migration["environment"]) == ["POSTGRES_ADMIN_DSN"]
    assert list(migration["depends_on"]) == ["postgres"]


def test_only_the_entry_can_be_reached_from_outside_and_only_from_this_host(services: dict[str, Any]) -> None:
    published = {name: definition["ports"] for name, definition in services.items() if "ports" in definition}

    assert published == {CONFIGURATION.entry: ["127.0.0.1:8080:8080"]}


@pytest.mark.parametrize("name", CONFIGURATION.services)
def test_a_service_is_given_more_time_to_stop_than_it_takes(services: dict[str, Any], name: str) -> None:
    grace = float(services[name]["stop_grace_period"].removesuffix("s"))

    assert grace > CONFIGURATION.services[name].drain_seconds


@pytest.mark.parametrize("name", CONFIGURATION.services)
def test_a_service_listens_where_the_others_find_it(services: dict[str, Any], name: str) -> None:
    assert services[name]["environment"]["HOST"] == name


def test_the_file_is_what_compose_reads() -> None:
    file = Path(__file__).parents[3] / "deploy" / "compose.yaml"
    arguments = ["--builtin-schema", "vendor.compose-spec", str(file)]

    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", *arguments], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout
