"""A statement that a service runs: what it reads and writes, found in its parse tree and the schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from servanda.interfaces.sql.schema import NULL, Name, Schema
from servanda.interfaces.sql.tree import Node, nodes, parse, texts_of

DEFAULT: Final = "default"
"""Source of a value in an INSERT that is left to the default."""
_STATEMENTS: Final = frozenset({"SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"})

ColumnName = tuple[Name, str]


@dataclass(frozen=True, slots=True)
class Insert:
    """An INSERT into a table.

    Attributes:
        sources: By column that it names where the value comes from: ``$`` with the number of a parameter,
            :data:`NULL`, :data:`DEFAULT`, or empty for anything else.
    """

    relation: Name
    sources: Mapping[str, str]


@dataclass(slots=True)
class Facts:
    """Facts about a statement.

    Attributes:
        relations: Tables and views that it names.
        reads: Columns that it reads, one by one.
        writes: Columns that it writes.
        stars: Relations of which it reads whole rows: ``*``, or the name of the table in place of a column.
        inserts: Every INSERT in it.
        functions: Functions that it calls.
        constants: Texts that are written in it.
        parameters: The column that each parameter is written to or compared with, by number.
        schemas: Schemas that it names.
        is_query: Whether it is a SELECT.
    """

    relations: set[Name] = field(default_factory=set)
    reads: set[ColumnName] = field(default_factory=set)
    writes: set[ColumnName] = field(default_factory=set)
    stars: set[Name] = field(default_factory=set)
    inserts: list[Insert] = field(default_factory=list)
    functions: set[Name] = field(default_factory=set)
    constants: set[str] = field(default_factory=set)
    parameters: dict[int, ColumnName] = field(default_factory=dict)
    schemas: set[str] = field(default_factory=set)
    is_query: bool = False


def facts_of(sql: str, schema: Schema, where: str) -> Facts:
    """Return what a statement does.

    Args:
        sql: The statement, with ``$1`` for a parameter.
        schema: The schema that it was written for.
        where: What it is, for errors.

    Raises:
        InterfaceError: It cannot be parsed.
    """
    reading = _Reading(schema)
    parsed = parse(sql, where)
    reading.facts.is_query = all(each.type == "SelectStmt" for each in parsed)
    for each in parsed:
        if each.type in _STATEMENTS:
            reading.statement(each.type, each.node, ())
        else:
            reading.anything({each.type: each.node}, ())
    return reading.facts


_Scope = Mapping[str, Name | None]
"""Relations by the name under which a statement knows them; ``None`` for what is made within it."""


class _Reading:
    """One pass over a statement; a name means what the innermost scope that has it says."""

    def __init__(self, schema: Schema) -> None:
        self.facts = Facts()
        self._schema = schema
        self._made: set[str] = set()

    def statement(self, kind: str, node: Node, outer: tuple[_Scope, ...]) -> None:
        for each in node.get("withClause", {}).get("ctes", ()):
            self._made.add(str(each["CommonTableExpr"]["ctename"]))
        own = dict(self._scope(node))
        scopes = (own, *outer)
        if kind == "InsertStmt":
            self._insert(node, scopes)
        elif kind in {"UpdateStmt", "MergeStmt"}:
            self._sets(node, self._target(node), scopes)
        self.anything({key: value for key, value in node.items() if key not in _TARGETS[kind]}, scopes)

    def anything(self, value: Any, scopes: tuple[_Scope, ...]) -> None:
        if isinstance(value, list):
            for each in value:
                self.anything(each, scopes)
        elif isinstance(value, Mapping):
            for key, inner in value.items():
                if key in _STATEMENTS:
                    self.statement(key, inner, scopes)
                else:
                    self._note(key, inner, scopes)
                    self.anything(inner, scopes)

    def _note(self, kind: str, node: Any, scopes: tuple[_Scope, ...]) -> None:
        if kind == "ColumnRef":
            self._column(node["fields"], scopes)
        elif kind == "FuncCall":
            names = texts_of(node["funcname"])
            self.facts.functions.add(self._schema.name(names))
        elif kind == "RangeVar":
            self._relation(node)
        elif kind == "A_Const" and "sval" in node:
            self.facts.constants.add(str(node["sval"].get("sval", "")))
        elif kind == "A_Expr":
            self._compared(node, scopes)

    def _scope(self, node: Node) -> Iterator[tuple[str, Name | None]]:
        if "relation" in node:
            yield self._named(node["relation"])
            yield "excluded", None
        for key in ("fromClause", "usingClause", "sourceRelation"):
            yield from self._ranges(node.get(key, ()))

    def _ranges(self, value: Any) -> Iterator[tuple[str, Name | None]]:
        if isinstance(value, list):
            for each in value:
                yield from self._ranges(each)
        elif isinstance(value, Mapping):
            for kind, inner in value.items():
                if kind == "RangeVar":
                    yield self._named(inner)
                elif kind == "JoinExpr":
                    yield from self._ranges([inner.get("larg"), inner.get("rarg")])
                elif kind in {"RangeSubselect", "RangeFunction"} and "alias" in inner:
                    yield str(inner["alias"]["aliasname"]), None

    def _named(self, node: Node) -> tuple[str, Name | None]:
        alias = str(node.get("alias", {}).get("aliasname", node["relname"]))
        return alias, self._relation(node)

    def _relation(self, node: Node) -> Name | None:
        schema, name = str(node.get("schemaname", "")), str(node["relname"])
        if not schema and name in self._made:
            return None
        if schema:
            self.facts.schemas.add(schema)
        found = self._schema.name((schema, name))
        self.facts.relations.add(found)
        return found

    def _target(self, node: Node) -> Name:
        return self._relation(node["relation"]) or self._schema.name((str(node["relation"]["relname"]),))

    def _column(self, fields: list[Any], scopes: tuple[_Scope, ...]) -> None:
        is_star = "A_Star" in fields[-1]
        names = texts_of(fields[:-1] if is_star else fields)
        if is_star:
            own = scopes[0].items() if scopes else ()
            wanted = [name for alias, name in own if alias != "excluded" and (not names or alias == names[-1])]
            self.facts.stars.update(name for name in wanted if name is not None)
        elif (found := self._resolve(names, scopes)) is not None:
            self.facts.reads.add(found)
        elif len(names) == 1:
            whole = next((scope[names[0]] for scope in scopes if names[0] in scope), None)
            if whole is not None:
                self.facts.stars.add(whole)

    def _resolve(self, names: tuple[str, ...], scopes: tuple[_Scope, ...]) -> ColumnName | None:
        *qualifier, column = names
        for scope in scopes:
            if qualifier:
                if qualifier[-1] in scope:
                    relation = scope[qualifier[-1]]
                    return (relation, column) if relation is not None else None
                continue
            held = {relation for relation in scope.values() if relation is not None}
            having = [relation for relation in held if self._schema.column(relation, column) is not None]
            if having:
                return min(having), column
            opaque = [relation for relation in held if not self._columns(relation)]
            if len(opaque) == 1 and column not in scope:
                return opaque[0], column
        return None

    def _columns(self, relation: Name) -> tuple[str, ...]:
        found = self._schema.relations.get(relation)
        return tuple(found.columns) if found is not None else ()

    def _compared(self, node: Node, scopes: tuple[_Scope, ...]) -> None:
        sides = (node.get("lexpr", {}), node.get("rexpr", {}))
        for one, other in (sides, sides[::-1]):
            column = one.get("ColumnRef") if isinstance(one, Mapping) else None
            number = parameter(other)
            if column is not None and number is not None:
                found = self._resolve(texts_of(column["fields"]), scopes)
                if found is not None:
                    self.facts.parameters.setdefault(number, found)

    def _insert(self, node: Node, scopes: tuple[_Scope, ...]) -> None:
        target = self._target(node)
        named = tuple(str(each["ResTarget"]["name"]) for each in node.get("cols", ()))
        select = node.get("selectStmt", {}).get("SelectStmt", {})
        rows = [each["List"]["items"] for each in select.get("valuesLists", ())]
        width = len(rows[0]) if rows else len(select.get("targetList", ()))
        columns = named or self._columns(target)[: width or 0]
        for row in rows or [[]]:
            sources = dict.fromkeys(columns, "")
            for column, value in zip(columns, row, strict=False):
                sources[column] = self._source(value, (target, column))
            self.facts.inserts.append(Insert(target, sources))
        self.facts.writes.update((target, column) for column in columns)
        self._sets(node.get("onConflictClause", {}), target, scopes)

    def _source(self, value: Node, column: ColumnName) -> str:
        number = parameter(value)
        if number is not None:
            self.facts.parameters[number] = column
            return f"${number}"
        if "SetToDefault" in value:
            return DEFAULT
        return NULL if value.get("A_Const", {}).get("isnull") else ""

    def _sets(self, node: Node, target: Name, _scopes: tuple[_Scope, ...]) -> None:
        targets = [each["ResTarget"] for each in node.get("targetList", ())]
        for clause in node.get("mergeWhenClauses", ()):
            targets += [each["ResTarget"] for each in clause["MergeWhenClause"].get("targetList", ())]
        for each in targets:
            column = str(each.get("name", ""))
            self.facts.writes.add((target, column))
            number = parameter(each.get("val", {}))
            if number is not None:
                self.facts.parameters[number] = (target, column)


_TARGETS: Final[Mapping[str, frozenset[str]]] = {
    "SelectStmt": frozenset(),
    "InsertStmt": frozenset({"relation", "cols"}),
    "UpdateStmt": frozenset({"relation"}),
    "DeleteStmt": frozenset({"relation"}),
    "MergeStmt": frozenset({"relation"}),
}


def parameter(value: Any) -> int | None:
    """Return the number of the parameter that an expression is, with or without a cast; ``None`` if it is none."""
    while isinstance(value, Mapping) and "TypeCast" in value:
        value = value["TypeCast"]["arg"]
    if isinstance(value, Mapping) and "ParamRef" in value:
        return int(value["ParamRef"].get("number", 0))
    return None


def highest_parameter(sql: str, where: str) -> int:
    """Return the number of parameters of a statement.

    Raises:
        InterfaceError: It cannot be parsed.
    """
    found = [node for each in parse(sql, where) for kind, node in nodes({each.type: each.node}) if kind == "ParamRef"]
    return max((int(node.get("number", 0)) for node in found), default=0)
