"""All elements of an OpenAPI document that a consumer can use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

from servanda.errors import InterfaceError
from servanda.interfaces.inputs.git import merge_base
from servanda.interfaces.openapi.document import Document, followed
from servanda.interfaces.openapi.inputs import open_base, open_document
from servanda.interfaces.openapi.usage.operations import Operations
from servanda.interfaces.openapi.usage.proven import usage_of
from servanda.interfaces.openapi.usage.reach import Reach
from servanda.interfaces.usage.inventory import Inventory, Listed
from servanda.interfaces.usage.sources import Sources
from servanda.interfaces.usage.use import Usage

# What a table of elements shows: the others, such as media types and the schemas around them, go with these.
_SHOWN: Final = re.compile(
    r"/paths/[^/]+/(?:get|put|post|delete|options|head|patch|trace|query)"
    r"|.*/parameters/(?:path|query|header|cookie)/[^/]+|.*/properties/[^/]+|.*/headers/[^/]+"
)
_OPERATION: Final = re.compile(r"/paths/(?P<path>[^/]+)/(?P<method>[a-z]+)")


def inventories(sources: Sources, documents: Iterable[Path]) -> Iterator[Inventory]:
    """Yield documents, with what contracts and usage logs prove of their use.

    Args:
        sources: The contracts and usage logs.
        documents: Where the documents lie.

    Raises:
        InterfaceError: A document cannot be read.
    """
    configuration = sources.configuration
    for path in documents:
        shown = (
            path.relative_to(configuration.root).as_posix() if path.is_relative_to(configuration.root) else str(path)
        )
        current = open_document(str(path), configuration.root)
        with followed(current):
            elements = _elements(current, shown)
        yield Inventory(shown, elements, partial(_usage, sources, path, current))
        before = _before(shown, configuration.root)
        if before is not None:
            yield _former(sources, path, shown, before, frozenset(each.name for each in elements))


def _former(sources: Sources, path: Path, shown: str, before: Document, left: frozenset[str]) -> Inventory:
    with followed(before):
        gone = tuple(each for each in _elements(before, shown) if each.name not in left)
    return Inventory(shown, (), partial(_usage, sources, path, before), former=gone)


def _usage(sources: Sources, path: Path, document: Document) -> Usage:
    with followed(document):
        return usage_of(sources, path, document, document)


def _before(shown: str, root: Path) -> Document | None:
    """Return the document as it was where the branch began; ``None`` if there was none, or nobody can tell."""
    try:
        base = merge_base(root)
        return open_base(base, shown, root) if base is not None else None
    except InterfaceError:
        return None


def _elements(document: Document, shown: str) -> tuple[Listed, ...]:
    reach = Reach()
    operations = Operations(document, document)
    for operation in operations.described():
        reach.call(operation)
    for path in operations.webhooks():
        reach.pushed(path)
    names = sorted({element for element, _ in reach.found if _SHOWN.fullmatch(element.partition("#")[2])})
    return tuple(_listed(name, shown) for name in names)


def _listed(name: str, shown: str) -> Listed:
    label = f"{shown}{name}" if name.startswith("#") else name
    found = _OPERATION.fullmatch(name.removeprefix("#"))
    if found is None:
        return Listed(name, label, shown)
    path = found["path"].replace("~1", "/").replace("~0", "~")
    return Listed(name, label, shown, alias=f"{found['method'].upper()} {path}")
