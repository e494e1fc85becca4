"""The effect of one command of ALTER TABLE on a table, and the changes that it makes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from servanda.interfaces.sql.change import Change, Edit, Place
from servanda.interfaces.sql.column_types import is_serial, narrows, type_name, widens
from servanda.interfaces.sql.schema import NULL, Column, Relation, Schema, element
from servanda.interfaces.sql.tree import Node, nodes, text_of, texts_of

_CONSTRAINTS: Final = MappingProxyType(
    {
        "CONSTR_CHECK": "check constraint",
        "CONSTR_UNIQUE": "unique constraint",
        "CONSTR_PRIMARY": "primary key",
        "CONSTR_FOREIGN": "foreign key",
        "CONSTR_EXCLUSION": "exclusion constraint",
    }
)
_FILLING: Final = frozenset({"CONSTR_DEFAULT", "CONSTR_IDENTITY", "CONSTR_GENERATED"})


@dataclass(frozen=True, slots=True)
class Altered:
    """A table that is altered, and where."""

    schema: Schema
    relation: Relation
    place: Place

    def set(self, column: str, *, required: bool | None = None, filled: bool | None = None, type: str = "") -> None:  # noqa: A002
        """Change what is known of a column; nothing if there is none."""
        known = self.relation.columns.get(column)
        if known is not None:
            self.relation.columns[column] = Column(
                column,
                type or known.type,
                known.required if required is None else required,
                known.filled if filled is None else filled,
            )

    def change(self, edit: Edit, column: str, told: str, part: str = "") -> Change:
        """Return a change of a column; ``told`` goes on after its name."""
        full = element(self.relation.name, column)
        return Change(edit, full, element(self.relation.name), f"Column {full} {told}", self.place, part=part)


_Command: TypeAlias = Callable[[Altered, Node], Iterator[Change]]


def alter(altered: Altered, command: Node) -> Iterator[Change]:
    """Apply a command to a table, which changes."""
    handler = _COMMANDS.get(str(command["subtype"]))
    return handler(altered, command) if handler is not None else iter(())


def column_of(node: Node) -> Column:
    """Return the column that a ``ColumnDef`` defines."""
    kinds = {each["Constraint"]["contype"] for each in node.get("constraints", ()) if "Constraint" in each}
    serial = is_serial(node["typeName"])
    required = serial or not kinds.isdisjoint({"CONSTR_NOTNULL", "CONSTR_PRIMARY", "CONSTR_IDENTITY"})
    return Column(str(node["colname"]), type_name(node["typeName"]), required, serial or not kinds.isdisjoint(_FILLING))


def constraint_added(altered: Altered, name: str, sort: str, columns: tuple[str, ...]) -> Change:
    """Return the change of a new constraint."""
    table = element(altered.relation.name)
    shown = ", ".join(filter(None, columns))
    told = f"Table {table} gets the {sort} {name or '(unnamed)'}" + (f" on {shown}" if shown else "")
    full = element(altered.relation.name, columns[0]) if len(columns) == 1 and columns[0] else table
    return Change(Edit.CONSTRAINT_ADDED, full, table, told, altered.place, tuple(filter(None, columns)), name)


def _add_column(altered: Altered, command: Node) -> Iterator[Change]:
    node = command["def"]["ColumnDef"]
    column = column_of(node)
    if column.name in altered.relation.columns:
        return
    altered.relation.columns[column.name] = column
    yield altered.change(Edit.COLUMN_ADDED, column.name, "is added")
    if column.required and not column.filled:
        yield altered.change(Edit.REQUIRED, column.name, "is added as NOT NULL without a default")
    for each in node.get("constraints", ()):
        yield from _constraint(altered, each.get("Constraint", {}), (column.name,))


def _drop_column(altered: Altered, command: Node) -> Iterator[Change]:
    name = str(command["name"])
    if altered.relation.columns.pop(name, None) is not None:
        yield altered.change(Edit.COLUMN_DELETED, name, "is deleted")


def _set_not_null(altered: Altered, command: Node) -> Iterator[Change]:
    name = str(command["name"])
    known = altered.relation.columns.get(name)
    if known is not None and not known.required:
        altered.set(name, required=True)
        # A default stands in for what is left out, and not for a NULL that is written.
        yield altered.change(Edit.REQUIRED, name, "becomes NOT NULL", NULL if known.filled else "")


def _drop_not_null(altered: Altered, command: Node) -> Iterator[Change]:
    name = str(command["name"])
    known = altered.relation.columns.get(name)
    if known is not None and known.required:
        altered.set(name, required=False)
        yield altered.change(Edit.NULLABLE, name, "may be NULL now")


def _default(altered: Altered, command: Node) -> Iterator[Change]:
    name = str(command["name"])
    known = altered.relation.columns.get(name)
    if known is None:
        return
    altered.set(name, filled="def" in command)
    if known.filled and "def" not in command:
        edit = Edit.REQUIRED if known.required else Edit.DEFAULT_DELETED
        yield altered.change(edit, name, "has no default any more")


def _without_filling(altered: Altered, command: Node) -> Iterator[Change]:
    yield from _default(altered, {key: value for key, value in command.items() if key != "def"})


def _with_filling(altered: Altered, command: Node) -> Iterator[Change]:
    altered.set(str(command["name"]), filled=True)
    yield from ()


def _type(altered: Altered, command: Node) -> Iterator[Change]:
    name, after = str(command["name"]), type_name(command["def"]["ColumnDef"]["typeName"])
    known = altered.relation.columns.get(name)
    if known is None or known.type == after:
        return
    altered.set(name, type=after)
    if not widens(known.type, after):
        edit = Edit.TYPE_NARROWED if narrows(known.type, after) else Edit.TYPE_CHANGED
        yield altered.change(edit, name, f"is {after} now, and was {known.type}")


def _add_constraint(altered: Altered, command: Node) -> Iterator[Change]:
    yield from _constraint(altered, command["def"]["Constraint"], ())


def _constraint(altered: Altered, node: Node, of_column: tuple[str, ...]) -> Iterator[Change]:
    kind = str(node.get("contype", ""))
    if kind == "CONSTR_NOTNULL" and not of_column:
        for key in texts_of(node.get("keys")):
            yield from _set_not_null(altered, {"name": key})
    if kind in _CONSTRAINTS and "indexname" not in node:
        named = (*texts_of(node.get("keys")), *texts_of(node.get("fk_attrs")), *_columns_in(node, altered))
        columns = tuple(dict.fromkeys(filter(None, named))) or of_column
        yield constraint_added(altered, str(node.get("conname", "")), _CONSTRAINTS[kind], columns)


def _columns_in(node: Node, altered: Altered) -> Iterator[str]:
    for kind, found in nodes(node.get("raw_expr", {})):
        if kind == "ColumnRef":
            name = text_of(found["fields"][-1])
            if name in altered.relation.columns:
                yield name


_COMMANDS: Final[Mapping[str, _Command]] = MappingProxyType(
    {
        "AT_AddColumn": _add_column,
        "AT_DropColumn": _drop_column,
        "AT_SetNotNull": _set_not_null,
        "AT_DropNotNull": _drop_not_null,
        "AT_ColumnDefault": _default,
        "AT_DropIdentity": _without_filling,
        "AT_DropExpression": _without_filling,
        "AT_AddIdentity": _with_filling,
        "AT_AlterColumnType": _type,
        "AT_AddConstraint": _add_constraint,
    }
)
