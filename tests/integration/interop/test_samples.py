"""Sample repositories with consumers and providers in several languages, as their owners would run them."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.interop import toolchains
from tests.integration.interop.conftest import ROOT, SAMPLES, copied, normalized

Servanda = Callable[..., subprocess.CompletedProcess[str]]


def held(output: str) -> list[str]:
    """The rows of a verdict without their files."""
    return [" ".join(line.split()[:6]) for line in output.splitlines() if " held " in line and "->" in line]


def test_a_provider_in_fastapi_sets_up_its_states_over_http(tmp_path: Path, servanda: Servanda) -> None:
    done = servanda(copied("orders", tmp_path / "orders"), "verify")
    assert done.returncode == 0, done.stdout + done.stderr
    assert held(done.stdout) == [
        "intranet -> orders (http) 1/1 held",
        "kiosk -> orders (http) 1/1 held",
        "till -> orders (http) 1/1 held",
        "web -> orders (http) 2/2 held",
    ]


def test_a_fault_of_a_provider_breaks_its_consumers_in_javascript_and_java(tmp_path: Path, servanda: Servanda) -> None:
    done = servanda(copied("orders", tmp_path / "orders"), "verify", FAULT="total as text")
    assert done.returncode == 1
    assert [line for line in done.stdout.splitlines() if line.startswith("broken")] == [
        "broken till -> orders (http): what an order costs",
        "broken web -> orders (http): an order",
    ]


@pytest.mark.timeout(600)
def test_the_gate_records_consumers_in_javascript_and_says_who_is_external(orders: Path, servanda: Servanda) -> None:
    done = servanda(orders, "gate")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the consumer 'till' is external: no command here records its contracts" in done.stdout
    assert held(done.stdout) == [
        "intranet -> orders (http) 1/1 held",
        "kiosk -> orders (http) 1/1 held",
        "till -> orders (http) 1/1 held",
        "web -> orders (http) 2/2 held",
    ]


@pytest.mark.timeout(600)
def test_the_contract_in_java_is_what_its_tests_write(tmp_path: Path) -> None:
    maven = toolchains.program("mvn")
    folder = copied("orders/till", tmp_path / "till")
    toolchains.run("mvn", [maven, "-q", "-B", "test"], folder)
    reviewed = SAMPLES / "orders" / "pacts" / "till-orders.json"
    assert normalized(folder / "target" / "pacts" / "till-orders.json") == normalized(reviewed)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("fault", "code", "told"),
    [
        pytest.param("", 0, "basket -> prices (grpc)  2/2 held", id="kept"),
        pytest.param("no currency", 1, '$.currency is missing, expected "EUR"', id="broken"),
    ],
)
def test_a_provider_in_go_is_verified_over_grpc(
    prices: Path, tmp_path: Path, servanda: Servanda, fault: str, code: int, told: str
) -> None:
    folder = shutil.copytree(prices, tmp_path / "prices")
    done = servanda(folder, "verify", FAULT=fault)
    assert done.returncode == code, done.stdout + done.stderr
    assert told in done.stdout


@pytest.mark.timeout(600)
def test_the_gate_records_the_consumer_of_the_provider_in_go(prices: Path, tmp_path: Path, servanda: Servanda) -> None:
    folder = shutil.copytree(prices, tmp_path / "prices")
    only = [word for stage in ("consumers", "providers") for word in ("--only", stage)]
    done = servanda(folder, "gate", *only)
    assert done.returncode == 0, done.stdout + done.stderr
    assert held(done.stdout) == ["basket -> prices (grpc) 2/2 held"]


def test_the_page_of_pact_libraries_shows_what_the_sample_holds() -> None:
    page = (ROOT / "docs" / "how-to" / "from-pact-libraries.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```(?:toml|javascript)\n(?:#|//) (\S+)\n(.*?)```", page, re.DOTALL)
    assert [path for path, _ in blocks] == ["servanda.toml", "web/client.test.mjs"]
    for path, shown in blocks:
        held = {line.strip() for line in (SAMPLES / "orders" / path).read_text(encoding="utf-8").splitlines()}
        assert {line.strip() for line in shown.splitlines()} - held <= {""}


def test_a_missing_toolchain_is_a_skip_that_names_it_or_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(toolchains.REQUIRED, raising=False)
    with pytest.raises(pytest.skip.Exception, match="'no-such-tool' is not installed"):
        toolchains.program("no-such-tool")
    monkeypatch.setenv(toolchains.REQUIRED, "go no-such-tool")
    with pytest.raises(pytest.fail.Exception, match="SERVANDA_REQUIRED_TOOLS has 'no-such-tool'"):
        toolchains.program("no-such-tool")
