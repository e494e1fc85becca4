"""Changes that a test of a node of the syntax tree should notice, as code that takes its place."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping
from typing import Final

COMPARISONS: Final[Mapping[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC: Final[Mapping[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
}


def replacements(node: ast.AST) -> Iterator[str]:
    """Yield what may stand in place of a node, each one change away from it."""
    match node:
        case ast.Compare() | ast.BoolOp() | ast.BinOp() | ast.UnaryOp():
            yield from _of_operation(node)
        case ast.Constant():
            yield from _of_constant(node)
        case ast.IfExp():
            yield f"({ast.unparse(node.orelse)} if {ast.unparse(node.test)} else {ast.unparse(node.body)})"
        case ast.Call():
            yield from _without_an_argument(node)
        case ast.stmt():
            yield from _of_statement(node)


def _of_operation(node: ast.Compare | ast.BoolOp | ast.BinOp | ast.UnaryOp) -> Iterator[str]:
    changed = copy.deepcopy(node)
    match changed:
        case ast.Compare(ops=[operator]) if type(operator) in COMPARISONS:
            changed.ops = [COMPARISONS[type(operator)]()]
        case ast.BoolOp(op=ast.And()):
            changed.op = ast.Or()
        case ast.BoolOp():
            changed.op = ast.And()
        case ast.BinOp(op=operator) if type(operator) in ARITHMETIC:
            changed.op = ARITHMETIC[type(operator)]()
        case ast.UnaryOp(op=ast.Not()):
            yield f"({ast.unparse(changed.operand)})"
            return
        case _:
            return
    yield f"({ast.unparse(changed)})"


def _of_constant(node: ast.Constant) -> Iterator[str]:
    value = node.value
    if isinstance(value, bool):
        yield repr(not value)
    elif isinstance(value, (int, float)):
        yield repr(value + 1)
    elif isinstance(value, (str, bytes)):
        other = "mutated" if isinstance(value, str) else b"mutated"
        yield repr(type(other)() if value else other)


def _without_an_argument(node: ast.Call) -> Iterator[str]:
    for position, keyword in enumerate(node.keywords):
        if keyword.arg is not None:
            changed = copy.deepcopy(node)
            del changed.keywords[position]
            yield ast.unparse(changed)


def _of_statement(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.Expr(value=ast.Call() | ast.Await()) | ast.Raise():
            yield "pass"
        case ast.Return(value=value) if value is not None and not _is_none(value):
            yield "return None"
        case ast.AugAssign(op=operator) if type(operator) in ARITHMETIC:
            changed = copy.deepcopy(node)
            changed.op = ARITHMETIC[type(operator)]()
            yield ast.unparse(changed)
        case ast.Break():
            yield "continue"
        case ast.Continue():
            yield "break"


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
