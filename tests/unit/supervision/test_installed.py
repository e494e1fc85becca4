"""Processes of a wheel."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from servanda.errors import ConfigurationError
from servanda.supervision import Instance, Source
from servanda.supervision.installed import require_own_code, with_own_code


@pytest.fixture
def wheel(tmp_path: Path) -> Instance:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "shop").touch()
    return Instance("shop", "shop-1.4.0", Source(tmp_path, python=f"{tmp_path}/bin/python", installed=str(tmp_path)))


def test_a_wheel_runs_its_python_and_its_scripts(wheel: Instance) -> None:
    for command in ((wheel.source.python, "-m", "shop"), ("shop",), ()):
        require_own_code(wheel, command, "services.shop.command")


@pytest.mark.parametrize("program", ["uv", sys.executable, "./shop", "other"])
def test_a_program_that_a_wheel_did_not_bring_is_refused(wheel: Instance, program: str) -> None:
    with pytest.raises(
        ConfigurationError, match=r"'shop-1\.4\.0' is a wheel, and '.*' is no program that was installed"
    ):
        require_own_code(wheel, (program,), "services.shop.command")


def test_a_version_that_is_no_wheel_runs_any_program(tmp_path: Path) -> None:
    folder = Instance("shop", "old", Source(tmp_path))
    environment = {"PYTHONPATH": "src"}
    require_own_code(folder, ("uv",), "services.shop.command")
    assert with_own_code(folder, environment) is environment


def test_the_environment_of_a_wheel_leads_to_no_other_code(wheel: Instance) -> None:
    given = {"PYTHONPATH": "src", "PYTHONHOME": "/", "PATH": "/bin", "VIRTUAL_ENV": ".venv", "KEY": "value"}
    env = wheel.source.installed
    assert with_own_code(wheel, given) == {"PATH": f"{env}/bin:/bin", "VIRTUAL_ENV": env, "KEY": "value"}
