"""Values as they are written into a path, a query, a header, a cookie or a part of a form.

Source: OpenAPI 3.1.1 "Parameter Object", with its table of style examples. Two ways to write a value are the same if
their examples are: the style of a single value in a query, say, shows up nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from servanda.interfaces.openapi.document import Node
from servanda.interfaces.openapi.kinds import ARRAY, NUMBER, TEXT
from servanda.interfaces.openapi.media import media_type
from servanda.pact.media import is_json

_STYLES: Final = MappingProxyType({"query": "form", "cookie": "form", "path": "simple", "header": "simple"})
_NAMED: Final = frozenset({"query", "cookie"})


@dataclass(frozen=True, slots=True)
class Written:
    """The way in which a value is written, and its schema.

    Attributes:
        node: The parameter, header or part that says so.
        schema: The schema of the value; one that accepts all if none is given.
        media_type: Its media type, if it is written as a body would be; else empty.
        named: Whether its name is written as well.
    """

    node: Node
    schema: Node
    style: str = ""
    explode: bool = False
    media_type: str = ""
    named: bool = True

    def example(self, kind: str) -> str:
        """Return what a value looks like that is 1, or holds 1 and 2; ``{n}`` stands for its name."""
        if self.media_type:
            return ("{n}=" if self.named else "") + _as_body(self.media_type, kind)
        if kind in (TEXT, NUMBER):
            return _SINGLE.get(self.style, "{n}=1")
        of_style = _ARRAYS if kind == ARRAY else _OBJECTS
        found = of_style.get((self.style, self.explode))
        return found if found is not None else f"{{n}} in style {self.style}"


_SINGLE: Final = MappingProxyType({"simple": "1", "label": ".1", "matrix": ";{n}=1"})
_ARRAYS: Final = MappingProxyType(
    {
        **{(style, True): "{n}=1&{n}=2" for style in ("form", "spaceDelimited", "pipeDelimited")},
        ("form", False): "{n}=1,2",
        ("spaceDelimited", False): "{n}=1%202",
        ("pipeDelimited", False): "{n}=1|2",
        ("simple", True): "1,2",
        ("simple", False): "1,2",
        ("label", True): ".1.2",
        ("label", False): ".1,2",
        ("matrix", True): ";{n}=1;{n}=2",
        ("matrix", False): ";{n}=1,2",
    }
)
_OBJECTS: Final = MappingProxyType(
    {
        **{(style, True): "a=1&b=2" for style in ("form", "spaceDelimited", "pipeDelimited")},
        ("form", False): "{n}=a,1,b,2",
        ("spaceDelimited", False): "{n}=a%201%20b%202",
        ("pipeDelimited", False): "{n}=a|1|b|2",
        # Without a meaning of its own, the flag changes nothing here.
        ("deepObject", True): "{n}[a]=1&{n}[b]=2",
        ("deepObject", False): "{n}[a]=1&{n}[b]=2",
        ("simple", True): "a=1,b=2",
        ("simple", False): "a,1,b,2",
        ("label", True): ".a=1.b=2",
        ("label", False): ".a,1,b,2",
        ("matrix", True): ";a=1;b=2",
        ("matrix", False): ";{n}=a,1,b,2",
    }
)


def _as_body(text: str, kind: str) -> str:
    known = media_type(text).name
    if known.startswith("text/") and kind in (TEXT, NUMBER):
        return "1"
    if is_json(known):
        return {TEXT: '"1"', NUMBER: "1", ARRAY: "[1,2]"}.get(kind, '{"a":1,"b":2}')
    return f"1 as {known}"


def written(node: Node, place: str) -> Written:
    """Return how a parameter or header says that its value is written.

    Raises:
        InterfaceError: A part of it is not what it can be.
    """
    said = node.object()
    everything = Node({}, node.pointer, node.document, node.via)
    content = node.get("content")
    if content is not None and content.object():
        name, body = next(iter(content.members()))
        return Written(node, body.raw("schema") or everything, media_type=name, named=place in _NAMED)
    style = str(said.get("style", _STYLES.get(place, "form")))
    explode = said.get("explode", style == "form") is True
    return Written(node, node.raw("schema") or everything, style, explode, named=place in _NAMED)


def headers_of(holder: Node) -> dict[str, tuple[str, Node]]:
    """Return the headers of a response or a part by name in lower case, with the name as it is written.

    What OpenAPI says elsewhere is none of them: ``Content-Type`` is ignored there.

    Raises:
        InterfaceError: They are not what headers can be.
    """
    found = holder.get("headers")
    named = {name.lower(): (name, header) for name, header in found.members()} if found is not None else {}
    for _, header in named.values():
        header.object()
    return {name: header for name, header in named.items() if name != "content-type"}
