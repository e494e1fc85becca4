"""Recorded events are replayed to the real consumer; docs/how-to/recorded-events.md shows these commands."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from servanda.infra import Endpoints
from tests.integration.events.conftest import EXECUTABLE, Servanda, change, run
from tests.integration.services.forwarding import Forwarder
from tests.integration.versions.test_endings import require_nothing_left

# Each starts the billing several times, on hosts of whatever load.
pytestmark = pytest.mark.timeout(400)


def test_a_consumer_that_did_not_change_holds(servanda: Servanda, shop: Path) -> None:
    done = servanda("replay")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "verdict yes: events held"), done.stdout + done.stderr
    evidence = json.loads((shop / ".servanda" / "events" / "evidence.json").read_text())
    (pairing,) = evidence["pairings"]
    assert (pairing["kind"], pairing["consumer"], pairing["provider"], pairing["outcome"]) == (
        "event",
        "billing",
        "shop",
        "held",
    )


def test_the_processes_of_both_orders_have_a_log_of_their_own(servanda: Servanda, shop: Path) -> None:
    assert servanda("replay").returncode == 0
    logs = [path.relative_to(shop / ".servanda").parts[0] for path in (shop / ".servanda").rglob("logs/billing*.log")]
    assert sorted(logs) == ["events", "events-in-another-order"]


def test_of_a_consumer_that_dies_only_the_order_of_publication_is_told(servanda: Servanda, shop: Path) -> None:
    known = '{"EUR": "EUR", "USD": "USD"}.get(event.get("currency", "EUR")) or exit(3)'
    change(shop, 'currency = event.get("currency", "EUR")\n    database', f"currency = {known}\n    database")
    done = servanda("replay", "--format", "json")
    reasons = json.loads(done.stdout)["stages"][0]["reasons"]
    assert (done.returncode, len(reasons)) == (1, 1), done.stdout + done.stderr
    assert "in the order of publication: its process ended" in reasons[0]["message"]
    assert "key yew" in reasons[0]["message"]


def test_a_consumer_that_does_not_start_is_told_once(servanda: Servanda, shop: Path) -> None:
    change(shop, "signal.signal(signal.SIGTERM, end)", "raise SystemExit('no licence')")
    done = servanda("replay")
    assert (done.returncode, done.stdout) == (2, ""), done.stdout
    assert (done.stderr.count("error: "), "no licence" in done.stderr) == (1, True), done.stderr
    assert "Traceback" not in done.stderr


def test_recording_again_finds_nothing_new(servanda: Servanda, environ: Mapping[str, str], published: str) -> None:
    source = ("--bootstrap", environ["KAFKA_BOOTSTRAP_SERVERS"], "--namespace", published)
    done = servanda("record", *source, "--format", "json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["topics"], found["new"]) == ({"orders": {"records": 10, "shapes": 10}}, [])


def test_nothing_that_is_redacted_is_in_the_corpus(shop: Path) -> None:
    texts = [path.read_text() for path in (shop / "contracts").rglob("*.json")]
    assert len(texts) == 12
    assert not [text for text in texts if "ada@example.org" in text]


def test_a_difference_names_shape_key_field_and_the_command_that_repeats_it(servanda: Servanda, shop: Path) -> None:
    change(shop, 'event.get("note"), identity', "None, identity")
    done = servanda("replay", "--format", "json")
    assert done.returncode == 1, done.stdout + done.stderr
    (reason,) = json.loads(done.stdout)["stages"][0]["reasons"]
    assert (reason["path"], reason["expected"], reason["actual"]) == ("accounts.note", '"by rail"', "null")
    assert "billing working-tree: orders: " in reason["message"]
    assert "key oak" in reason["message"]
    command = reason["message"].rpartition("repeat it: ")[2].split()
    again = servanda(*command[2:], "--format", "json")
    (repeated,) = json.loads(again.stdout)["stages"][0]["reasons"]
    assert (again.returncode, repeated["message"], repeated["path"]) == (1, reason["message"], "accounts.note")


def test_an_old_consumer_that_cannot_read_new_events_is_named(servanda: Servanda, shop: Path, accepted: Path) -> None:
    old = shop / "old"
    old.mkdir()
    for name in ("billing.py", "servanda.toml"):
        (old / name).write_bytes((accepted / name).read_bytes())
    change(old, 'event.get("currency", "EUR")', '{"EUR": "EUR", "USD": "USD"}[event.get("currency", "EUR")]')
    done = servanda("replay", "--live", "./old", "--format", "json")
    assert done.returncode == 1, done.stdout + done.stderr
    messages = [reason["message"] for reason in json.loads(done.stdout)["stages"][0]["reasons"]]
    assert any("key yew" in message and "the live version old" in message for message in messages)


def test_a_dry_run_starts_nothing(servanda: Servanda, shop: Path) -> None:
    change(shop, "follow()\n", "no such thing\n")
    done = servanda("replay", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "billing: 10 records on orders" in done.stdout
    assert "phase 3: in another order, among unreadable records" in done.stdout


def test_a_changed_event_starts_nothing(servanda: Servanda, shop: Path) -> None:
    path = next((shop / "contracts" / "events" / "shop" / "orders").iterdir())
    path.write_text(path.read_text().replace("orders", "elsewhere"))
    done = servanda("replay")
    assert (done.returncode, done.stdout) == (2, "")
    assert "a recorded event was changed" in done.stderr


def test_a_topic_that_does_not_exist_is_named(servanda: Servanda, environ: Mapping[str, str]) -> None:
    done = servanda("record", "--bootstrap", environ["KAFKA_BOOTSTRAP_SERVERS"], "--namespace", "nowhere")
    assert done.returncode == 2
    assert "there is no topic 'orders.nowhere'" in done.stderr


def test_a_cluster_that_does_not_answer_is_named(servanda: Servanda) -> None:
    done = servanda("record", "--bootstrap", "127.0.0.1:1")
    assert done.returncode == 2
    assert "Kafka does not answer" in done.stderr
    assert "127.0.0.1:1" in done.stderr


def test_without_a_consumer_nothing_is_replayed(shop: Path, environ: Mapping[str, str]) -> None:
    file = shop / "servanda.toml"
    text = file.read_text()
    before, _, after = text.partition("[events.consumers.billing]")
    file.write_text(before + "[limits]" + after.partition("[limits]")[2])
    done = run(shop, environ, "replay")
    assert (done.returncode, "no consumer of events is configured" in done.stderr) == (2, True), done.stderr


async def test_a_store_that_dies_says_nothing_about_the_consumer(
    shop: Path, environ: Mapping[str, str], servanda_endpoints: Endpoints
) -> None:
    postgres = servanda_endpoints.postgres
    async with Forwarder(postgres.host, postgres.port) as way:
        dsn = postgres.dsn.replace(f":{postgres.port}/", f":{way.port}/")
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            EXECUTABLE, "events", "replay", cwd=shop, env={**environ, "POSTGRES_DSN": dsn}, stdout=pipe, stderr=pipe
        )
        assert process.stderr is not None
        async for line in process.stderr:
            if b"in the order of publication" in line:
                break
        await way.cut()
        output, errors = await asyncio.wait_for(process.communicate(), 120)
    assert process.returncode == 2, (output + errors).decode()
    assert b"PostgreSQL" in errors
    assert output == b""
    require_nothing_left(shop)
