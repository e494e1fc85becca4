"""Addresses that operations had and have no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from servanda.documents import Pointer
from servanda.interfaces.openapi.difference import Difference, Edit
from servanda.interfaces.openapi.document import Document, Node
from servanda.interfaces.openapi.paths import Kept
from servanda.interfaces.openapi.servers import Server, addresses, reaches, servers_of, shape

_Place: TypeAlias = tuple[str, Pointer]


@dataclass(frozen=True, slots=True)
class _Gone:
    """Server that is gone, or lost a value, as findings speak of it.

    Attributes:
        server: The server that was.
        begin: What changed, up to the name of what it changed for.
        end: The rest of the sentence.
        node: Where to look now.
    """

    edit: Edit
    server: Server
    begin: str
    end: str
    node: Node


class Addresses:
    """All operations with their servers: a server that is gone is told once, of what listed it."""

    def __init__(self, previous: Document, current: Document) -> None:
        self._roots = (previous.root, current.root)
        self._gone: dict[tuple[_Place, Edit, str], tuple[_Gone, list[str]]] = {}
        # What goes by each list of servers, and how the holder of the list is called.
        self._served: dict[_Place, int] = {}
        self._kept: dict[tuple[_Place, _Place], bool] = {}
        self._names: dict[_Place, str] = {self._roots[0].place: "the document"}

    def add(self, path: Kept, name: str, before: Node, after: Node) -> None:
        """Compare the addresses of an operation.

        Raises:
            InterfaceError: A list of servers is none.
        """
        if path.after is None:
            return
        old = servers_of(before, path.before, self._roots[0])
        new = servers_of(after, path.after, self._roots[1])
        holder = old[0].holder.place
        self._served[holder] = self._served.get(holder, 0) + 1
        self._names.setdefault(holder, path.name if holder == path.before.place else name)
        if old[0].is_implied:
            return  # nobody knows where the document lies
        if shape(path.name) == shape(path.now) and self._is_kept(old, new):
            return
        for found in _differences((path.name, old), (path.now, new)):
            _, operations = self._gone.setdefault((holder, found.edit, found.begin), (found, []))
            operations.append(name)

    def _is_kept(self, old: tuple[Server, ...], new: tuple[Server, ...]) -> bool:
        """Tell whether a list of servers is written as it was: most operations go by the same one."""
        key = (old[0].holder.place, new[0].holder.place)
        if key not in self._kept:
            self._kept[key] = [each.node.value for each in old] == [each.node.value for each in new]
        return self._kept[key]

    def differences(self) -> Iterator[Difference]:
        """Yield what was found: once for the document or a path if it holds for all that goes by its servers."""
        if not self._served:
            # Without an operation in common, the lists themselves are all that there is to compare.
            old, new = (servers_of(root) for root in self._roots)
            found = () if old[0].is_implied else _differences(("", old), ("", new))
            self._gone = {(self._roots[0].place, each.edit, each.begin): (each, []) for each in found}
        for (holder, *_), (gone, operations) in self._gone.items():
            everywhere = len(operations) == self._served.get(holder, 0)
            for name in [self._names[holder]] if everywhere else operations:
                yield Difference(gone.edit, gone.node, gone.server.element, f"{gone.begin} of {name} {gone.end}")


def _differences(before: tuple[str, tuple[Server, ...]], after: tuple[str, tuple[Server, ...]]) -> Iterator[_Gone]:
    """Yield what is gone of the servers of one operation, given with its path in both states."""
    (path, old), (now, new) = before, after
    same = shape(path) == shape(now)
    listed = ", ".join(server.url for server in new if not server.is_implied) or "none"
    place = new[0].holder.raw("servers") or new[0].holder
    for server in old:
        like = next((each for each in new if same and each.keeps(server)), None)
        if like is None:
            gone = [shown for _, address, shown in addresses(path, (server,)) if not reaches(now, new, address)]
            for shown in gone:
                told = (f"The server {shown}", f"was removed; now: {listed}.")
                yield _Gone(Edit.SERVER_DELETED, server, *told, _narrowed(server, new) or place)
            if gone:
                continue
        yield from _defaults(path, server, (now, new))


def _narrowed(server: Server, new: tuple[Server, ...]) -> Node | None:
    """Return where the values of a variable are listed now, if that is what changed."""
    like = next((each for each in new if each.url == server.url), None)
    if like is None:
        return None
    names = (name for name, listed in server.values.items() if set(listed) - set(like.values[name]) or not listed)
    return next((like.variable(name, "enum") for name in names), None)


def _defaults(path: str, server: Server, after: tuple[str, tuple[Server, ...]]) -> Iterator[_Gone]:
    """Yield that those who choose no value come to another address."""
    now, new = after
    like = next((each for each in new if list(each.values) == list(server.values)), None)
    usual = server.usual + shape(path)
    if not server.defaults or like is None or any(each.usual + shape(now) == usual for each in new):
        return
    # Where any value goes, the default is the one address that the document names.
    fixed = tuple(each for each in new if not each.is_open)
    edit = Edit.SERVER_DELETED if server.is_open and not reaches(now, fixed, usual) else Edit.SERVER_DEFAULT
    for name, value in server.defaults.items():
        if like.defaults.get(name) != value:
            said = like.defaults.get(name)
            told = (
                f"The default of variable {name!r} of the server {server.url}",
                f"changed from {value!r} to {said!r}.",
            )
            yield _Gone(edit, server, *told, like.variable(name, "default"))
