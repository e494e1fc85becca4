"""The formats of a verdict: those of the suite and the installed ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from servanda import extensions
from servanda.extensions import ExtensionPoint
from servanda.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Format:
    """One way of writing a verdict.

    Attributes:
        name: What ``--format`` takes.
        file: Name of the file in the folder of ``--report``; no two formats have the same.
        render: Writes the verdict; the same verdict always gives the same text.
        mark: Regular expression that every text of it matches somewhere, and hardly any other file; ``None`` if no
            text can be told from another file.
    """

    name: str
    file: str
    render: Callable[[Verdict], str]
    mark: str | None = None


class Formats(Mapping[str, Format]):
    """Formats by name, imported when they are asked for: of all formats a run mostly needs one.

    Args:
        point: What the suite has and what is installed. An installed format that cannot be used raises an
            :class:`servanda.errors.ExtensionError`, whatever is done with it.
    """

    def __init__(self, point: ExtensionPoint) -> None:
        self._point = point

    def __getitem__(self, name: str) -> Format:
        if not self._point.has(name):
            raise KeyError(name)
        found = self._point.load(name)
        return found if isinstance(found, Format) else self._checked(name, found)

    def __iter__(self) -> Iterator[str]:
        return iter(self._point.names())

    def __len__(self) -> int:
        return len(self._point.names())

    def by_file(self) -> dict[str, Format]:
        """Return every format by the name of its file.

        Raises:
            ExtensionError: An installed format cannot be used, or has the file of another one.
        """
        found: dict[str, Format] = {}
        for name, row in self.items():
            if (other := found.setdefault(row.file, row)) is not row:
                raise self._point.broken(name, f"writes the file {row.file}, as the format '{other.name}' does")
        return found

    def _checked(self, name: str, found: object) -> Format:
        file, render = getattr(found, "file", None), getattr(found, "render", None)
        if not isinstance(file, str) or file in ("", ".", "..") or PurePath(file).name != file:
            raise self._point.broken(name, f"has the file {file!r}, expected a name without folders")
        if not callable(render):
            raise self._point.broken(name, "has no method 'render'")

        def rendered(verdict: Verdict) -> str:
            try:
                text = render(verdict)
            except Exception as error:
                what = f"cannot write this verdict: {type(error).__name__}: {error}"
                raise self._point.broken(name, what) from error
            if not isinstance(text, str):
                raise self._point.broken(name, f"wrote a {type(text).__name__}, expected text")
            return text

        return Format(name, file, rendered)


FORMATS = Formats(extensions.FORMATS)
"""Every format by its name."""
