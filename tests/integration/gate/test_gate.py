"""The gate on a repository of its own, run as a user would."""

import json
import os
import signal
import subprocess
from pathlib import Path

import jsonschema
import pytest

from servanda.report.formats import FORMATS
from tests.integration.gate.conftest import Repository
from tests.integration.waiting import eventually

SCHEMA = json.loads(Path("docs/reference/verdict.schema.json").read_text(encoding="utf-8"))


def outcomes(report: Path) -> dict[str, str]:
    verdict = json.loads((report / "verdict.json").read_text(encoding="utf-8"))
    return {stage["name"]: stage["outcome"] for stage in verdict["stages"]}


def test_a_change_that_breaks_nothing_may_be_merged(shop: Repository) -> None:
    ran = shop.gate()

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[-1] == (
        "verdict yes: interfaces, consumers, providers, end-to-end held (2 interactions)"
    )


def test_nothing_of_the_platform_is_left_behind(shop: Repository) -> None:
    shop.gate()

    with pytest.raises(ProcessLookupError):
        os.kill(shop.service_pid, 0)


def test_the_report_is_as_its_schema_says(shop: Repository, tmp_path: Path) -> None:
    shop.gate("--report", str(tmp_path / "report"))

    verdict = json.loads((tmp_path / "report" / "verdict.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(SCHEMA).validate(verdict)
    written = {path.name for path in (tmp_path / "report").iterdir()}
    assert written == {".gitignore", *(row.file for row in FORMATS.values())}
    assert [result["outcome"] for result in verdict["results"]] == ["held", "held"]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        pytest.param(', "quantity": 3', "", ["$.quantity", "expected: 3", "actual:   nothing"], id="field dropped"),
        pytest.param('"quantity": 3', '"quantity": "3"', ["$.quantity", 'actual:   "3"'], id="field retyped"),
        pytest.param("404 if", "410 if", ["status", "expected: 404", "actual:   410"], id="status changed"),
    ],
)
def test_a_provider_that_breaks_a_consumer_is_named(shop: Repository, before: str, after: str, told: list[str]) -> None:
    shop.change("shop.py", before, after)

    ran = shop.gate()

    assert ran.returncode == 1
    assert "broken web -> shop (http): a request for an" in ran.stdout
    assert all(text in ran.stdout for text in told), ran.stdout
    assert "stage 'providers'" in ran.stdout.splitlines()[-1]


def test_a_renamed_field_is_stopped_before_any_service_starts(shop: Repository) -> None:
    shop.change("proto/shop/v1/shop.proto", "quantity", "amount")

    ran = shop.gate()

    assert ran.returncode == 1
    assert "proto/shop/v1/shop.proto:7:9: error: " in ran.stdout
    assert "FIELD_SAME_NAME Field" in ran.stdout
    assert not shop.service_started


def test_keep_going_examines_every_stage(shop: Repository, tmp_path: Path) -> None:
    shop.change("proto/shop/v1/shop.proto", "quantity", "amount")

    ran = shop.gate("--keep-going", "--report", str(tmp_path / "report"))

    assert ran.returncode == 1
    assert outcomes(tmp_path / "report") == {
        "interfaces": "broken",
        "consumers": "held",
        "providers": "held",
        "end-to-end": "held",
    }


def test_a_broken_proto_could_not_be_told_and_is_placed(shop: Repository) -> None:
    shop.change("proto/shop/v1/shop.proto", "int32 quantity", "int quantity")

    ran = shop.gate()

    assert ran.returncode == 2
    assert "proto/shop/v1/shop.proto:7:3" in ran.stdout
    assert not shop.service_started


def test_a_contract_that_was_not_reviewed_stops_the_change(shop: Repository) -> None:
    shop.change("consumer.py", '{"quantity": 3}', '{"quantity": 4}')

    ran = shop.gate()

    assert ran.returncode == 1
    assert "the recorded interaction 'a request for an order' differs from the reviewed one" in ran.stdout
    assert "contracts/pacts/web-shop.json:7" in ran.stdout


def test_a_journey_that_fails_is_named(shop: Repository) -> None:
    shop.change("journeys/orders.py", "== 200", "== 201")

    ran = shop.gate()

    assert ran.returncode == 1
    assert "the test test_an_order_can_be_read failed" in ran.stdout
    assert "journeys/orders.py:8" in ran.stdout


def test_a_service_that_does_not_start_could_not_be_told_with_its_last_words(shop: Repository) -> None:
    shop.change("shop.py", 'Path("started")', 'raise SystemExit("no stock")\nPath("started")')

    ran = shop.gate()

    assert ran.returncode == 2
    assert "no stock" in ran.stdout
    assert "verdict unknown" in ran.stdout


def test_a_single_stage_can_be_asked_for(shop: Repository) -> None:
    ran = shop.gate("--only", "interfaces")

    assert (ran.returncode, ran.stdout.splitlines()[-1]) == (0, "verdict yes: interfaces held")
    assert not shop.service_started


def test_an_interrupt_ends_everything(shop: Repository) -> None:
    shop.change("journeys/orders.py", "def test", "import threading\n\nthreading.Event().wait()\n\n\ndef test")
    process = subprocess.Popen(
        shop.command(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    assert process.stdout is not None
    with process.stdout as output:
        for line in output:
            if line.startswith("end-to-end"):
                break
        os.killpg(process.pid, signal.SIGINT)
        rest = output.read()

    assert process.wait(timeout=30) == 130, rest
    eventually(lambda: _runs(shop.service_pid), until=lambda runs: not runs, seconds=10)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
