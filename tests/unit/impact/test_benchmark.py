"""Against consumers that really talk to the changed provider: one case for each kind of edit."""

from pathlib import Path

import pytest

from bench.consumer_impact import dataset, servanda_answers
from bench.consumer_impact.edits import EDITS
from bench.consumer_impact.scoring import Judgement, judgements

SEED = 4


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> list[Judgement]:
    folder = tmp_path_factory.mktemp("benchmark")
    dataset.write(folder / "cases", len(EDITS), SEED)
    answers = folder / "answers.jsonl"
    answers.write_text(servanda_answers.answer(folder / "cases", folder / "cache"), encoding="utf-8")
    return judgements(folder / "cases", answers)


def told(judgement: Judgement) -> str:
    because = judgement.because or "it holds"
    return f"{judgement.case} {judgement.kind} {judgement.consumer}: {judgement.answer}, but {because}"


def test_there_are_consumers_that_break_and_others(judged: list[Judgement]) -> None:
    assert 0 < sum(each.broken for each in judged) < len(judged)


def test_nobody_who_breaks_is_called_unaffected(judged: list[Judgement]) -> None:
    assert [told(each) for each in judged if each.broken and each.answer == "unaffected"] == []


def test_everybody_who_breaks_is_told_so_if_the_evidence_is_complete(judged: list[Judgement]) -> None:
    complete = [each for each in judged if each.complete]

    assert [told(each) for each in complete if each.broken and each.answer != "broken"] == []


def test_nobody_else_is_told_so(judged: list[Judgement]) -> None:
    assert [told(each) for each in judged if not each.broken and each.answer == "broken"] == []


def test_the_same_seed_gives_the_same_cases(tmp_path: Path) -> None:
    for name in ("one", "two"):
        dataset.write(tmp_path / name, 1, SEED)

    one, two = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.*")}
        for name in ("one", "two")
    )
    assert one == two
