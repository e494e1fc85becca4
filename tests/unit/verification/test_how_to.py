from __future__ import annotations

import re
from pathlib import Path

import pytest

from servanda.configuration import load

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "provider-states.md"


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(), re.DOTALL)


def test_the_configuration_of_the_page_can_be_loaded(tmp_path: Path) -> None:
    (tmp_path / "servanda.toml").write_text("\n".join(_blocks("toml")))
    services = load(tmp_path / "servanda.toml").services
    assert {name: service.states for name, service in services.items()} == {
        "library": ("library.contract_states:states",),
        "gateway": ("library.contract_states:states",),
    }


@pytest.mark.parametrize("code", _blocks("python"))
def test_the_code_of_the_page_compiles(code: str) -> None:
    compile(code, str(PAGE), "exec")
