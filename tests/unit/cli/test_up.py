"""The platform that is run, as far as it can be told before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from servanda.cli import main


@pytest.mark.parametrize("words", [("up",), ("up", "--only", "library")])
def test_without_a_service_there_is_nothing_to_run(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "servanda.toml").touch()
    monkeypatch.chdir(tmp_path)

    ran = CliRunner().invoke(main, words)

    assert ran.stderr.splitlines() == [
        "error: no service is configured",
        "hint: add a table [services.NAME] with the 'command' that starts it",
    ]
    assert ran.exit_code == 2


@pytest.mark.parametrize("wrong", ["shop", "shop=", "=2", "shop=0", "shop=51", "shop=-1", "shop=two"])
def test_a_number_of_instances_that_cannot_be_is_refused(wrong: str) -> None:
    ran = CliRunner().invoke(main, ["up", "--scale", wrong])

    assert f"'{wrong}' is not a service and a number up to 50: identity=2" in " ".join(ran.stderr.split())
    assert ran.exit_code == 2


def test_a_service_that_is_not_there_cannot_be_scaled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "servanda.toml").write_text('[services.shop]\ncommand = ["shop"]\n')
    monkeypatch.chdir(tmp_path)

    ran = CliRunner().invoke(main, ["up", "--scale", "shp=2"])

    assert ran.stderr.splitlines() == [
        "error: service 'shp' is not configured",
        "hint: did you mean 'shop'? configured services: shop",
    ]
    assert ran.exit_code == 2
