"""Examples of a page of the documentation, in the order in which a reader meets them.

A page is a script. A block whose first line is a comment with a path is a file; ``(add)`` behind the path adds to it.
A block of commands is typed line by line. What differs is said in a comment of HTML before the block, which readers do
not see:

``<!-- file: PATH -->``
    The block is that file, in a language without comments.
``<!-- exit: CODE -->``
    The last command of the block ends with that code.
``<!-- needs: PROGRAM -->``
    The rest of the page needs a program that is not everywhere.
``<!-- tested: PATH -->``
    A test in that file covers the block, because it shows something of this repository.
``<!-- not run: REASON -->``
    The block cannot run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[3]
_BLOCK: Final = re.compile(
    r"(?:^[ \t]*<!-- (?P<mark>file|exit|needs|tested|not run): (?P<value>[^\n]*?) -->\n+)?"
    r"^(?P<indent>[ \t]*)```(?P<language>[^\n`]*)\n(?P<text>.*?)^[ \t]*```$",
    re.MULTILINE | re.DOTALL,
)
_PATH: Final = re.compile(r"(?:#|//) (?P<path>[\w./-]+\.\w+|Makefile)(?P<add> \(add\))?")
_SHELL: Final = frozenset({"console", "sh", "shell", "bash"})


@dataclass(frozen=True)
class Example:
    """One block of a page.

    Attributes:
        mark: What is said before the block: ``file``, ``exit``, ``needs``, ``tested``, ``not run``, or nothing.
        value: What follows the colon there.
    """

    page: str
    line: int
    language: str
    text: str
    mark: str
    value: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def is_session(self) -> bool:
        """Tell whether it shows commands."""
        return self.language in _SHELL or (not self.language and self.text.startswith("$ "))

    @property
    def is_picture(self) -> bool:
        """Tell whether it is neither code nor commands."""
        return self.language == "text" or self.language.startswith("{") or not (self.language or self.is_session)

    @property
    def file(self) -> tuple[str, bool] | None:
        """The file that it is, and whether it adds to that file."""
        if self.mark == "file":
            return self.value, False
        found = None if self.is_session else _PATH.fullmatch(self.text.partition("\n")[0])
        return (found["path"], bool(found["add"])) if found else None

    def commands(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield each command with what it prints; without a prompt every line is a command that shows nothing."""
        lines = self.text.splitlines()
        if not any(line.startswith("$ ") for line in lines):
            yield from ((line, ()) for line in lines if line and not line.startswith("#"))
            return
        starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            yield lines[start].removeprefix("$ "), tuple(line for line in lines[start + 1 : end] if line)


def examples(page: str) -> list[Example]:
    """Read the examples of a page, named by its path in the repository."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [
        Example(
            page,
            text.count("\n", 0, found.start("language")) + 1,
            found["language"].strip(),
            re.sub(rf"^{found['indent']}", "", found["text"], flags=re.MULTILINE),
            found["mark"] or "",
            found["value"] or "",
        )
        for found in _BLOCK.finditer(text)
    ]
