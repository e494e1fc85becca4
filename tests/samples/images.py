"""Container images that tests make without a registry: the Python that runs the tests, and a folder."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

APP = "/app"
_LEFT_OUT = re.compile(
    r"/(site-packages|test|tests|__pycache__|idlelib|tkinter|ensurepip|lib2to3|config-[^/]*|_tkinter[^/]*)(/|$)"
)


def python_image(folder: Path, name: str) -> str:
    """Make an image that holds Python and no other program, and return its name.

    Args:
        folder: Scratch folder.
        name: Its name.
    """
    archive = folder / "python.tar"
    program = Path(sys.executable).resolve()
    library = Path(sys.base_prefix, "lib", f"python{sys.version_info[0]}.{sys.version_info[1]}")
    with tarfile.open(archive, "w") as files:
        files.add(library, filter=_wanted)
        files.add(program)
        files.add(program, arcname=str(program.with_name("python")))
        for path in {
            *_shared(program),
            *(each for module in library.glob("lib-dynload/*.so") for each in _shared(module)),
        }:
            files.add(path.resolve(), arcname=str(path))
    _docker("import", "--change", f"ENV PATH={program.parent}", str(archive), name)
    return name


def image_with(folder: Path, name: str, base: str, workdir: str = APP) -> str:
    """Make an image of another one with a folder as its working directory, and return its id."""
    container = _docker("create", base, "none")
    try:
        _docker("cp", f"{folder}/.", f"{container}:{APP}")
        return _docker("commit", "--change", f"WORKDIR {workdir}", container, name)
    finally:
        _docker("rm", container)


def containers(version: str) -> list[str]:
    """Return the names of containers that Servanda started of one version, whether they run or not."""
    # Other tests of the same host have containers at the same time: stores, and images of their own.
    filters = ("--filter", "label=dev.servanda.container", "--filter", f"name=^servanda-.*{version}-")
    return _docker("ps", "--all", *filters, "--format", "{{.Names}}").split()


def removed(*names: str) -> None:
    """Remove images."""
    subprocess.run(("docker", "rmi", "--force", *names), check=False, capture_output=True)


def _docker(*words: str) -> str:
    done = subprocess.run(("docker", *words), check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _wanted(info: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return None if _LEFT_OUT.search(f"/{info.name}") else info


def _shared(path: Path) -> Iterator[Path]:
    done = subprocess.run(("ldd", str(path)), check=False, capture_output=True, text=True)
    yield from map(Path, re.findall(r"(/\S+) \(0x", done.stdout))
