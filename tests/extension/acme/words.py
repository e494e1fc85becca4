"""A kind of interface: files of words, one a line, which consumers may say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from servanda.configuration import Configuration
from servanda.errors import InterfaceError
from servanda.interfaces.effect import BREAKS_USERS
from servanda.interfaces.kind import Context, Kind, Meaning, Wanted, meaning_of
from servanda.interfaces.rule import Found, Objection, Remedy, Rule
from servanda.interfaces.transition import GONE, Direction, transition
from servanda.interfaces.trees import Tree
from servanda.interfaces.usage.sources import Sources
from servanda.interfaces.usage.use import Usage, Use
from servanda.verdict import Bump, Span


@dataclass(frozen=True, slots=True)
class Both:
    """The words of both states."""

    path: str
    previous: tuple[str, ...]
    current: tuple[str, ...]


def _deleted(both: Both) -> Iterator[Objection]:
    for word in both.previous:
        if word not in both.current:
            yield Objection(both.path, None, word, f"the word '{word}' was deleted", both.path)


RULES = (
    Rule(
        id="WORD_NO_DELETE",
        purpose="Checks that no word is deleted.",
        why="whoever says it is not understood any more",
        categories=("WORDS",),
        subject="words",
        handler=_deleted,
        breaks=GONE,
        effect=BREAKS_USERS,
        remedy=Remedy("add another word", "let everybody say that instead of '$name'", "delete '$name'"),
    ),
)


class OpenedWords:
    """A file of words, open in both states."""

    def __init__(self, wanted: Wanted, both: Both) -> None:
        self.input = wanted.input
        self.base = wanted.against or ""
        self._both = both

    @property
    def growth(self) -> Bump:
        return Bump.MINOR if set(self._both.current) - set(self._both.previous) else Bump.NONE

    def findings(self) -> tuple[Found, ...]:
        written = transition(GONE, Direction.WRITTEN)
        return tuple(
            Found(rule, rule.finding(each, Span(each.path), {"name": each.element, "element": each.element}, written))
            for rule in RULES
            for each in rule.handler(self._both)
        )

    def usage(self, sources: Sources) -> Usage:
        del sources
        return Usage()

    def change(self, usage: Usage) -> WordsChange:
        del usage
        return WordsChange()


class WordsChange:
    """The change of a file of words, as consumers meet it."""

    def names(self, element: str, *, was: bool = False) -> frozenset[str]:
        return frozenset({element})

    def around(self, element: str) -> frozenset[str]:
        del element
        return frozenset()

    def choice(self, element: str) -> frozenset[str]:
        return frozenset({element})

    def within(self, name: str) -> frozenset[str]:
        del name
        return frozenset()

    def is_unobservable(self, element: str) -> bool:
        del element
        return False

    def tried(self, found: Found, uses: Sequence[Use]) -> Sequence[Use]:
        del found
        return uses

    def was_tried(self, use: Use) -> bool:
        return False

    def leaves_out(self, use: Use, found: Found) -> bool | None:
        return None

    def refuses_absence(self, found: Found) -> bool:
        return False

    def meaning(self, use: Use, found: Found) -> Meaning:
        return meaning_of(use, found.rule.effect)


class Words:
    """Files of words as a kind."""

    name = "words"

    @property
    def rules(self) -> tuple[Rule, ...]:
        return RULES

    def claims(self, text: str, cwd: Path) -> bool:
        del cwd
        return text.endswith(".words")

    def configured(self, configuration: Configuration) -> tuple[Path, ...]:
        del configuration
        return ()

    def owned(self, configuration: Configuration) -> Mapping[str, Path]:
        del configuration
        return {}

    def is_held(self, tree: Tree, path: str) -> bool:
        del tree
        return path.endswith(".words")

    def is_measured_by_images(self, against: str | None, context: Context) -> bool:
        del against, context
        return False

    def open(self, wanted: Wanted, context: Context) -> OpenedWords:
        current = _read(context.cwd / wanted.input)
        previous = _read(context.cwd / wanted.against) if wanted.against else current
        return OpenedWords(wanted, Both(wanted.input, previous, current))

    def is_whole(self, examined: Iterable[Path], configuration: Configuration | None) -> bool:
        del examined, configuration
        return False


def _read(path: Path) -> tuple[str, ...]:
    try:
        return tuple(path.read_text().split())
    except OSError as error:
        raise InterfaceError(f"cannot be read: {error.strerror}", where=str(path)) from error


def _complete() -> Kind:
    # For the type checker: whoever adds to the protocol learns here that others have to follow.
    return Words()
