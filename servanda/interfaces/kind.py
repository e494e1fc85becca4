"""A kind of interface: what a check needs to know to examine one, whatever it is written in."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from servanda.configuration import DEFAULT_LIMITS, Configuration, Limits
from servanda.interfaces.effect import Effect
from servanda.interfaces.rule import Found, Rule
from servanda.interfaces.trees import Tree
from servanda.interfaces.usage.use import Usage, Use
from servanda.verdict import Bump, Impact

if TYPE_CHECKING:  # it reads pacts, which not every check has
    from servanda.interfaces.usage.sources import Sources


@dataclass(frozen=True, slots=True)
class Context:
    """Everything that the check of an input depends on besides the input.

    Attributes:
        cwd: Folder that inputs are relative to, and from which paths are shown.
        cache: Folder of what is kept between runs.
        today: The day that dates in definitions are held against.
        configuration: What the repository says of itself, if it does.
        limits: The bounds within which inputs are read and compared.
        notice: Told in one sentence what a person should know and no finding says.
    """

    cwd: Path
    cache: Path
    today: dt.date
    configuration: Configuration | None = None
    limits: Limits = DEFAULT_LIMITS
    notice: Callable[[str], None] = lambda _: None

    def shown(self, path: Path) -> str:
        """Return a path from the working directory."""
        return Path(os.path.relpath(path, self.cwd)).as_posix()


@dataclass(frozen=True, slots=True)
class Wanted:
    """One input that is to be examined.

    Attributes:
        input: The input, as somebody wrote it.
        against: The state to compare it with; ``None`` leaves the choice to the kind.
        named: Whether somebody named the input, or it is configured: then it is a path and no syntax.
        before: Where it was in the state to compare with; empty if it was there, too.
    """

    input: str
    against: str | None = None
    named: bool = True
    before: str = ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """Meaning of a finding for one use.

    Attributes:
        source_only: Whether code that is generated from the definition has to be generated again, and nothing that is
            sent or read differs.
    """

    impact: Impact
    source_only: bool = False


class Change(Protocol):
    """The change of an interface, asked about one element at a time."""

    def names(self, element: str, *, was: bool = False) -> frozenset[str]:
        """Return the names under which consumers know an element.

        Args:
            element: Its name as a finding has it.
            was: Whether that is the name that it had, not the one that it has.
        """

    def around(self, element: str) -> frozenset[str]:
        """Return the names of what contains the element."""

    def choice(self, element: str) -> frozenset[str]:
        """Return the names of the choice that the element is an alternative of, and of its other alternatives."""

    def within(self, name: str) -> frozenset[str]:
        """Return the names of everything in a file or package."""

    def is_unobservable(self, element: str) -> bool:
        """Tell whether no test of a consumer can read or send the element."""

    def tried(self, found: Found, uses: Sequence[Use]) -> Sequence[Use]:
        """Return the uses that concern a finding, with what refuses their examples now."""

    def was_tried(self, use: Use) -> bool:
        """Tell whether a use is a request that was tried as a whole."""

    def leaves_out(self, use: Use, found: Found) -> bool | None:
        """Tell whether the recorded request of a use has nothing at the element; ``None`` if there is none."""

    def refuses_absence(self, found: Found) -> bool:
        """Tell whether a request is refused now, and was not, because it leaves out the element of a finding."""

    def meaning(self, use: Use, found: Found) -> Meaning:
        """Return what a finding means for a use, by the effect of its rule."""


class Opened(Protocol):
    """One input, open in both states.

    Attributes:
        input: The input, as somebody wrote it.
        base: What it is compared with, as somebody wrote it; empty if there is nothing yet.
        growth: What the change adds: nothing, an edit (patch), or something new (minor).
    """

    input: str
    base: str

    @property
    def growth(self) -> Bump:
        """Return what the change adds, breaks apart."""

    def findings(self) -> tuple[Found, ...]:
        """Find all that the rules object to, in the order of their places."""

    def usage(self, sources: Sources) -> Usage | None:
        """Read what contracts and usage logs prove of the use of this interface.

        Returns:
            ``None`` if its findings name those who are hit already; then nobody asks for its :meth:`change`.
        """

    def change(self, usage: Usage) -> Change:
        """Return the change, with the examples of consumers at hand."""


@runtime_checkable
class Kind(Protocol):
    """A kind of interface.

    Attributes:
        name: Name of the kind, in lower case.
        rules: Its table of rules.
    """

    name: str

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Return the table of rules."""

    def claims(self, text: str, cwd: Path) -> bool:
        """Tell whether an input is of this kind."""

    def configured(self, configuration: Configuration) -> tuple[Path, ...]:
        """Return the inputs that the repository is configured with."""

    def owned(self, configuration: Configuration) -> Mapping[str, Path]:
        """Return the same, there or not, by the name of whose each is."""

    def is_held(self, tree: Tree, path: str) -> bool:
        """Tell whether a tree holds an interface of this kind at a path."""

    def is_measured_by_images(self, against: str | None, context: Context) -> bool:
        """Tell whether configured inputs are compared with images, which hold everything wherever it lay."""

    def open(self, wanted: Wanted, context: Context) -> Opened:
        """Open an input and what it is compared with.

        Raises:
            InterfaceError: One of them cannot be read or compiled.
        """

    def is_whole(self, examined: Iterable[Path], configuration: Configuration | None) -> bool:
        """Tell whether these inputs are all that a finding of this kind could come from."""


def meaning_of(use: Use, effect: Effect) -> Meaning:
    """Return the meaning where the effect depends on nothing else."""
    return Meaning(effect.named if use.named else effect.numbered)
