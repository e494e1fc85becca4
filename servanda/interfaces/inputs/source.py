"""A folder in a source tree."""

from __future__ import annotations

from dataclasses import dataclass

from servanda.interfaces.trees import Tree


@dataclass(frozen=True, slots=True)
class Source:
    """Source files that an input refers to.

    Attributes:
        folder: The folder, relative to the root of the tree.
        around: What belongs to the input: a file that is not where it is expected may be looked for in there.
        may_be_empty: Whether it is no error, of a base, that no proto file is there: the interfaces are new.
    """

    tree: Tree
    folder: str
    around: str = "."
    may_be_empty: bool = False
