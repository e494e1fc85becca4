"""Rules for the files of a module: the section ``breaking`` of ``buf.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from types import MappingProxyType

from servanda.documents import Table, Value
from servanda.interfaces.protobuf.layout.directives import NO_DIRECTIVES, Directives, beyond_buf
from servanda.interfaces.protobuf.rules.categories import Category
from servanda.interfaces.protobuf.rules.table import BUF_RULES
from servanda.interfaces.protobuf.schema import File
from servanda.interfaces.rule import Rule

# The last part of an unstable package: v1alpha1, v1beta, v1p1beta1, v1test, v1testfoo.
_UNSTABLE = re.compile(r"^v[1-9]\d*(p[1-9]\d*)?(alpha|beta)([1-9]\d*)?$|^v[1-9]\d*test.*$")
# By strictness: the first of a rule's categories is the one that it is told under.
_CATEGORIES = (Category.FILE, Category.PACKAGE, Category.WIRE_JSON, Category.WIRE, Category.CSR)
_NEW_IN_V2 = frozenset({"FIELD_SAME_DEFAULT", "EXTENSION_NO_DELETE", "PACKAGE_EXTENSION_NO_DELETE"})
_NEW_IN_V1 = frozenset({"FIELD_WIRE_COMPATIBLE_TYPE", "FIELD_WIRE_JSON_COMPATIBLE_TYPE"})
_EVERY_OLD_LEVEL = (Category.FILE, Category.PACKAGE, Category.WIRE_JSON, Category.WIRE)
# Rules that v1beta1 counts to other categories than later versions do: 'buf config ls-breaking-rules' lists them.
_IN_V1BETA1 = MappingProxyType(
    {
        "FILE_SAME_PACKAGE": (Category.FILE,),
        "FIELD_SAME_CARDINALITY": _EVERY_OLD_LEVEL,
        "FIELD_SAME_TYPE": _EVERY_OLD_LEVEL,
    }
)
UNCONFIGURED = "v1"
"""Version whose rules buf applies where there is no document."""
_RENAMED = MappingProxyType(
    {
        "FIELD_SAME_CTYPE": ("FIELD_SAME_CPP_STRING_TYPE",),
        "FIELD_SAME_LABEL": (
            "FIELD_SAME_CARDINALITY",
            "FIELD_WIRE_COMPATIBLE_CARDINALITY",
            "FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY",
        ),
        "FILE_SAME_JAVA_STRING_CHECK_UTF8": ("FIELD_SAME_JAVA_UTF8_VALIDATION",),
        # Deprecated without a successor: they never object.
        "FILE_SAME_PHP_GENERIC_SERVICES": (),
        "MESSAGE_SAME_MESSAGE_SET_WIRE_FORMAT": (),
    }
)


@dataclass(frozen=True, slots=True)
class Breaking:
    """Rules that a module asks for.

    Rules of categories that buf does not have hold unless the document excepts them.

    Attributes:
        used: Category by rule of buf that holds.
        excepted: Rules beyond buf that do not hold.
        ignored: Paths of files and folders, relative to the module, to which no rule is applied.
        ignored_by_rule: The same for single rules.
        ignores_unstable: Whether packages such as ``v1alpha1`` are left alone.
    """

    used: Mapping[str, str] = field(default_factory=lambda: _used(("FILE",), (), UNCONFIGURED))
    excepted: frozenset[str] = frozenset()
    ignored: tuple[str, ...] = ()
    ignored_by_rule: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    ignores_unstable: bool = False

    def category(self, rule: Rule) -> str | None:
        """Return the category under which a rule holds; ``None`` if it does not."""
        if rule.categories and rule.categories[0] not in _CATEGORIES:
            return str(rule.categories[0]) if rule.id not in self.excepted else None
        return self.used.get(rule.id)

    def ignores(self, rule: Rule, file: File) -> bool:
        """Tell whether the rule is not to be applied to this file."""
        paths = (*self.ignored, *self.ignored_by_rule.get(rule.id, ()))
        if any(path in (".", file.path) or file.path.startswith(f"{path}/") for path in paths):
            return True
        return self.ignores_unstable and is_unstable(file.package)


def is_unstable(package: str) -> bool:
    """Tell whether the last part of a package says that it is not stable yet."""
    return _UNSTABLE.match(package.rpartition(".")[2]) is not None


def read_breaking(
    section: Table | None, version: str, module: str, root: str, directives: Directives = NO_DIRECTIVES
) -> Breaking:
    """Return the section of a document.

    Args:
        section: What the document says; ``None`` if it has no such section.
        version: Version of the document's format, ``v1beta1``, ``v1`` or ``v2``.
        module: Path of the module, to which the result is relative.
        root: Path to which the section is relative.
        directives: What the comments of the document say of rules beyond buf.

    Raises:
        InterfaceError: It says something that cannot be meant.
    """
    by_rule = {rule: tuple(_within(paths, module, root)) for rule, paths in directives.ignored.items()}
    if section is None:
        used = _used(("FILE",), (), version)
        return Breaking(used, directives.excepted, ignored_by_rule=MappingProxyType(by_rule))
    used_names = [rule for value in section.items("use") for rule in _named(value, version)]
    excepted = list(directives.excepted)
    for value in section.items("except"):
        excepted += beyond_buf(value.scalar()) or _named(value, version)
    for name, value in section.table("ignore_only").entries():
        paths = _paths(value.items(), module, root)
        for rule in beyond_buf(name) or _rules_of(name, value, version):
            by_rule[rule] = (*by_rule.get(rule, ()), *paths)
    is_disabled = section.flag("disable_builtin", default=False)
    breaking = Breaking(
        used=MappingProxyType({}) if is_disabled else _used(used_names or ("FILE",), excepted, version),
        excepted=frozenset(excepted),
        ignored=_paths(section.items("ignore"), module, root),
        ignored_by_rule=MappingProxyType(by_rule),
        ignores_unstable=section.flag("ignore_unstable_packages", default=False),
    )
    section.close()
    return breaking


def _used(names: Iterable[str], excepted: Iterable[str], version: str) -> Mapping[str, str]:
    wanted, unwanted = list(names), set(excepted)
    found: dict[str, str] = {}
    for rule in _known(version):
        own = {rule.id, *_categories(rule, version)}
        if own & unwanted or not own & set(wanted):
            continue
        categories = [name for name in wanted if name != rule.id and name in own]
        found[rule.id] = (categories or [str(each) for each in _CATEGORIES if each in own])[0]
    return MappingProxyType(found)


def _known(version: str) -> Iterator[Rule]:
    """Yield the rules that a version has."""
    later = {"v2": frozenset[str](), "v1": _NEW_IN_V2}.get(version, _NEW_IN_V2 | _NEW_IN_V1)
    return (rule for rule in BUF_RULES if rule.id not in later)


def _categories(rule: Rule, version: str) -> tuple[str, ...]:
    if version == "v2":
        return rule.categories
    if version == "v1beta1" and rule.id in _IN_V1BETA1:
        return _IN_V1BETA1[rule.id]
    return tuple(each for each in rule.categories if each != Category.CSR)


def _named(value: Value, version: str) -> tuple[str, ...]:
    """Return the category, the rule, or the successors of the rule that a value names."""
    name = value.scalar()
    _rules_of(name, value, version)
    return _RENAMED.get(name, (name,))


def _rules_of(name: str, place: Value, version: str) -> tuple[str, ...]:
    if name in _RENAMED:
        return _RENAMED[name]
    found = tuple(rule.id for rule in _known(version) if name == rule.id or name in _categories(rule, version))
    if not found:
        categories = ", ".join(_CATEGORIES if version == "v2" else _EVERY_OLD_LEVEL)
        raise place.error(
            f"'{name}' is no rule and no category that buf knows in version {version}",
            f"categories: {categories}; 'servanda explain' lists the rules",
        )
    return found


def _paths(values: Iterable[Value], module: str, root: str) -> tuple[str, ...]:
    written = []
    for value in values:
        path = PurePosixPath(value.scalar())
        if path.is_absolute() or ".." in path.parts:
            raise value.error(f"'{path}' lies outside of the workspace", "write it relative to the workspace")
        written.append(path.as_posix())
    return tuple(_within(written, module, root))


def _within(paths: Iterable[str], module: str, root: str) -> Iterator[str]:
    """Yield those paths, relative to the module; those that lie outside of it are none of its business."""
    for each in paths:
        path = PurePosixPath(root) / each
        if path.is_relative_to(module):
            yield path.relative_to(module).as_posix()
        elif PurePosixPath(module).is_relative_to(path):
            yield "."
