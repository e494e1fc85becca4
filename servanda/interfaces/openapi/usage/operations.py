"""Operation of a document that an HTTP request calls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import unquote, urlsplit

from servanda.interfaces.openapi.document import METHODS, Document, escaped
from servanda.interfaces.openapi.paths import Kept, kept
from servanda.interfaces.openapi.servers import Server, servers_of
from servanda.interfaces.openapi.usage.both import Both
from servanda.patterns import TEMPLATES, Expression

_VARIABLE: Final = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Operation:
    """One method of one path, in both states; the path was there before.

    Attributes:
        kept: The path in both states; its name has its variables in braces.
        own: The operation itself.
    """

    kept: Kept
    own: Both

    @property
    def template(self) -> str:
        """Return the path as it was."""
        return self.kept.name

    @property
    def path(self) -> Both:
        """Return what holds for the whole path."""
        return Both(self.kept.before, self.kept.after)

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
        return Call(self, path, found[1], dict(zip(names, map(unquote, found.groups()[1:]), strict=True)))

    @cached_property
    def _pattern(self) -> Expression:
        """Return what stands before the path, then the path; made once, since a contract may have many requests."""
        bases = sorted({base_path(server.url) for server in self.servers()} | {""}, key=len, reverse=True)
        before = "|".join(_pattern(base, "[^/]+") for base in bases)
        return Expression(f"({before}){_pattern(self.template)}", TEMPLATES)

    def servers(self, *, now: bool = False) -> tuple[Server, ...]:
        """Return each server that serves it: its own ones, else those of its path, else the document's."""
        own, path = (each.after if now else each.before for each in (self.own, self.path))
        if own is None or path is None:
            return ()
        return tuple(each for each in servers_of(own, path, own.document.entry.root) if not each.is_implied)

    def is_served(self, path: str) -> bool:
        """Tell whether a request with this path still means it; where no server is listed, nobody can say."""
        left = {base_path(server.url) for server in self.servers(now=True)}
        templates = (_pattern(base, "[^/]+") + _pattern(self.kept.now) for base in left)
        return not left or any(Expression(each, TEMPLATES).fullmatch(path) is not None for each in templates)


@dataclass(frozen=True, slots=True)
class Call:
    """A request that means an operation.

    Attributes:
        path: The path of the request.
        base: What stands in the request's path before that of the operation: the path of a server's URL, or nothing.
        variables: What the variables of the path stand for.
    """

    operation: Operation
    path: str
    base: str
    variables: dict[str, str]


class Operations:
    """All operations that a document had."""

    def __init__(self, previous: Document, current: Document) -> None:
        self._previous, self._current = previous, current

    def called(self, method: str, path: str) -> Call | None:
        """Return what a request means; ``None`` if the document does not say.

        Contracts may have been recorded with or without the path of the server's URL; with it counts first.
        """
        if method.lower() not in METHODS:
            return None
        matched = (operation.match(path) for operation in self._by_method.get(method.lower(), ()))
        found = [call for call in matched if call is not None]
        return next((call for call in found if call.base), found[0] if found else None)

    def described(self) -> Iterator[Operation]:
        """Yield all of them."""
        for operations in self._by_method.values():
            yield from operations

    def webhooks(self) -> Iterator[Both]:
        """Yield what the provider calls of its own accord."""
        webhooks = Both(self._previous.root, self._current.root).get("webhooks")
        yield from (webhooks.get(name) for name in webhooks.names())

    @cached_property
    def _by_method(self) -> dict[str, list[Operation]]:
        grouped: dict[str, list[Operation]] = {}
        for path in kept(self._previous, self._current, "paths"):
            for method in METHODS:
                own = Both(path.before, path.after).get(method)
                if own:
                    grouped.setdefault(method, []).append(Operation(path, own))
        return {method: sorted(found, key=lambda each: each.rank) for method, found in grouped.items()}


def base_path(url: str) -> str:
    """Return the path of a server's URL, which may be relative and may hold variables."""
    try:
        return urlsplit(url).path.rstrip("/")
    except ValueError:
        return ""  # no URL: nobody can call it


def serves(server: Server, base: str) -> bool:
    """Tell whether requests whose path begins in this way go to a server."""
    return Expression(_pattern(base_path(server.url), "[^/]+"), TEMPLATES).fullmatch(base) is not None


def _pattern(template: str, group: str = "([^/]+)") -> str:
    return group.join(map(re.escape, _VARIABLE.sub("\0", template).split("\0")))
