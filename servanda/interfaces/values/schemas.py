"""Schemas of values in both states: what the old version refuses of the new one's values, and the other way round."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from servanda.documents import Pointer
from servanda.errors import InterfaceError
from servanda.interfaces.openapi.admission.bounds import Bounds
from servanda.interfaces.openapi.difference import Difference, Side
from servanda.interfaces.openapi.difference import Edit as SchemaEdit
from servanda.interfaces.openapi.document import Document, followed, pointed
from servanda.interfaces.openapi.schemas import Schemas
from servanda.interfaces.openapi.wording import example
from servanda.interfaces.values.change import Edit

# Of JSON Schema in place of a document: references lead into the schema itself.
_DIALECT: Final = {"openapi": "3.1.0"}
# What other versions of a value can do without, or what makes no value unreadable.
_HARMLESS: Final = frozenset({SchemaEdit.VALUES_GONE, SchemaEdit.DEFAULT, SchemaEdit.PROPERTY_DELETED})
_EDITS: Final = {Side.RESPONSE: Edit.SCHEMA_WIDENED, Side.REQUEST: Edit.SCHEMA_NARROWED}
_HAPPENS: Final = {"can come now": "may be written now", "is refused now": "may be there already"}


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """A change of a schema.

    Attributes:
        pointer: Where to look in the current schema.
        place: What it is about, by JSON pointer from the schema.
        told: What changed.
        example: A value that shows it, as a part of a sentence.
    """

    edit: Edit
    pointer: Pointer
    place: str
    told: str
    example: str


def schema_changes(
    previous: Mapping[str, object] | None, current: Mapping[str, object] | None, where: str, bounds: Bounds
) -> Iterator[SchemaChange]:
    """Yield what values of one version the other one refuses.

    Args:
        previous: JSON Schema of the value as it was; ``None`` admits all.
        current: The same as it is.
        where: Where the current one stands, for errors.
        bounds: The bounds of the comparison.

    Raises:
        InterfaceError: One of them is no schema, or a reference leads nowhere.
    """
    before, after = (Document(json.dumps({**(each or {}), **_DIALECT}), "schema.json") for each in (previous, current))
    try:
        with followed(after):
            # Readers of the old version get new values as answers; those of the new one get old values as requests.
            told = set[str]()
            for side in (Side.RESPONSE, Side.REQUEST):
                for each in _differences(before, after, side, bounds):
                    # What is undecided for the readers of both versions is one question.
                    if each.edit is not Edit.SCHEMA_UNDECIDED or each.place not in told:
                        yield each
                    told |= {each.place} if each.edit is Edit.SCHEMA_UNDECIDED else set()
    except InterfaceError as error:
        raise InterfaceError(
            f"the schema of this value, or what it was: {error.what}", where=where, hint=error.hint
        ) from None


def _differences(before: Document, after: Document, side: Side, bounds: Bounds) -> Iterator[SchemaChange]:
    for difference in Schemas(bounds).compare(before.root, after.root, side):
        edit = _edit(difference, before)
        if edit is not None:
            yield _change(edit, side, difference)


def _change(edit: Edit, side: Side, difference: Difference) -> SchemaChange:
    told = difference.message.removeprefix(f"{side.capitalize()} schema ").removesuffix(".")
    shown = example(difference)
    for word, instead in _HAPPENS.items():
        shown = shown.replace(word, instead)
    return SchemaChange(edit, difference.node.pointer, difference.element, told, shown)


def _edit(difference: Difference, before: Document) -> Edit | None:
    side = difference.side
    if side is None:
        return None
    if difference.edit is SchemaEdit.UNDECIDED:
        return Edit.SCHEMA_UNDECIDED
    if difference.edit is SchemaEdit.PROPERTY_DELETED and side is Side.RESPONSE and _required(difference, before):
        return _EDITS[side]
    if difference.edit in _HARMLESS or (side is Side.RESPONSE and difference.edit is SchemaEdit.LIMIT_TIGHTENED):
        return None
    return _EDITS[side]


def _required(difference: Difference, before: Document) -> bool:
    """Tell whether values of the old version always had a property that is deleted."""
    *holder, _, name = pointed(difference.element)
    value: Any = before.root.value
    for part in holder:
        value = value[int(part)] if isinstance(value, list) else value.get(part, {})
    return name in value.get("required", ())
