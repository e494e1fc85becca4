"""A till of which one release was published, and the command that runs it beside the working tree."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

SAMPLE = Path(__file__).parents[2] / "samples" / "artifact"
COMMAND = (str(Path(sys.executable).with_name("servanda")), "versions", "--order", "provider-first")


def copied(root: Path) -> Path:
    """Return a folder with the code of the till, which is about to be released."""
    return Path(shutil.copytree(SAMPLE, root, ignore=shutil.ignore_patterns("__pycache__")))


def go_on(till: Path, old: str = "", new: str = "") -> None:
    """Begin the release after the first one, with a change of the process."""
    for name, before, after in (("__init__", '"one"', '"two"'), ("__main__", old or "\0", new)):
        module = till / "till" / f"{name}.py"
        module.write_text(module.read_text().replace(before, after))


def examined(till: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the till in several versions."""
    return subprocess.run(
        (*COMMAND, *arguments), cwd=till, env=os.environ, check=False, capture_output=True, text=True, timeout=300
    )


def said_by(till: Path, version: str) -> str:
    """Return the first line that an instance of the till wrote."""
    return (till / ".servanda" / "versions" / "logs" / f"till@{version}.log").read_text().splitlines()[0]
