"""Values of properties by which a discriminator leads to alternatives.

Source: OpenAPI 3.1.1, "Discriminator Object".
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping

from servanda.errors import InterfaceError
from servanda.interfaces.openapi.admission.case import Key, Tag, key
from servanda.interfaces.openapi.admission.references import is_bare
from servanda.interfaces.openapi.document import Node
from servanda.interfaces.openapi.values import as_json


def tags(part: Node, alternatives: tuple[Node, ...]) -> Mapping[int, tuple[Tag, ...]]:
    """Return what the discriminator beside a choice says, by the number of the alternative."""
    discriminator = part.raw("discriminator")
    if discriminator is None:
        return {}
    said = discriminator.object()
    name, mapping = str(said.get("propertyName", "")), said.get("mapping")
    mapped: dict[Key, set[str]] = {}
    for value, reference in mapping.items() if isinstance(mapping, dict) else ():
        if isinstance(reference, str):
            # A mapping that leads nowhere maps nothing.
            with contextlib.suppress(InterfaceError):
                mapped.setdefault(_mapped(discriminator, reference), set()).add(as_json(value))
    found: dict[int, tuple[Tag, ...]] = {}
    for number, alternative in enumerate(alternatives):
        if not is_bare(alternative):
            continue
        target = key(alternative.document.target(alternative))
        own = as_json(str(alternative.value["$ref"]).rpartition("/")[2])
        found[number] = (Tag(name, frozenset(mapped.get(target) or {own}), target in mapped),)
    return found


def _mapped(discriminator: Node, reference: str) -> Key:
    """Return where a mapping leads: to a schema by its reference, or by its name alone."""
    is_name = not any(mark in reference for mark in "/#.")
    text = f"#/components/schemas/{reference}" if is_name else reference
    node = Node({"$ref": text}, (*discriminator.pointer, "mapping"), discriminator.document)
    document = discriminator.document.entry if is_name else discriminator.document
    return key(document.target(node))
