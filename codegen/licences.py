"""``docs/reference/licences.md``: libraries that are installed with the suite or the platform, and their licences."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, metadata
from typing import Any

from codegen.product import ROOT, Product

HEADER = """\
# Licences
The libraries that are installed with the suite (`servanda[all]`) or with the services of the platform on Linux and
Python 3.11, as `uv.lock` has them, with the licence that each declares. `tox -e audit` asks an index which of these
versions have known vulnerabilities.

| library | suite | platform | licence |
|---|---|---|---|
"""
CLASSIFIER = "License :: OSI Approved :: "
# Longer than a name: the text of a licence, of which the first line says which one it is.
LONGEST = 80


def products() -> Iterator[Product]:
    """Return the page."""
    packages = {each["name"]: each for each in tomllib.loads((ROOT / "uv.lock").read_text())["package"]}
    own = packages["servanda"]
    suite = closure(packages, [{"name": "servanda", "extra": ["all"]}]) - {"servanda"}
    platform = closure(packages, own["dev-dependencies"]["platform"])
    rows = [
        f"| {name} | {'yes' if name in suite else ''} | {'yes' if name in platform else ''} | {found} |\n"
        for name in sorted(suite | platform)
        if (found := licence(name))
    ]
    yield Product("docs/reference/licences.md", (HEADER + "".join(rows)).encode())


def closure(packages: Mapping[str, Any], wanted: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the names of these libraries and of all that they need.

    Args:
        packages: Those of the lock, by name.
        wanted: Dependencies as the lock has them.
    """
    found, pending = set[tuple[str, str]](), [(each["name"], extra) for each in wanted for extra in extras(each)]
    while pending:
        name, extra = pending.pop()
        if (name, extra) not in found:
            found.add((name, extra))
            package = packages[name]
            needed = (
                package.get("optional-dependencies", {}).get(extra, []) if extra else package.get("dependencies", [])
            )
            pending += [(each["name"], inner) for each in needed for inner in extras(each)]
    return {name for name, _ in found}


def extras(dependency: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the extras of a dependency; the first one, which is empty, is the library without any."""
    return ("", *dependency.get("extra", ()))


def licence(name: str) -> str:
    """Return the licence that an installed library declares; empty if it is for another system or Python.

    Raises:
        LookupError: It declares none.
    """
    try:
        found = metadata(name)
    except PackageNotFoundError:
        return ""
    values = {key: found.get_all(key) or [""] for key in ("License-Expression", "Classifier", "License")}
    classified = [each.removeprefix(CLASSIFIER) for each in values["Classifier"] if CLASSIFIER in each]
    text = values["License"][0].strip().partition("\n")[0]
    declared = values["License-Expression"][0] or ", ".join(classified) or (text if len(text) <= LONGEST else "")
    if not declared or declared == "UNKNOWN":
        raise LookupError(f"{name} declares no licence")
    return declared.replace("|", "\\|")
