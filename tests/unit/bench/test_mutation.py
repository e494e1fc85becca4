from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from bench.mutation.__main__ import EQUIVALENTS, TOP, equivalents, killed_share, sample
from bench.mutation.finding import mutants_in, mutants_of
from bench.mutation.mutant import Mutant
from bench.mutation.nearest import ELSEWHERE, nearest_tests
from bench.mutation.trial import Outcome, Trial


def after(code: str) -> list[str]:
    """Return what a module becomes by each change to it."""
    return [mutant.apply(code.encode()).decode() for mutant in mutants_of("m.py", code.encode())]


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        pytest.param("x = a < b", ["x = (a <= b)"], id="comparison"),
        pytest.param("x = a and b", ["x = (a or b)"], id="boolean operator"),
        pytest.param("x = not a", ["x = (a)"], id="negation"),
        pytest.param("x = 'ä' + b", ["x = ('ä' - b)", "x = '' + b"], id="characters of more bytes"),
        pytest.param("x = True", ["x = False"], id="constant"),
        pytest.param("f(a, b=c)", ["pass", "f(a)"], id="call"),
        pytest.param("x += 1", ["x -= 1", "x += 2"], id="progress"),
        pytest.param("if a:\n    b", ["if (not (a)):\n    b"], id="condition"),
        pytest.param("def f():\n    return a", ["def f():\n    return None"], id="answer"),
        pytest.param("def f():\n    raise E('text')", ["def f():\n    pass"], id="error, not its text"),
        pytest.param("'Docstring.'\nimport a\n__all__ = ['a']\nlog.info('x', y=1)", [], id="nothing that is tested"),
        pytest.param(
            "def f(x: 'A' = 1) -> 'B':\n    'Docstring.'",
            ["def f(x: 'A' = 2) -> 'B':\n    'Docstring.'"],
            id="annotations",
        ),
    ],
)
def test_each_change_is_one_step_away(code: str, changed: list[str]) -> None:
    assert after(code) == changed


def test_every_change_to_the_platform_kit_is_another_module_that_compiles() -> None:
    found = list(mutants_in(TOP, "platformkit/events"))
    assert len(found) > 100
    for mutant in found:
        source = (TOP / mutant.path).read_bytes()
        assert ast.dump(ast.parse(mutant.apply(source))) != ast.dump(ast.parse(source)), mutant.key


def test_the_nearest_tests_are_those_that_mirror_the_module(tmp_path: Path) -> None:
    (tmp_path / "tests/unit/pact/matching").mkdir(parents=True)
    (tmp_path / "tests/unit/pact/matching/test_xml.py").touch()
    nearest = nearest_tests(tmp_path, "servanda/pact/matching/xml.py", ("unit", "integration"))
    assert nearest == (("tests/unit/pact/matching/test_xml.py",), ("tests/unit/pact/matching",))
    assert nearest_tests(tmp_path, "servanda/pact/new/room.py") == (("tests/unit/pact",),)
    assert nearest_tests(tmp_path, "platformkit/new/room.py") == ()


def test_the_files_of_the_folders_around_come_last(tmp_path: Path) -> None:
    (tmp_path / "tests/unit/interfaces/protobuf/rules").mkdir(parents=True)
    for file in ("test_rule.py", "protobuf/test_check.py"):
        (tmp_path / "tests/unit/interfaces" / file).touch()
    assert nearest_tests(tmp_path, "servanda/interfaces/protobuf/rules/field.py") == (
        ("tests/unit/interfaces/protobuf/rules",),
        ("tests/unit/interfaces/protobuf/test_check.py", "tests/unit/interfaces/test_rule.py"),
    )


def test_a_room_whose_tests_stand_elsewhere_is_tested_there() -> None:
    for room, folder in ELSEWHERE.items():
        assert (TOP / "servanda" / room).is_dir()
        assert nearest_tests(TOP, f"servanda/{room}/new.py")[0] == (f"tests/unit/{folder}",)


def test_a_sample_takes_the_same_number_from_each_folder() -> None:
    folders = [
        list(mutants_of(f"{name}.py", b"x = [" + b"1, " * count + b"]")) for name, count in (("a", 90), ("b", 4))
    ]
    assert Counter(mutant.path for mutant in sample(folders, 6, seed=1)) == {"a.py": 3, "b.py": 3}
    assert Counter(mutant.path for mutant in sample(folders, 20, seed=1)) == {"a.py": 16, "b.py": 4}
    assert sample(folders, 20, seed=1) == sample(folders, 20, seed=1) != sample(folders, 20, seed=2)


def test_an_equivalent_counts_neither_way() -> None:
    outcomes = [Outcome.KILLED, Outcome.KILLED, Outcome.SURVIVED, Outcome.UNTESTED, Outcome.EQUIVALENT]
    mutant = Mutant("m.py", "", 1, 0, 1, "a", "b")
    assert killed_share(Trial(mutant, outcome) for outcome in outcomes) == 0.5


def test_every_equivalent_has_a_reason_and_can_still_be_made() -> None:
    for change in equivalents(EQUIVALENTS):
        path = change.partition("::")[0]
        assert change in {mutant.key for mutant in mutants_in(TOP, path)}
