"""Large workspaces, and edits to them that are as mixed as those of a busy week; all of it follows from a seed.

``python -m bench.compatibility.large --files 2000 --edits 200 FOLDER`` writes ``FOLDER/previous`` and
``FOLDER/current``.
"""

from __future__ import annotations

import argparse
import shutil
from dataclasses import dataclass
from pathlib import Path
from random import Random

_PER_PACKAGE = 10
_SCALARS = ("string", "int32", "int64", "bool", "double", "bytes", "uint32")


@dataclass(frozen=True, slots=True)
class Size:
    """Size of a workspace.

    Attributes:
        files: Number of files; ten of them make a package.
        messages: Messages in each file.
        fields: Fields in each message.
    """

    files: int
    messages: int = 9
    fields: int = 9


def write(folder: Path, size: Size, edits: int, seed: int) -> int:
    """Write the two states, ``previous`` and ``current``.

    Returns:
        The number of lines of the previous state.
    """
    previous, current = folder / "previous", folder / "current"
    for state in (previous, current):
        shutil.rmtree(state, ignore_errors=True)
    lines = 0
    for number in range(size.files):
        text = _source(number, size)
        lines += text.count("\n")
        for state in (previous, current):
            file = state / path_of(number)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    random = Random(seed)
    for number in random.sample(range(size.files), min(edits, size.files)):
        file = current / path_of(number)
        file.write_text(edited(file.read_text(encoding="utf-8"), number, random), encoding="utf-8")
    return lines


def path_of(number: int) -> str:
    """Path of a file of the workspace."""
    return f"acme/p{number // _PER_PACKAGE:04}/v1/f{number:05}.proto"


def edited(text: str, number: int, random: Random) -> str:
    """Return the text with one edit that breaks somebody."""
    message = random.randrange(4)
    return text.replace(*random.choice(_edits(number, message)), 1)


def _edits(number: int, message: int) -> tuple[tuple[str, str], ...]:
    field = f"m{message}_field_3"
    return (
        (f" {field} = 4;", f" {field}_renamed = 4;"),
        (f"  // Field 3 of message {message}.\n  int64 {field} = 4;\n", ""),
        (f"  int64 {field} = 4;", f"  string {field} = 4;"),
        (f"  int64 {field} = 4;", f"  repeated int64 {field} = 4;"),
        (f"  KIND{number}_BETA = 2;\n", ""),
        (f"  rpc Get0(File{number}Message0)", f"  rpc Fetch0(File{number}Message0)"),
        (f"  rpc Get1(File{number}Message1)", f"  rpc Get1(File{number}Message0)"),
    )


def _source(number: int, size: Size) -> str:
    package = f"acme.p{number // _PER_PACKAGE:04}.v1"
    first = number - number % _PER_PACKAGE
    imports = [path_of(each) for each in range(first, number)][-3:]
    lines = ['syntax = "proto3";', "", f"package {package};", "", *(f'import "{path}";' for path in imports), ""]
    lines += [f"// Kinds of things in file {number}.", f"enum Kind{number} {{", f"  KIND{number}_UNSPECIFIED = 0;"]
    lines += [f"  // An alpha thing.\n  KIND{number}_ALPHA = 1;", f"  KIND{number}_BETA = 2;", "}", ""]
    for message in range(size.messages):
        lines += [f"// Message {message} of file {number}.", f"message File{number}Message{message} {{"]
        for field in range(size.fields - 2):
            kind = "int64" if field == 3 else _SCALARS[(number + message + field) % len(_SCALARS)]
            if field == 3:
                lines.append(f"  // Field 3 of message {message}.")
            lines.append(f"  {kind} m{message}_field_{field} = {field + 1};")
        lines.append(f"  Kind{number} m{message}_kind = {size.fields - 1};")
        other = number - 1 if number > first else number
        lines += [f"  repeated File{other}Message0 m{message}_others = {size.fields};", "}", ""]
    lines += [f"// Service of file {number}.", f"service Service{number} {{"]
    for rpc in range(min(4, size.messages)):
        lines.append(f"  rpc Get{rpc}(File{number}Message{rpc}) returns (File{number}Message{rpc});")
    return "\n".join([*lines, "}", ""])


def main() -> None:
    """Write a workspace and say how large it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--edits", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    lines = write(options.folder, Size(options.files), options.edits, options.seed)
    print(f"{options.files} files, {lines} lines, {options.edits} edits, seed {options.seed}: {options.folder}")


if __name__ == "__main__":
    main()
