"""Two versions of a small shop on the same stores, as docs/how-to/rolling-upgrade.md shows them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Servanda = Callable[..., "subprocess.CompletedProcess[str]"]


def change(shop: Path, file: str, before: str, after: str) -> None:
    text = (shop / "warehouse" / file).read_text()
    assert before in text
    (shop / "warehouse" / file).write_text(text.replace(before, after))


def test_a_change_that_only_adds_holds_in_every_step_of_runs_at_once(shop: Path, servanda: Servanda) -> None:
    change(
        shop, "stock.py", 'item text NOT NULL)",\n', 'item text NOT NULL)",\n    "ALTER TABLE items ADD unit text",\n'
    )
    change(shop, "stock.py", 'STATUSES[row["status"]]}', 'STATUSES[row["status"]], "unit": row.get("unit")}')
    told = (shop / "servanda.toml").read_text()
    (shop / "servanda.toml").write_text(told.replace("[versions]\n", "[versions]\nruns_at_once = 2\n"))
    done = servanda("--live", "v1", "--order", "any")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "verdict yes" in done.stdout
    assert done.stderr.count(" held after ") == 10
    assert done.stderr.index("step 8 all old ...") < done.stderr.index("step 1 held")


def test_of_three_instances_one_is_exchanged_after_the_other(shop: Path, servanda: Servanda) -> None:
    done = servanda("--live", "v1", "--instances", "3", "--save", "plan.json", "--dry-run")
    assert "3  rolling: stock           stock 1 old and 2 new, ledger old, edge old" in done.stdout
    done = servanda("--plan", "plan.json", "--only", "3")
    assert done.returncode == 0, done.stdout + done.stderr
    logs = shop / ".servanda" / "versions" / "logs"
    # Every process of a step writes a log of its own, which says where it listens.
    ran = {path.stem for path in logs.glob("stock@*.log")}
    assert ran == {"stock@v1", "stock@working-tree", "stock@working-tree#2"}


def test_a_cached_value_that_old_instances_cannot_read_is_found_beside_them(shop: Path, servanda: Servanda) -> None:
    change(shop, "stock.py", "json.dumps(dict(row))", "'v2' + json.dumps(dict(row))")
    change(shop, "stock.py", "json.loads(found)", "json.loads(found.removeprefix('v2'))")
    done = servanda("--live", "v1")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "step 2 (rolling: stock; stock v1 and working-tree, ledger v1, edge v1)" in done.stdout


def test_a_counter_that_never_expires_any_more_is_found_where_it_is_kept(shop: Path, servanda: Servanda) -> None:
    change(shop, "stock.py", "    process.STORE.expire(key, 5)\n", "")
    done = servanda("--live", "v1")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "the key {namespace}:limit:{address...}: never expires" in done.stdout


def test_a_key_that_nobody_declared_is_found(shop: Path, servanda: Servanda) -> None:
    change(shop, "stock.py", ":limit:", ":requests:")
    done = servanda("--live", "v1")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "the key {namespace}:requests:edge: is written, and no format declares it" in done.stdout


def test_a_consumer_that_does_not_read_on_is_found(shop: Path, servanda: Servanda) -> None:
    limited = (shop / "servanda.toml").read_text() + "\n[limits]\nevent_seconds = 2\n"
    (shop / "servanda.toml").write_text(limited)
    change(shop, "ledger.py", "        consumer.commit(message=message)\n", "")
    assert servanda("--live", "v1", "--save", "plan.json", "--dry-run").returncode == 0
    done = servanda("--plan", "plan.json", "--only", "5")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "the consumer ledger (working-tree): has a group 'ledger' that does not read on after" in done.stdout


def test_a_group_that_the_live_version_does_not_have_is_no_verdict(shop: Path, servanda: Servanda) -> None:
    told = (shop / "servanda.toml").read_text()
    limits = "[limits]\nevent_seconds = 2\n"
    (shop / "servanda.toml").write_text(
        told.replace('schema = "public"', f'schema = "public"\ngroup = "book"\n{limits}')
    )
    named = ("git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")
    subprocess.run((*named, "commit", "-qam", "two"), cwd=shop, check=True)
    done = servanda("--live", "main")
    assert done.returncode == 2, done.stdout + done.stderr
    assert "the old versions alone do not hold: the consumer ledger (main) has a group 'book'" in done.stderr


def test_the_gate_has_a_stage_for_it(shop: Path, servanda: Servanda) -> None:
    (shop / "servanda.toml").write_text(
        (shop / "servanda.toml").read_text().replace("[versions]", '[versions]\nlive = ["v1"]')
    )
    change(shop, "stock.py", "json.dumps(dict(row))", "'v2' + json.dumps(dict(row))")
    change(shop, "stock.py", "json.loads(found)", "json.loads(found.removeprefix('v2'))")
    done = servanda("gate", "--only", "versions")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "versions broken after" in done.stderr
    assert "step 2 (rolling: stock" in done.stdout


def test_a_value_that_only_the_new_version_knows_is_found_after_the_rollback(shop: Path, servanda: Servanda) -> None:
    change(shop, "stock.py", '"open": "open for sale",', '"open": "open for sale", "kept": "open for sale",')
    change(shop, "stock.py", "%s, %s, %s, 'open')", "%s, %s, %s, 'kept')")
    done = servanda("--live", "v1", "--save", "plan.json", "--dry-run")
    assert done.returncode == 0
    done = servanda("--plan", "plan.json", "--only", "6")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "step 6 (rolled back;" in done.stdout
    assert "is answered differently since the step before: status" in done.stdout


def test_what_an_old_instance_makes_of_a_migration_is_found_before_a_new_one_starts(
    shop: Path, servanda: Servanda
) -> None:
    last = 'item text NOT NULL)",\n'
    added, required = (
        "ALTER TABLE items ADD shelf text DEFAULT 'a' NOT NULL",
        "ALTER TABLE items ALTER shelf DROP DEFAULT",
    )
    change(shop, "stock.py", last, f'{last}    "{added}",\n    "{required}",\n')
    change(shop, "stock.py", ", status)", ", status, shelf)")
    change(shop, "stock.py", "%s, 'open')", "%s, 'open', 'a')")
    done = servanda("--live", "v1")
    assert done.returncode == 1, done.stdout + done.stderr
    assert (
        "step 2 (rolling: stock; stock v1 alone on the new schema, ledger v1, edge v1): the journeys for v1"
        in done.stdout
    )


def test_what_an_old_service_makes_of_new_ones_is_found_before_it_is_exchanged(shop: Path, servanda: Servanda) -> None:
    # As long as there is an old instance of the stock, the edge finds that one.
    change(shop, "process.py", "px=1500", "px=1")
    done = servanda("--live", "v1")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "step 3 (rolling: ledger; stock working-tree, ledger v1 alone, edge v1): GET /items" in done.stdout


def test_an_event_that_one_call_of_a_journey_causes_is_found_beside_the_old_version(
    shop: Path, servanda: Servanda
) -> None:
    change(shop, "stock.py", 'tell(item, "taken", by)', 'tell(item, "taken" if row["count"] else "sold_out", by)')
    change(shop, "ledger.py", '"taken": -1}', '"taken": -1, "sold_out": -1}')
    done = servanda("--live", "v1")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "step 2 (rolling: stock; stock v1 and working-tree, ledger v1, edge v1): the journeys" in done.stdout


def test_a_break_is_shrunk_to_the_services_that_show_it(shop: Path, servanda: Servanda) -> None:
    last = "by integer NOT NULL)"
    change(shop, "ledger.py", last, f'{last}", "ALTER TABLE movements RENAME by TO amount')
    change(shop, "ledger.py", "(place, item, by)", "(place, item, amount)")
    change(shop, "ledger.py", "SELECT by FROM", "SELECT amount AS by FROM")
    assert servanda("--live", "v1", "--save", "plan.json", "--dry-run").returncode == 0
    done = servanda("--plan", "plan.json", "--only", "3", "--shrink")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "steps 1 (all old), 3 (rolling: ledger) with ledger exchanged" in done.stdout
    assert "repeat it: servanda versions --plan .servanda/versions/shrunk.json" in done.stdout
    again = servanda("--plan", ".servanda/versions/shrunk.json", "--dry-run")
    assert [line.split(maxsplit=1) for line in again.stdout.splitlines()[3:]] == [
        ["1", "all old                  every service old"],
        ["3", "rolling: ledger          stock old, ledger old and new, edge old"],
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--live", "no-such-tag"), "no such version"),
        (("--plan", "nowhere.json"), "cannot be read"),
        (("--live", "v1", "--live", "v1"), "two versions are called 'v1'"),
        ((), "no version is live"),
    ],
)
def test_what_cannot_be_run_is_told_and_leaves_nothing(
    servanda: Servanda, arguments: tuple[str, ...], said: str
) -> None:
    done = servanda(*arguments)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


def test_a_plan_of_another_commit_is_refused(shop: Path, servanda: Servanda) -> None:
    assert servanda("--live", "v1", "--save", "plan.json", "--dry-run").returncode == 0
    named = ("git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")
    subprocess.run((*named, "commit", "-qm", "two", "--allow-empty"), cwd=shop, check=True)
    done = servanda("--plan", "plan.json")
    assert done.returncode == 2
    assert "the plan was made at commit" in done.stderr
