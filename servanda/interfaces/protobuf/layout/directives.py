"""Comments of ``buf.yaml`` that speak of rules beyond buf: buf refuses a document that names them anywhere else.

``# servanda:except HTTP_SAME_PATH BEHAVIOR`` switches rules and categories off, and
``# servanda:ignore_only VALIDATION legacy`` does so for files and folders, as ``except`` and ``ignore_only`` do for the
rules of buf. They hold for all modules of the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from servanda.documents import Table
from servanda.documents.text import DocumentText
from servanda.interfaces.protobuf.rules.table import BEYOND_BUF

_COMMENT: Final = re.compile(r"^[^\n\"'#]*#[ \t]*servanda:(?P<verb>\S*)(?P<rest>[^\n]*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Directives:
    """Rules beyond buf that the comments of a document name.

    Attributes:
        excepted: Identifiers of the rules that are off.
        ignored: By rule, the paths for which it is off, as they are written.
    """

    excepted: frozenset[str] = frozenset()
    ignored: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))


NO_DIRECTIVES: Final = Directives()
"""What a document without such comments says."""


def beyond_buf(name: str) -> tuple[str, ...]:
    """Return the rules beyond buf that a rule's or a category's name means; none if it means none."""
    return tuple(rule.id for rule in BEYOND_BUF if name == rule.id or name in rule.categories)


def read_directives(document: Table) -> Directives:
    """Return what the comments of a document say.

    Raises:
        InterfaceError: One says something that cannot be meant; the error names its place.
    """
    source = document.value.document.source
    excepted: set[str] = set()
    ignored: dict[str, tuple[str, ...]] = {}
    for found in _COMMENT.finditer(source.text):
        words = found["rest"].split()
        match found["verb"], words:
            case "except", [_, *_]:
                excepted.update(_rules(words, source, found))
            case "ignore_only", [name, _, *_]:
                for rule in _rules([name], source, found):
                    ignored[rule] = (*ignored.get(rule, ()), *words[1:])
            case _:
                raise source.fault(
                    "expected 'servanda:except RULE...' or 'servanda:ignore_only RULE PATH...'", found.start("verb")
                )
    return Directives(frozenset(excepted), MappingProxyType(ignored))


def _rules(names: list[str], source: DocumentText, found: re.Match[str]) -> Iterator[str]:
    for name in names:
        rules = beyond_buf(name)
        if not rules:
            raise source.fault(
                f"'{name}' is no rule and no category beyond buf",
                found.start("rest"),
                "'servanda explain' lists the rules; those of buf belong into the list itself",
            )
        yield from rules
