"""The public names as a type checker of a user's own tests sees them."""

from pathlib import Path

import pytest

mypy = pytest.importorskip("mypy.api", reason="mypy is in the dependency group 'types'")
ROOT = Path(__file__).parents[2]


def test_tests_and_scripts_of_users_are_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    said, failed, code = mypy.run(["--strict", "tests/typing"])
    assert code == 0, said + failed


def test_mistakes_are_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(ROOT)
    script = tmp_path / "script.py"
    script.write_text("from servanda import Transport, no_such_name\nTransport.HTPP\n", encoding="utf-8")
    said, _, code = mypy.run(["--strict", str(script)])
    assert code == 1
    assert 'no attribute "no_such_name"' in said
    assert 'no attribute "HTPP"' in said
