"""Contracts over gRPC: those of the stock plugin read here, and those of here read by the stock plugin."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import json_format

from servanda.pact import load
from servanda.recording.pacts.installation import install
from servanda.transports.grpc.interaction import GrpcInteraction
from servanda.transports.grpc.matching import GrpcAnswer, match_answer
from servanda.verdict import Mismatch
from tests.integration.interop.calls import CALLS, Outcome, kinds
from tests.integration.interop.conftest import ROOT

RECORDED = Path(__file__).parent / "recorded" / "pact-protobuf-plugin" / "desk-kinds.json"
"""Written by the stock plugin 0.7.1. It ends while it configures 'parts'."""
PLUGINS = "SERVANDA_STOCK_PLUGINS"
"""A folder with the stock plugin, as ``PACT_PLUGIN_DIR`` has it; no package index has it."""
LOST_BY_THE_STOCK_PLUGIN = {"at-least-messages"}
"""It leaves the minimum out of the contract."""


def calls(path: Path) -> dict[str, GrpcInteraction]:
    return {entry.description: entry for entry in load(path).interactions if isinstance(entry, GrpcInteraction)}


def differences(interaction: GrpcInteraction, outcome: Outcome) -> tuple[Mismatch, ...]:
    message = json_format.ParseDict(dict(outcome.fields), interaction.output())
    metadata = {name: (value,) for name, value in outcome.metadata.items()}
    answer = GrpcAnswer(outcome.status, outcome.message, metadata, message.SerializeToString())
    return match_answer(interaction, answer)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same calls, recorded with the plugin of here."""
    folder = tmp_path_factory.mktemp("calls")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("PACT_PLUGIN_DIR", "PACT_DO_NOT_TRACK"):
            patch.setenv(name, "")  # so that what the installation sets ends with the block
        install(folder / "plugins")
        record(folder / "pacts", [])
    return folder / "pacts" / "desk-kinds.json"


def record(folder: Path, names: list[str], **environment: str) -> None:
    command = [sys.executable, "-m", "tests.integration.interop.calls", str(folder), *names]
    own = {**os.environ, "PACT_DO_NOT_TRACK": "true", **environment}
    done = subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", [name for name in CALLS if name != "parts"])
def test_a_contract_of_the_stock_plugin_is_read_and_matched(name: str) -> None:
    interaction = calls(RECORDED)[name]
    assert [differences(interaction, outcome) for outcome in CALLS[name].keeps] == [()] * len(CALLS[name].keeps)
    if name not in LOST_BY_THE_STOCK_PLUGIN:
        assert () not in [differences(interaction, outcome) for outcome in CALLS[name].breaks]


@pytest.mark.parametrize("name", CALLS)
def test_a_contract_of_here_is_read_and_matched(here: Path, name: str) -> None:
    interaction = calls(here)[name]
    assert [differences(interaction, outcome) for outcome in CALLS[name].keeps] == [()] * len(CALLS[name].keeps)
    assert () not in [differences(interaction, outcome) for outcome in CALLS[name].breaks]


def rules_of(path: Path) -> dict[str, Any]:
    """Contract of each answer, without its descriptors, which here are no more than is needed."""
    found = {}
    for entry in json.loads(path.read_text(encoding="utf-8"))["interactions"]:
        (response,) = entry["response"]
        response.pop("generators", None)
        expectations = entry["pluginConfiguration"]["protobuf"].get("expectations")
        found[entry["description"]] = (entry["request"], response, expectations, entry["transport"])
    return found


def test_the_documents_are_the_same_but_for_what_the_stock_plugin_writes_in_two_ways(here: Path) -> None:
    theirs, ours = rules_of(RECORDED), rules_of(here)
    assert {name for name in theirs if theirs[name] != ours[name]} == {
        "each-message",  # [*] where the stock plugin has .*
        "at-least-messages",  # the same, and the minimum
        "at-least-words",  # the minimum is about the list, not about each element
        "default-written",  # the default is in the expectations only, not in the bytes as well
    }


STOCK = """
import json, sys
from pact import Verifier

port, source = sys.argv[1:]
verifier = Verifier("kinds", host="127.0.0.1").add_transport(protocol="grpc", port=int(port)).add_source(source)
try:
    verifier.verify()
except RuntimeError:
    pass
results = verifier.results["interactionResults"]
print("\\nRESULTS" + json.dumps({each["description"]: each["result"] == "OK" for each in results}))
"""


@pytest.fixture
def stock_plugins() -> str:
    if PLUGINS not in os.environ:
        pytest.skip(f"the stock plugin is not there: {PLUGINS} names no folder with it")
    return os.environ[PLUGINS]


@pytest.mark.timeout(300)
def test_the_stock_plugin_accepts_all_that_is_recorded_of_a_provider_that_keeps_it(
    here: Path, stock_plugins: str
) -> None:
    types = calls(here)["type"]
    with kinds("keeps", 0, types.input, types.output) as port:
        done = subprocess.run(
            [sys.executable, "-c", STOCK, str(port), str(here)],
            env={**os.environ, "PACT_DO_NOT_TRACK": "true", "PACT_PLUGIN_DIR": stock_plugins},
            capture_output=True,
            text=True,
            check=False,
        )
    told = [line for line in done.stdout.splitlines() if line.startswith("RESULTS")]
    assert told, done.stdout + done.stderr
    assert json.loads(told[0].removeprefix("RESULTS")) == dict.fromkeys(CALLS, True)
