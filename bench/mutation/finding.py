"""Every change that can be made to a module, but for those that no test has to notice."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Final

from typing_extensions import override

from bench.mutation.mutant import Mutant
from bench.mutation.operators import replacements

LOGGERS: Final = frozenset({"log", "_log", "logger", "_logger"})
# Declarations for type checkers and for the module system; they do nothing that could be tested.
DECLARATIONS: Final = frozenset({"TypeVar", "ParamSpec", "NewType", "cast", "overload", "get_logger"})


def mutants_of(path: str, source: bytes) -> tuple[Mutant, ...]:
    """Return every change to a module, in the order of its source; each result is a module that compiles.

    Left out are docstrings, annotations, imports, log lines and the text of errors.

    Raises:
        SyntaxError: It is no Python module.
    """
    visitor = _Visitor(path, source)
    visitor.visit(ast.parse(source))
    return tuple(mutant for mutant in visitor.found if _compiles(mutant, source))


def mutants_in(top: Path, folder: str) -> Iterator[Mutant]:
    """Yield every change to the modules below a folder, or to one module, by their path.

    Raises:
        FileNotFoundError: There is no such module or folder.
    """
    place = top / folder
    if not place.exists():
        raise FileNotFoundError(f"{folder} is neither a module nor a folder of {top}")
    for file in [place] if place.is_file() else sorted(place.rglob("*.py")):
        yield from mutants_of(file.relative_to(top).as_posix(), file.read_bytes())


class _Visitor(ast.NodeVisitor):
    def __init__(self, path: str, source: bytes) -> None:
        self.found: list[Mutant] = []
        self._path = path
        self._source = source
        self._lines = [0, *accumulate(len(line) for line in source.splitlines(keepends=True))]
        self._scope: list[str] = []

    @override
    def visit(self, node: ast.AST) -> None:
        if _is_silent(node):
            return
        if isinstance(node, (ast.expr, ast.stmt)):
            for after in replacements(node):
                self._note(node, after)
        super().visit(node)

    def _note(self, node: ast.expr | ast.stmt, after: str) -> None:
        start = self._lines[node.lineno - 1] + node.col_offset
        end = self._lines[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
        before = self._source[start:end].decode()
        self.found.append(Mutant(self._path, ".".join(self._scope), node.lineno, start, end, before, after))

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._scope.append(node.name)
        for child in (*node.args.defaults, *node.args.kw_defaults, *_after_docstring(node)):
            if child is not None:
                self.visit(child)
        self._scope.pop()

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.visit_FunctionDef(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._scope.append(node.name)
        for child in _after_docstring(node):
            self.visit(child)
        self._scope.pop()

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_Raise(self, node: ast.Raise) -> None:
        """Leave the text of an error alone: it is read by people."""

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Leave the parts of a formatted text alone: they cannot be replaced one by one."""

    def visit_If(self, node: ast.If) -> None:
        if isinstance(node.test, (ast.Name, ast.Attribute, ast.Call, ast.NamedExpr)):
            self._note(node.test, f"(not ({ast.unparse(node.test)}))")
        self.generic_visit(node)


def _after_docstring(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> list[ast.stmt]:
    return node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body


def _is_silent(node: ast.AST) -> bool:
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name in DECLARATIONS
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name) | ast.Attribute(attr=name)))):
            return name in LOGGERS
    return False


def _compiles(mutant: Mutant, source: bytes) -> bool:
    try:
        compile(mutant.apply(source), mutant.path, "exec")
    except SyntaxError:
        return False
    return True
