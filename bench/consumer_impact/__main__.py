"""``python -m bench.consumer_impact``: write a data set, answer it with Servanda, score answers of any tool."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import click

from bench.consumer_impact import dataset, servanda_answers
from bench.consumer_impact.generated import running as generated
from bench.consumer_impact.scenario import running, scoring
from bench.consumer_impact.scenario import scenario as scenarios
from bench.consumer_impact.scoring import BROKEN, UNAFFECTED, Judgement, judgements, score

_HERE = Path(__file__).parent
_SCENARIO = click.option("--of", "name", type=click.Choice(["library", "bakery"]), default="library", show_default=True)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_ROWS: tuple[tuple[str, Callable[[Judgement], bool], Callable[[str], bool]], ...] = (
    ("complete evidence, 'broken' is the alarm", lambda each: each.complete, lambda answer: answer == BROKEN),
    ("all consumers, 'broken' is the alarm", lambda _: True, lambda answer: answer == BROKEN),
    ("all consumers, all but 'unaffected' is the alarm", lambda _: True, lambda answer: answer != UNAFFECTED),
)


@click.group()
def main() -> None:
    """Tell which consumers a change of an interface breaks."""


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--cases", default=340, show_default=True)
@click.option("--seed", default=1, show_default=True)
def generate(folder: Path, cases: int, seed: int) -> None:
    """Write a data set into FOLDER."""
    dataset.write(folder, cases, seed)
    click.echo(f"{cases} cases of seed {seed} in {folder}")


@main.command()
@click.argument("folder", type=_FOLDER)
@click.argument("answers", type=click.Path(path_type=Path))
def answer(folder: Path, answers: Path) -> None:
    """Answer a data set with Servanda."""
    with tempfile.TemporaryDirectory() as cache:
        answers.write_text(servanda_answers.answer(folder, Path(cache)), encoding="utf-8")


@main.command("score")
@click.argument("folder", type=_FOLDER)
@click.argument("answers", type=click.Path(exists=True, path_type=Path))
@click.option("--mistakes", is_flag=True, help="Name every wrong alarm and every missed break.")
def score_(folder: Path, answers: Path, *, mistakes: bool) -> None:
    """Score the answers of any tool to a data set."""
    judged = judgements(folder, answers)
    click.echo(f"{'answers that count':<52}{'n':>6}{'breaks':>8}{'precision':>11}{'recall':>8}")
    for name, counts, alarm in _ROWS:
        chosen = [each for each in judged if counts(each)]
        found, breaks = score(chosen, alarm), sum(each.broken for each in chosen)
        click.echo(f"{name:<52}{len(chosen):>6}{breaks:>8}{found.precision:>11.4f}{found.recall:>8.4f}")
    kinds: dict[str, list[Judgement]] = defaultdict(list)
    for each in judged:
        if each.complete:
            kinds[each.kind].append(each)
    click.echo("\nby kind of change, complete evidence, 'broken' is the alarm")
    for kind, chosen in sorted(kinds.items()):
        found = score(chosen, lambda answer: answer == BROKEN)
        size = f"{len(chosen):>6}{sum(each.broken for each in chosen):>8}"
        click.echo(f"{kind:<52}{size}{found.precision:>11.4f}{found.recall:>8.4f}")
    for each in judged if mistakes else ():
        if each.complete and each.broken != (each.answer == BROKEN):
            click.echo(f"{each.case} {each.kind} {each.consumer}: answered {each.answer}; {each.because or 'holds'}")


@main.command()
@click.option("--cases", default=340, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--mistakes", is_flag=True, help="Name every wrong alarm and every missed break.")
@click.pass_context
def run(context: click.Context, cases: int, seed: int, *, mistakes: bool) -> None:
    """Run all three, in a folder that is thrown away."""
    with tempfile.TemporaryDirectory() as scratch:
        folder, answers = Path(scratch, "cases"), Path(scratch, "answers.jsonl")
        context.invoke(generate, folder=folder, cases=cases, seed=seed)
        context.invoke(answer, folder=folder, answers=answers)
        context.invoke(score_, folder=folder, answers=answers, mistakes=mistakes)


@main.command()
@click.option("--only", default="", help="Edits whose kind or name contains this.")
@click.option("--replay", is_flag=True, help="Hold the truth against a replay of the recorded interactions instead.")
@_SCENARIO
def scenario(only: str, name: str, *, replay: bool) -> None:
    """Ask Servanda about edits of a scenario whose truth is written down, and print every mistake."""
    found = scenarios.load(_HERE / name)
    edits = [edit for edit in found.edits if only in f"{edit.kind}: {edit.name}"]
    if replay:
        for line in running.contradictions(found, edits):
            click.echo(line)
        return
    answered = list(running.answers(found, edits))
    judged = list(running.pairs(found, answered))
    for line in (*scoring.table(judged), "", *scoring.mistakes(judged), *running.misjudged(answered)):
        click.echo(line)


@main.command()
@click.option("--edits", default=400, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--only", default="", help="Edits whose kind or name contains this.")
@_SCENARIO
def elements(edits: int, seed: int, only: str, name: str) -> None:
    """Ask Servanda about edits of each element of a scenario; a replay of the interactions tells who breaks."""
    found = scenarios.load(_HERE / name, with_reads=False)
    judged = list(generated.pairs(found, edits, seed, only))
    for line in (*scoring.table(judged), "", *scoring.mistakes(judged)):
        click.echo(line)


if __name__ == "__main__":
    main()
