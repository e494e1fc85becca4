"""Writes a lock file again: ``python -m servanda.infra.jvm.relock FILE [COORDINATE...]``.

Resolves the coordinates (by default those in the file) with all that they need at run time, downloads every jar and
records its sum. Review the difference: from then on it is what runs.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import tomlkit
from jgo.maven import MavenContext
from jgo.parse import Coordinate

from servanda.infra.jvm.lock import Jar, read_lock

_RUNTIME = ("compile", "runtime")


def relock(path: Path, roots: tuple[str, ...]) -> None:
    """Write the lock for these coordinates; the version is that of the first."""
    document = tomlkit.document()
    document.add(tomlkit.comment("The jars of the embedded broker. Written by python -m servanda.infra.jvm.relock."))
    document["version"] = roots[0].rsplit(":", 1)[1]
    document["roots"] = list(roots)
    rows = tomlkit.aot()
    for jar in _resolve(roots):
        row = tomlkit.table()
        row.update({"coordinate": jar.coordinate, "sha256": jar.sha256, "size": jar.size})
        rows.append(row)
    document["jar"] = rows
    path.write_text(tomlkit.dumps(document), encoding="utf-8")


def _resolve(roots: tuple[str, ...]) -> tuple[Jar, ...]:
    with tempfile.TemporaryDirectory(prefix="servanda-maven-") as scratch:
        context = MavenContext(repo_cache=Path(scratch), timeout=60)
        wanted = [context.create_dependency(replace(Coordinate.parse(root), scope="compile")) for root in roots]
        direct, transitive = context.resolver.resolve(wanted)
        needed = [*direct, *(one for one in transitive if one.scope in _RUNTIME)]
        jars = []
        for artifact in (one.artifact for one in needed):
            content = Path(artifact.resolve()).read_bytes()
            coordinate = f"{artifact.groupId}:{artifact.artifactId}:{artifact.version}"
            jars.append(Jar(coordinate, hashlib.sha256(content).hexdigest(), len(content)))
    return tuple(sorted(jars, key=lambda jar: jar.coordinate))


if __name__ == "__main__":
    target = Path(sys.argv[1])
    relock(target, tuple(sys.argv[2:]) or read_lock(target).roots)
