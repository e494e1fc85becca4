"""The pages of the manual by name: the wheel holds them beside this module, a checkout in ``docs``."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from pathlib import Path

_OWN = Path(__file__).parent
_FOLDERS = ("", "how-to", "reference")
_COMMENT = re.compile(r"^[ \t]*<!--.*?-->\n+", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]+)\]\((?P<target>[^)\s]+)\)")
_ADDRESS = re.compile(r"[a-z]+:")


@dataclass(frozen=True, slots=True)
class Page:
    """One page.

    Attributes:
        name: What ``servanda help`` takes; the name of its file without the ending.
        title: Its first heading.
        source: Its text in Markdown, as it is in the documentation.
    """

    name: str
    title: str
    source: str

    def text(self) -> str:
        """Return the text in Markdown for a terminal: no comments, and a command in place of a link to another page."""
        return _LINK.sub(self._told, _COMMENT.sub("", self.source))

    def _told(self, link: re.Match[str]) -> str:
        text, target = link["text"], link["target"]
        if _ADDRESS.match(target):
            return link[0]
        name = posixpath.basename(target.partition("#")[0]).removesuffix(".md")
        is_page = target.partition("#")[0].endswith(".md") and name != self.name and name in _names()
        return f"{text} (`servanda help {name}`)" if is_page else text


def pages() -> dict[str, Page]:
    """Read all pages, the tutorial first, then those that say how, then the reference."""
    return {path.stem: _read(path) for path in _files()}


def _names() -> set[str]:
    return {path.stem for path in _files()}


def _files() -> list[Path]:
    shipped = _OWN / "pages"
    root = shipped if shipped.is_dir() else _OWN.parents[1] / "docs"
    return [path for folder in _FOLDERS for path in sorted((root / folder).glob("*.md")) if path.stem != "index"]


def _read(path: Path) -> Page:
    source = path.read_text(encoding="utf-8")
    return Page(path.stem, source.partition("\n")[0].removeprefix("# "), source)
