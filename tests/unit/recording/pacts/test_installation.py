"""Where the Pact library finds the plugin."""

import json
import os
from pathlib import Path

import pytest

from servanda.recording.pacts.installation import install


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PACT_PLUGIN_DIR", "PACT_DO_NOT_TRACK"):
        monkeypatch.setenv(name, "")  # so that what is set ends with the test


def test_the_manifest_starts_the_plugin_with_this_interpreter(tmp_path: Path) -> None:
    install(tmp_path)

    manifest = json.loads((tmp_path / "protobuf-0.7.1" / "pact-plugin.json").read_text())
    assert (manifest["name"], manifest["pluginInterfaceVersion"]) == ("protobuf", 1)
    assert Path(manifest["entryPoint"]).is_absolute()
    assert manifest["args"] == ["-m", "servanda.recording.plugin"]


def test_the_library_looks_nowhere_else_and_reports_nothing(tmp_path: Path) -> None:
    install(tmp_path)

    assert os.environ["PACT_PLUGIN_DIR"] == str(tmp_path)
    assert os.environ["PACT_DO_NOT_TRACK"] == "true"
