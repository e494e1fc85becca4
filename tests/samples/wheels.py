"""Wheels that tests write, without a tool that builds them."""

from __future__ import annotations

import zipfile
from pathlib import Path

LOCK = 'lock-version = "1.0"\ncreated-by = "a test"\npackages = []\n'


def write_wheel(
    folder: Path, name: str, version: str, files: dict[str, str], *, tag: str = "py3-none-any", metadata: str = ""
) -> Path:
    """Write a wheel with these files, and a lock file that names no dependency beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    wheel, told = folder / f"{name}-{version}-{tag}.whl", f"{name}-{version}.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
        archive.writestr(f"{told}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{metadata}")
        archive.writestr(f"{told}/WHEEL", f"Wheel-Version: 1.0\nGenerator: a test\nRoot-Is-Purelib: true\nTag: {tag}\n")
        archive.writestr(f"{told}/RECORD", "")
    (folder / "pylock.toml").write_text(LOCK)
    return wheel


def write_package_wheel(package: Path, folder: Path, version: str, old: str = "", new: str = "") -> Path:
    """Write a wheel of a package, in whose files a text is replaced by another one."""
    files = {f"{package.name}/{path.name}": path.read_text().replace(old or "\0", new) for path in package.glob("*.py")}
    return write_wheel(folder, package.name, version, files)
