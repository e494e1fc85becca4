"""The effect of a statement of a migration on a schema, and the changes that it makes to what was there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from servanda.interfaces.sql.alteration import Altered, alter, column_of, constraint_added
from servanda.interfaces.sql.change import Change, Edit, Place
from servanda.interfaces.sql.schema import Name, Relation, Schema, element
from servanda.interfaces.sql.tree import Node, Parsed, text_of, texts_of

_Handler: TypeAlias = Callable[[Schema, Node, Place], Iterator[Change]]


def apply(schema: Schema, statement: Parsed, place: Place) -> tuple[Change, ...]:
    """Apply a statement to a schema, which changes; what this cannot follow, such as DO, changes nothing.

    Args:
        schema: What the statements before it made.
        statement: The statement.
        place: Where it is.
    """
    handler = _HANDLERS.get(statement.type)
    return tuple(handler(schema, statement.node, place)) if handler is not None else ()


def relation_name(schema: Schema, node: Node) -> Name:
    """Return the name of the relation that a ``RangeVar`` names."""
    return schema.name((str(node.get("schemaname", "")), str(node["relname"])))


def _create_table(schema: Schema, node: Node, _place: Place) -> Iterator[Change]:
    name = relation_name(schema, node["relation"])
    if name in schema.relations:
        return
    relation = schema.relations[name] = Relation(name)
    for each in node.get("tableElts", ()):
        if "ColumnDef" in each:
            column = column_of(each["ColumnDef"])
            relation.columns[column.name] = column
    for each in node.get("tableElts", ()):
        if each.get("Constraint", {}).get("contype") == "CONSTR_PRIMARY":
            for key in texts_of(each["Constraint"].get("keys")):
                Altered(schema, relation, _place).set(key, required=True)
    yield from ()


def _create_view(schema: Schema, node: Node, _place: Place) -> Iterator[Change]:
    name = relation_name(schema, node["view"])
    schema.relations.setdefault(name, Relation(name, is_view=True))
    yield from ()


def _alter_table(schema: Schema, node: Node, place: Place) -> Iterator[Change]:
    relation = schema.relations.get(relation_name(schema, node["relation"]))
    if relation is not None:
        for command in node.get("cmds", ()):
            yield from alter(Altered(schema, relation, place), command["AlterTableCmd"])


def _create_index(schema: Schema, node: Node, place: Place) -> Iterator[Change]:
    relation = schema.relations.get(relation_name(schema, node["relation"]))
    if node.get("unique") and relation is not None:
        keys = tuple(str(each["IndexElem"].get("name", "")) for each in node["indexParams"])
        yield constraint_added(Altered(schema, relation, place), str(node.get("idxname", "")), "unique index", keys)


def _rename(schema: Schema, node: Node, place: Place) -> Iterator[Change]:
    kind, new = node["renameType"], str(node["newname"])
    if kind == "OBJECT_COLUMN":
        yield from _rename_column(schema, node, place)
    elif kind in {"OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW"}:
        old = relation_name(schema, node["relation"])
        yield from _move(schema, old, (old[0], new), place)
    elif kind in {"OBJECT_FUNCTION", "OBJECT_PROCEDURE"}:
        old = schema.name(texts_of(node["object"]["ObjectWithArgs"]["objname"]))
        schema.functions.add((old[0], new))
        yield from _without_function(schema, old, place)


def _rename_column(schema: Schema, node: Node, place: Place) -> Iterator[Change]:
    relation, old, new = relation_name(schema, node["relation"]), str(node["subname"]), str(node["newname"])
    found = schema.relations.get(relation)
    if found is None or old not in found.columns:
        return
    columns = {new if name == old else name: column for name, column in found.columns.items()}
    columns[new] = replace(columns[new], name=new)
    found.columns.clear()
    found.columns.update(columns)
    full = element(relation, old)
    told = f"Column {full} is renamed to {new}"
    yield Change(Edit.COLUMN_RENAMED, full, element(relation), told, place, part=new)


def _set_schema(schema: Schema, node: Node, place: Place) -> Iterator[Change]:
    if "relation" in node:
        old = relation_name(schema, node["relation"])
        yield from _move(schema, old, (str(node["newschema"]), old[1]), place)


def _move(schema: Schema, old: Name, new: Name, place: Place) -> Iterator[Change]:
    found = schema.relations.pop(old, None)
    if found is not None:
        schema.relations[new] = Relation(new, found.columns, found.is_view)
        sort = "View" if found.is_view else "Table"
        told = f"{sort} {element(old)} is called {element(new)} now"
        yield Change(Edit.RELATION_RENAMED, element(old), element(old), told, place, part=element(new))


def _drop(schema: Schema, node: Node, place: Place) -> Iterator[Change]:
    kind = node["removeType"]
    for each in node.get("objects", ()):
        names = texts_of(each["List"]["items"]) if "List" in each else ()
        if kind in {"OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW"}:
            yield from _without_relation(schema, schema.name(names), place)
        elif kind in {"OBJECT_FUNCTION", "OBJECT_PROCEDURE"}:
            yield from _without_function(schema, schema.name(texts_of(each["ObjectWithArgs"]["objname"])), place)
        elif kind == "OBJECT_SCHEMA":
            for name in [name for name in schema.relations if name[0] == text_of(each)]:
                yield from _without_relation(schema, name, place)


def _without_relation(schema: Schema, name: Name, place: Place) -> Iterator[Change]:
    found = schema.relations.pop(name, None)
    if found is not None:
        told = f"{'View' if found.is_view else 'Table'} {element(name)} is deleted"
        yield Change(Edit.RELATION_DELETED, element(name), element(name), told, place)


def _without_function(schema: Schema, name: Name, place: Place) -> Iterator[Change]:
    if name in schema.functions:
        schema.functions.discard(name)
        yield Change(Edit.FUNCTION_DELETED, element(name), "", f"Function {element(name)} is deleted", place)


def _create_function(schema: Schema, node: Node, _place: Place) -> Iterator[Change]:
    schema.functions.add(schema.name(texts_of(node["funcname"])))
    yield from ()


def _create_enum(schema: Schema, node: Node, _place: Place) -> Iterator[Change]:
    schema.enums[schema.name(texts_of(node["typeName"]))] = texts_of(node.get("vals"))
    yield from ()


def _alter_enum(schema: Schema, node: Node, place: Place) -> Iterator[Change]:
    name = schema.name(texts_of(node["typeName"]))
    values, old, new = schema.enums.get(name, ()), str(node.get("oldVal", "")), str(node["newVal"])
    if old:
        schema.enums[name] = tuple(new if value == old else value for value in values)
        told = f"The value '{old}' of enum {element(name)} is called '{new}' now"
        yield Change(Edit.ENUM_VALUE_DELETED, f"{element(name)}.{old}", "", told, place, part=old)
    elif new not in values:
        schema.enums[name] = (*values, new)
        told = f"Enum {element(name)} gets the value '{new}'"
        yield Change(Edit.ENUM_VALUE_ADDED, f"{element(name)}.{new}", "", told, place, part=new)


def _set(schema: Schema, node: Node, _place: Place) -> Iterator[Change]:
    if node.get("name") == "search_path" and node.get("args"):
        first: Any = node["args"][0]
        schema.default = str(first.get("A_Const", {}).get("sval", {}).get("sval", schema.default))
    yield from ()


_HANDLERS: Final[Mapping[str, _Handler]] = MappingProxyType(
    {
        "CreateStmt": _create_table,
        "ViewStmt": _create_view,
        "AlterTableStmt": _alter_table,
        "IndexStmt": _create_index,
        "RenameStmt": _rename,
        "AlterObjectSchemaStmt": _set_schema,
        "DropStmt": _drop,
        "CreateFunctionStmt": _create_function,
        "CreateEnumStmt": _create_enum,
        "AlterEnumStmt": _alter_enum,
        "VariableSetStmt": _set,
    }
)
