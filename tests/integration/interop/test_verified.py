"""Contracts of other libraries, verified over HTTP as somebody would: requests, provider states and answers."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.interop.test_writers import FILES, version_of
from tests.integration.interop.things import case, things

OVER_HTTP = sorted(name for name, contract in FILES.items() if contract.interactions[0].transport == "http")
CONFIGURATION = """
[services.things]
command = ["things"]
ports = ["http"]
transports = {{ http = "http" }}
states_url = "{url}/states"
"""


@pytest.mark.parametrize("name", OVER_HTTP)
def test_a_provider_keeps_and_breaks_the_contracts_of_a_library(
    tmp_path: Path, servanda: Callable[..., subprocess.CompletedProcess[str]], name: str
) -> None:
    contract = FILES[name]
    names = {entry.description for entry in contract.interactions}
    breakable = {each for each in names if case(each, version_of(contract)).breaks}
    with things(version_of(contract)) as url:
        (tmp_path / "servanda.toml").write_text(CONFIGURATION.format(url=url))

        def outcomes(promise: str) -> dict[str, set[str]]:
            place = ["--pacts", contract.path, "--provider-url", f"{url}/{promise}/0"]
            done = servanda(tmp_path, "verify", "things", *place, "--format", "json")
            assert done.stdout, done.stderr
            found: dict[str, set[str]] = {}
            for result in json.loads(done.stdout)["results"]:
                found.setdefault(result["outcome"], set()).add(result["interaction"])
            return found

        assert outcomes("keeps") == {"held": names}
        assert outcomes("breaks").get("broken") == breakable
