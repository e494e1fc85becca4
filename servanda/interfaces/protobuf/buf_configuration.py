"""The part of ``buf.yaml`` that buf needs for its own rules about form, and what else is in it."""

from __future__ import annotations

from dataclasses import dataclass

import yaml

from servanda.errors import InterfaceError

# The others name dependencies, which an image holds, and programs.
_KEPT = ("version", "name", "modules", "build", "lint")
# A merge key could bring either of the others.
_PROGRAMS = ("plugins", "policies", "<<")


@dataclass(frozen=True, slots=True)
class BufConfiguration:
    """Lint settings of a ``buf.yaml``.

    Attributes:
        reduced: A document with what buf's own rules need, as it was written. Aliases stay aliases, so that a short
            document cannot become a long one.
        programs: Name and place of what may name programs that buf would run.
    """

    reduced: bytes
    programs: tuple[tuple[str, str], ...] = ()


DEFAULT = BufConfiguration(b"version: v2\n")


def read_buf_configuration(content: bytes, path: str) -> BufConfiguration:
    """Take a ``buf.yaml`` apart.

    Raises:
        InterfaceError: It is no YAML, or no mapping.
    """
    try:
        root = yaml.compose(content.decode(), yaml.SafeLoader)
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise InterfaceError(f"cannot be read as YAML: {error}", where=path) from error
    if root is None or _is_empty(root):
        return DEFAULT
    if not isinstance(root, yaml.MappingNode):
        raise InterfaceError("expected a mapping", where=path)
    kept = [(key, _without_breaking(value)) for key, value in root.value if key.value in _KEPT]
    reduced: str = yaml.serialize(yaml.MappingNode(root.tag, kept), Dumper=yaml.SafeDumper, allow_unicode=True)
    programs = tuple(
        (str(key.value), f"{path}:{key.start_mark.line + 1}:{key.start_mark.column + 1}")
        for key, value in root.value
        if key.value in _PROGRAMS and not _is_empty(value)
    )
    return BufConfiguration(reduced.encode(), programs)


def _without_breaking(value: yaml.Node) -> yaml.Node:
    """Leave out what modules say about breaks: it may name rules that buf does not have."""
    for module in value.value if isinstance(value, yaml.SequenceNode) else ():
        if isinstance(module, yaml.MappingNode):
            module.value = [(key, inner) for key, inner in module.value if key.value != "breaking"]
    return value


def _is_empty(node: yaml.Node) -> bool:
    """Tell whether a value is left empty, or is a list of nothing."""
    return node.tag == "tag:yaml.org,2002:null" or (isinstance(node, yaml.SequenceNode) and not node.value)
