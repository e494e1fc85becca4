"""Servers: the addresses at which an operation is called.

Source: OpenAPI 3.1.1 "Server Object" and "Server Variable Object". What counts is the whole address, of the URL of the
server and the path: a prefix may stand in either.
"""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import islice, product
from types import MappingProxyType
from typing import Final

from servanda.interfaces.openapi.document import Node, escaped

VARIABLE: Final = re.compile(r"\{([^{}]*)\}")
# Stands for any value of a variable whose values are not listed.
_ANY: Final = "\0"
_MOST: Final = 1000
_URL: Final = re.compile(r"([^/?#:]*:)?(//[^/?#]*)?(.*)", re.DOTALL)
_PORTS: Final = MappingProxyType({"http:": ":80", "https:": ":443"})


@dataclass(frozen=True)
class Server:
    """One server of a list.

    Attributes:
        holder: What has the list: an operation, a path or the document.
        node: Where it is written; where none is, the holder.
        url: Its URL as it is written.
        is_implied: Whether nothing says it: without a list of servers, paths are relative to the document.
    """

    holder: Node
    node: Node
    url: str
    is_implied: bool = False

    @property
    def element(self) -> str:
        """Return the server as findings name it."""
        return f"{self.holder.shown}/servers/{escaped(self.url)}"

    @cached_property
    def values(self) -> Mapping[str, tuple[str, ...]]:
        """Return the values of each variable of its URL; none if they are not listed."""
        return {name: self._values(name) for name in VARIABLE.findall(self.url)}

    @cached_property
    def defaults(self) -> Mapping[str, str]:
        """Return the default of each variable that has one."""
        said = {name: self._said(name).get("default") for name in self.values}
        return {name: str(value) for name, value in said.items() if value is not None}

    @cached_property
    def bases(self) -> tuple[tuple[str, str], ...]:
        """Return what addresses begin with, for each combination of values: normalized, and as a person reads it.

        Of too many combinations the first ones.
        """
        names = list(self.values)
        found = []
        for values in islice(product(*(self.values[name] or (_ANY,) for name in names)), _MOST):
            known = dict(zip(names, values, strict=True))
            shown = {name: f"{{{name}}}" if value == _ANY else value for name, value in known.items()}
            found.append((normalized(self._filled(known)), self._filled(shown)))
        return tuple(found)

    @cached_property
    def usual(self) -> str:
        """Return what addresses begin with where nobody chooses a value, normalized."""
        return normalized(self._filled({name: self.defaults.get(name, _ANY) for name in self.values}))

    @property
    def is_open(self) -> bool:
        """Tell whether some variable may have any value."""
        return not all(self.values.values())

    def keeps(self, other: Server) -> bool:
        """Tell whether it is the other one with the same values for every variable, or more."""
        if VARIABLE.sub(_ANY, self.url) != VARIABLE.sub(_ANY, other.url):
            return False
        pairs = zip(other.values.values(), self.values.values(), strict=False)
        return len(self.values) == len(other.values) and all(
            not left or (bool(listed) and set(listed) <= set(left)) for listed, left in pairs
        )

    def variable(self, name: str, key: str) -> Node:
        """Return where something of a variable is written, else the innermost part around it that is."""
        node = self.node
        for part in ("variables", name, key):
            node = node.raw(part) or node
        return node

    def _said(self, name: str) -> Mapping[str, object]:
        found = self.node.get("variables", name)
        return found.object() if found is not None else {}

    def _values(self, name: str) -> tuple[str, ...]:
        found = self.node.get("variables", name, "enum")
        listed = tuple(str(each.value) for each in found.items()) if found is not None else ()
        default = self._said(name).get("default")
        return tuple(dict.fromkeys((*listed, *([str(default)] if default is not None else ())))) if listed else ()

    def _filled(self, values: Mapping[str, str]) -> str:
        return VARIABLE.sub(lambda found: values[found[1]], self.url)


def servers_of(*holders: Node) -> tuple[Server, ...]:
    """Return the servers of the first that lists some.

    Args:
        holders: The operation, its path and the document, as far as they are there.

    Raises:
        InterfaceError: A list or a part of it is none.
    """
    for holder in holders:
        listed = holder.get("servers")
        if listed is not None and listed.value:
            nodes = [each.document.resolve(each) for each in listed.items()]
            return tuple(Server(holder, node, str(node.object().get("url", "/"))) for node in nodes)
    return (Server(holders[-1], holders[-1], "/", is_implied=True),)


def normalized(url: str) -> str:
    """Return a URL in the one form in which equal ones are equal, without a slash at its end.

    Scheme and host are in lower case, and the port that the scheme implies is left out (RFC 3986, section 6.2).
    """
    found = _URL.fullmatch(url)
    scheme, host, path = (part or "" for part in found.groups()) if found else ("", "", url)
    scheme, host = scheme.lower(), host.lower()
    return scheme + host.removesuffix(_PORTS.get(scheme, ":")) + path.removeprefix("./").rstrip("/")


def shape(path: str) -> str:
    """Return what two paths have in common whose variables are called differently."""
    return VARIABLE.sub("{}", path)


def reaches(path: str, servers: Sequence[Server], wanted: str) -> bool:
    """Tell whether an address is one of those of a path at its servers."""
    return any(_fits(base + shape(path), wanted) for server in servers for base, _ in server.bases)


def without_host(url: str) -> str:
    """Return what comes after the host: all that can be compared where nobody knows on which host a document lies."""
    found = _URL.fullmatch(url)
    return found[3] if found else url


def _fits(address: str, wanted: str) -> bool:
    if address == wanted or _ANY not in address:
        return address == wanted
    return fnmatchcase(wanted, "*".join(map(glob.escape, address.split(_ANY))))


def addresses(path: str, servers: Sequence[Server]) -> Iterator[tuple[Server, str, str]]:
    """Yield each server with each address that a path has there, and with its URL as a person reads it."""
    for server in servers:
        for base, shown in server.bases:
            yield server, base + shape(path), shown
