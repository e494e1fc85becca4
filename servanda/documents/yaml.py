"""YAML as JSON has it: texts, numbers, booleans, null, lists and tables with texts as keys.

The value is built from the parser's events, not from its nodes: nothing recurses, limits hold while the document is
read, and it takes a third of the time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NoReturn

import yaml

from servanda.documents.limits import DocumentLimits
from servanda.documents.parts import Extent, Outline, Part, extent_of
from servanda.documents.scalars import Scalars
from servanda.documents.text import DocumentText
from servanda.errors import ServandaError

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_MERGE = "<<"


def read_yaml(source: DocumentText, limits: DocumentLimits) -> tuple[Any, Part]:
    """Return the value of a document and the places of its parts; ``None`` if it is empty.

    Raises:
        ServandaError: It is no YAML, is beyond a limit, has a key twice in one table (YAML 1.2.2, section 3.2.1.1), or
            holds what JSON does not have.
    """
    try:
        loader = _LOADER(source.text)
        try:
            return _Building(source, limits).run(loader.get_event)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        offset = error.problem_mark.index if error.problem_mark else 0
        raise source.fault(f"invalid YAML: {error.problem or error.context}", offset) from None
    except yaml.reader.ReaderError as error:
        offset = error.position if isinstance(error.position, int) else 0
        raise source.fault(f"invalid YAML: {error.reason}", offset) from None
    except (yaml.YAMLError, ValueError) as error:
        raise source.error(f"invalid YAML: {error}", where=source.path) from None


@dataclass(slots=True)
class _Frame:
    """A table or a list that is being read.

    Attributes:
        value: What it holds so far; of a table ``None`` as ``items`` and the other way round.
        added: Values that aliases put into it, further inside too.
        height: Levels within it so far.
        key: The key that waits for its value.
        merged: Tables that ``<<`` names, the ones that count more first.
    """

    outline: Outline
    table: dict[str, Any] | None
    items: list[Any]
    anchor: str | None
    size: int = 1
    height: int = 1
    key: tuple[str, Extent] | None = None
    merges: bool = False
    merged: list[tuple[dict[str, Any], Outline]] = field(default_factory=list)

    @property
    def value(self) -> Any:
        return self.items if self.table is None else self.table


@dataclass(frozen=True, slots=True)
class _Anchored:
    """Value that an alias stands for.

    Attributes:
        text: The text as a key, if it is a scalar.
        size: How many values it is, itself among them.
        height: Levels of tables and lists that it has.
    """

    value: Any
    part: Part
    text: str | None
    size: int
    height: int


class _Building:
    """Builds the value of one document.

    ``_put`` is called for every value: what it does is written out, since a document has hundreds of thousands.
    """

    def __init__(self, source: DocumentText, limits: DocumentLimits) -> None:
        self._source, self._limits = source, limits
        self._scalars = Scalars(limits)
        # ``None``: what the anchor names is not complete yet.
        self._anchors: dict[str, _Anchored | None] = {}
        self._stack: list[_Frame] = []
        self._added = 0
        self._documents = 0
        self._root: tuple[Any, Part] = (None, (0, 0))

    def run(self, next_event: Callable[[], Any]) -> tuple[Any, Part]:
        """Return the value and the places of its parts."""
        scalar, others = self._scalar, self._handlers()
        while True:
            event = next_event()
            kind = type(event)
            if kind is yaml.ScalarEvent:
                scalar(event)
            elif kind is yaml.StreamEndEvent:
                return self._root
            elif kind in others:
                others[kind](event)

    def _handlers(self) -> Mapping[type, Callable[[Any], None]]:
        return MappingProxyType(
            {
                yaml.MappingStartEvent: self._begin,
                yaml.SequenceStartEvent: self._begin,
                yaml.MappingEndEvent: self._end,
                yaml.SequenceEndEvent: self._end,
                yaml.AliasEvent: self._alias,
                yaml.DocumentStartEvent: self._document,
            }
        )

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            raise self._fault("expected a single document, found another one", event)

    def _scalar(self, event: Any) -> None:
        extent = (event.start_mark.index, event.end_mark.index)
        frame = self._stack[-1] if self._stack else None
        if frame is not None and frame.table is not None and frame.key is None:
            frame.merges = event.value == _MERGE and event.implicit[0] and event.tag is None
            self._name(frame, event.value, extent)
            value: Any = event.value
        else:
            try:
                value = self._scalars.value(event)
            except ValueError as error:
                raise self._fault(str(error), event) from None
            self._put(value, extent)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(value, extent, event.value, 1, 0)

    def _begin(self, event: Any) -> None:
        is_table = type(event) is yaml.MappingStartEvent
        if event.tag not in (None, "!", f"{_TAG}map" if is_table else f"{_TAG}seq"):
            raise self._fault(f"a value of type '{event.tag}', which JSON does not have", event)
        if self._stack and self._stack[-1].table is not None and self._stack[-1].key is None:
            raise self._fault("expected a string as key, found a table or a list", event)
        if len(self._stack) >= self._limits.depth:
            raise self._fault(f"nested more than {self._limits.depth} levels deep", event)
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        outline = Outline(event.start_mark.index)
        self._stack.append(_Frame(outline, {} if is_table else None, [], event.anchor))

    def _end(self, event: Any) -> None:
        frame = self._stack.pop()
        frame.outline.end = event.end_mark.index
        if frame.merged:
            self._merge(frame, event)
        if frame.anchor is not None:
            self._anchors[frame.anchor] = _Anchored(frame.value, frame.outline, None, frame.size, frame.height)
        if self._stack:
            around = self._stack[-1]
            around.size += frame.size
            around.height = max(around.height, frame.height + 1)
        self._put(frame.value, frame.outline)

    def _alias(self, event: Any) -> None:
        if event.anchor not in self._anchors:
            raise self._fault(f"the alias '{event.anchor}' is not defined", event)
        found = self._anchors[event.anchor]
        if found is None:
            raise self._fault("an alias contains itself", event)
        frame = self._stack[-1]
        if frame.table is not None and frame.key is None:
            if found.text is None:
                raise self._fault("expected a string as key, found a table or a list", event)
            self._name(frame, found.text, (event.start_mark.index, event.end_mark.index))
            return
        self._add(found.size, event)
        if len(self._stack) + found.height > self._limits.depth:
            raise self._fault(f"the alias nests more than {self._limits.depth} levels deep", event)
        frame.size += found.size
        frame.height = max(frame.height, found.height + 1)
        self._put(found.value, found.part)

    def _name(self, frame: _Frame, name: str, extent: Extent) -> None:
        known = frame.outline.members.get(name)
        if known is not None:
            line, column = self._source.position(known[0][0])
            what = f"duplicate key '{name}', first at {line}:{column}"
            raise self._source.fault(what, extent[0])
        frame.key = (name, extent)

    def _put(self, value: Any, part: Part) -> None:
        if not self._stack:
            self._root = (value, part)
            return
        frame = self._stack[-1]
        if frame.table is None:
            frame.items.append(value)
            frame.outline.items.append(part)
            frame.size += 1
            return
        name, extent = frame.key or self._impossible()
        frame.key = None
        frame.outline.members[name] = (extent, part)
        frame.size += 1
        if frame.merges:
            self._note_merge(frame, value, part)
        else:
            frame.table[name] = value

    def _note_merge(self, frame: _Frame, value: Any, part: Part) -> None:
        frame.merges = False
        listed = isinstance(value, list) and isinstance(part, Outline)
        parts = part.items if listed and isinstance(part, Outline) else [part]
        for each, place in zip(value if listed else [value], parts, strict=True):
            if not isinstance(each, dict) or not isinstance(place, Outline):
                raise self._source.fault("expected a table to merge", extent_of(place)[0])
            frame.merged.append((each, place))

    def _merge(self, frame: _Frame, event: Any) -> None:
        """Add what merge keys name and the table does not say itself; of two of them the first counts."""
        own, members = frame.table or {}, frame.outline.members
        del members[_MERGE]
        inherited: dict[str, Any] = {}
        for values, outline in frame.merged:
            self._add(len(values), event)
            frame.size += len(values)
            for name, value in values.items():
                if name not in own and name not in inherited:
                    inherited[name] = value
                    members[name] = outline.members[name]
        frame.table = {**inherited, **own}

    def _add(self, count: int, event: Any) -> None:
        self._added += count
        if self._added > self._limits.aliased:
            raise self._fault(f"aliases repeat more than {self._limits.aliased:,} values", event)

    def _fault(self, what: str, event: Any) -> ServandaError:
        return self._source.fault(what, event.start_mark.index)

    def _impossible(self) -> NoReturn:
        raise self._source.error("invalid YAML: a value without a key", where=self._source.path)
