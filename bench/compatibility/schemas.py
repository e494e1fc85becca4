"""Truth of findings about random schemas, judged by another validator, https://pypi.org/project/jsonschema.

``python -m bench.compatibility.schemas --pairs 5000`` prints the pairs of schemas about which a finding is not true, or
for which a finding is missing.
"""

from __future__ import annotations

import argparse
import collections
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from jsonschema import Draft202012Validator

from bench.compatibility.schema_chance import Chance, Schema, Schemas, document, edited, rewritten, value
from servanda.interfaces.openapi.difference import Difference, Edit, Side
from servanda.interfaces.openapi.document import Document, Node
from servanda.interfaces.openapi.operations import differences

_ABOUT_VALUES = frozenset(
    {
        *(Edit.TYPE, Edit.VALUES, Edit.LIMIT_LOOSENED, Edit.PROPERTY_REQUIRED, Edit.PROPERTY_OPTIONAL),
        *(Edit.ADDITIONAL_PROPERTIES, Edit.ALTERNATIVES, Edit.VALUES_GONE, Edit.PROPERTY_ADDED),
    }
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A schema in two states, with the components of each."""

    before: Schema
    after: Schema
    components_before: Schemas
    components_after: Schemas

    def found(self) -> tuple[Difference, ...]:
        """Return what the suite finds."""
        texts = (
            json.dumps(document(schema, components))
            for schema, components in ((self.before, self.components_before), (self.after, self.components_after))
        )
        before, after = (Document(text, "made-up.json") for text in texts)
        return tuple(differences(before, after))


def equal_pair(random: Random) -> Pair:
    """Return a schema and another way to write it."""
    chance = Chance(random)
    schema = chance.schema()
    return Pair(schema, *_swapped(*rewritten(random, schema, chance.components), chance.components))


def _swapped(schema: Schema, components: Schemas, before: Schemas) -> tuple[Schema, Schemas, Schemas]:
    return schema, before, components


def edited_pair(random: Random) -> Pair:
    """Return a schema and what an edit makes of it, in one of the ways to write that."""
    chance = Chance(random)
    schema = chance.schema()
    before = dict(chance.components)
    after, components = edited(random, schema, before, lambda: _without_references(random))
    if random.random() < 0.5:
        after, components = rewritten(random, after, components)
    return Pair(schema, after, before, components)


def _without_references(random: Random) -> Schema:
    chance = Chance(random)
    schema = chance.schema(1)
    return schema if not chance.components else {"type": "integer"}


def faults(pair: Pair, random: Random, values: int = 30) -> Iterator[str]:
    """Yield what is wrong with what is found between two schemas."""
    found = pair.found()
    yield from untrue(found)
    yield from missed(pair, found, random, values)


def untrue(found: Sequence[Difference]) -> Iterator[str]:
    """Yield examples that show nothing, and changes without an example."""
    for each in found:
        about_values = each.edit in _ABOUT_VALUES or (each.edit is Edit.LIMIT_TIGHTENED and each.side is Side.REQUEST)
        if each.example is None:
            if about_values:
                yield f"no example: {each.message}"
            continue
        if not _is_valid(each.example.admitting, each.example.value):
            yield f"the example {each.example.value!r} was not admitted: {each.message}"
        if _is_valid(each.example.refusing, each.example.value):
            yield f"the example {each.example.value!r} is not refused: {each.message}"


def missed(pair: Pair, found: Sequence[Difference], random: Random, values: int) -> Iterator[str]:
    """Yield values that show a change of which nothing is found."""
    # That some values come no more is no break.
    sides = {each.side for each in found if each.edit is not Edit.VALUES_GONE}
    before, after = _validator(pair.before, pair.components_before), _validator(pair.after, pair.components_after)
    opened = _validator(_opened(pair.before), _opened(pair.components_before))
    for side, admitting, refusing, schema, components in (
        (Side.REQUEST, before, after, pair.before, pair.components_before),
        (Side.RESPONSE, after, before, pair.after, pair.components_after),
    ):
        if side in sides:
            continue
        for _ in range(values):
            tried = value(random, schema, components)
            if not admitting.is_valid(tried) or refusing.is_valid(tried):
                continue
            # A new property of an answer is no change, even where others were forbidden.
            is_new = side is Side.RESPONSE and opened.is_valid(tried)
            if is_listed(schema, tried, components) and not is_new:
                yield f"nothing found on the side of the {side.lower()}, but for {tried!r}"
                break


def is_listed(schema: Any, tried: Any, components: Schemas) -> bool:
    """Tell whether all properties of a value are ones that the schema lists where it admits the value.

    Others are admitted as well, mostly, but are not what anybody sends: else no property could ever be added.
    """
    if isinstance(tried, list):
        inner = [part["items"] for part in _parts(schema, tried, components) if "items" in part]
        return all(not inner or any(is_listed(each, item, components) for each in inner) for item in tried)
    if not isinstance(tried, dict):
        return True
    parts = list(_parts(schema, tried, components))
    for name, each in tried.items():
        inner = [part["properties"][name] for part in parts if name in part.get("properties", {})]
        inner += [part["additionalProperties"] for part in parts if isinstance(part.get("additionalProperties"), dict)]
        if not any(is_listed(found, each, components) for found in inner):
            return False
    return True


def _opened(value: Any) -> Any:
    """Return schemas with nothing said about other properties than the listed ones."""
    if isinstance(value, dict):
        return {key: _opened(each) for key, each in value.items() if (key, each) != ("additionalProperties", False)}
    return [_opened(each) for each in value] if isinstance(value, list) else value


def _parts(schema: Any, tried: Any, components: Schemas) -> Iterator[Schema]:
    """Yield the schemas that hold of a value together."""
    if not isinstance(schema, dict) or not _validator(schema, components).is_valid(tried):
        return
    if "$ref" in schema:
        yield from _parts(components[schema["$ref"].rpartition("/")[2]], tried, components)
        return
    yield schema
    for name in ("allOf", "oneOf", "anyOf"):
        for each in schema.get(name, ()):
            yield from _parts(each, tried, components)


def _validator(schema: Schema, components: Schemas) -> Draft202012Validator:
    return Draft202012Validator({"allOf": [schema], "components": {"schemas": components}})


def _is_valid(term: Sequence[Node], tried: Any) -> bool:
    root = term[0].document.root.value
    return all(
        Draft202012Validator({"allOf": [node.value], "components": root["components"]}).is_valid(tried) for node in term
    )


def main() -> None:
    """Judge as many pairs as are asked for, half of them equal ones."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--shown", type=int, default=10)
    options = parser.parse_args()
    counts: collections.Counter[str] = collections.Counter()
    for seed in range(options.seed, options.seed + options.pairs):
        random = Random(seed)
        equal = seed % 2 == 0
        pair = equal_pair(random) if equal else edited_pair(random)
        told = [f"found between equal schemas: {each.message}" for each in pair.found()] if equal else []
        told += [] if told else faults(pair, random)
        counts["equal" if equal else "edited"] += 1
        counts["with findings"] += bool(pair.found())
        counts["faults"] += bool(told)
        for each in told[:1] if counts["faults"] <= options.shown else ():
            print(f"seed {seed}: {each}\n  before {json.dumps(pair.before)} {json.dumps(pair.components_before)}")
            print(f"  after  {json.dumps(pair.after)} {json.dumps(pair.components_after)}")
    print(", ".join(f"{name}: {count}" for name, count in counts.items()))
    sys.exit(1 if counts["faults"] else 0)


if __name__ == "__main__":
    main()
