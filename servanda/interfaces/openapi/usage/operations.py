"""Operation of a document that an HTTP request calls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import unquote, urlsplit

from servanda.interfaces.openapi.document import Document, escaped
from servanda.interfaces.openapi.operations import METHODS, shape
from servanda.interfaces.openapi.usage.both import Both
from servanda.patterns import TEMPLATES, Expression

_VARIABLE: Final = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Operation:
    """One method of one path, in both states; the path was there before.

    Attributes:
        template: The path as it was, with its variables in braces.
        path: What holds for the whole path.
        own: The operation itself.
    """

    template: str
    path: Both
    own: Both

    @property
    def places(self) -> tuple[str, ...]:
        """Return the places of the path in findings: where it is written."""
        return (f"#/paths/{escaped(self.template)}", *self.path.places)

    @property
    def rank(self) -> tuple[int, int, str]:
        """Return the rank among several that fit: the one with the fewest variables is meant, as OpenAPI demands."""
        return self.template.count("{"), -len(self.template), self.template

    def match(self, path: str) -> Call | None:
        """Return the call that a request with this path is; ``None`` if it means something else."""
        found = self._pattern.fullmatch(path)
        if found is None:
            return None
        names = _VARIABLE.findall(self.template)
        return Call(self, found[1], dict(zip(names, map(unquote, found.groups()[1:]), strict=True)))

    @cached_property
    def _pattern(self) -> Expression:
        """Return what stands before the path, then the path; made once, since a contract may have many requests."""
        bases = sorted({base_path(url) for _, url in self.servers()} | {""}, key=len, reverse=True)
        before = "|".join(_pattern(base, "[^/]+") for base in bases)
        return Expression(f"({before}){_pattern(self.template)}", TEMPLATES)

    def servers(self, *, now: bool = False) -> tuple[tuple[str, str], ...]:
        """Element and URL of each server that serves it: its own ones, else those of its path, else the document's."""
        own, path = (each.after if now else each.before for each in (self.own, self.path))
        if own is None or path is None:
            return ()
        for holder in (own, path, own.document.entry.root):
            servers = holder.get("servers")
            if servers is not None:
                urls = [str(server.object().get("url", "/")) for server in servers.items()]
                return tuple((f"{holder.shown.removesuffix('/')}/servers/{escaped(url)}", url) for url in urls)
        return ()


@dataclass(frozen=True, slots=True)
class Call:
    """A request that means an operation.

    Attributes:
        base: What stands in the request's path before that of the operation: the path of a server's URL, or nothing.
        variables: What the variables of the path stand for.
    """

    operation: Operation
    base: str
    variables: dict[str, str]


class Operations:
    """All operations that a document had."""

    def __init__(self, previous: Document, current: Document) -> None:
        self._roots = Both(previous.root, current.root)

    def called(self, method: str, path: str) -> Call | None:
        """Return what a request means; ``None`` if the document does not say.

        Contracts may have been recorded with or without the path of the server's URL; with it counts first.
        """
        if method.lower() not in METHODS:
            return None
        matched = (operation.match(path) for operation in self._by_method.get(method.lower(), ()))
        found = [call for call in matched if call is not None]
        return next((call for call in found if call.base), found[0] if found else None)

    def webhooks(self) -> Iterator[Both]:
        """Yield what the provider calls of its own accord."""
        webhooks = self._roots.get("webhooks")
        yield from (webhooks.get(name) for name in webhooks.names())

    @cached_property
    def _by_method(self) -> dict[str, list[Operation]]:
        paths = self._roots.get("paths")
        grouped: dict[str, list[Operation]] = {}
        left = {shape(path): node for path, node in paths.after.members()} if paths.after else {}
        for template, node in paths.before.members() if paths.before else ():
            item = Both(node, left.get(shape(template)))
            for method in METHODS:
                own = item.get(method)
                if own:
                    grouped.setdefault(method, []).append(Operation(template, item, own))
        return {method: sorted(found, key=lambda each: each.rank) for method, found in grouped.items()}


def base_path(url: str) -> str:
    """Return the path of a server's URL, which may be relative and may hold variables."""
    try:
        return urlsplit(url).path.rstrip("/")
    except ValueError:
        return ""  # no URL: nobody can call it


def serves(url: str, base: str) -> bool:
    """Tell whether requests whose path begins in this way go to a server."""
    return Expression(_pattern(base_path(url), "[^/]+"), TEMPLATES).fullmatch(base) is not None


def _pattern(template: str, group: str = "([^/]+)") -> str:
    return group.join(map(re.escape, _VARIABLE.sub("\0", template).split("\0")))
