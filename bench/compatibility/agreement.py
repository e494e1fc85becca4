"""Agreement of the suite and buf on the same edits of workspaces made up by chance.

``python -m bench.compatibility.agreement --edits 5000`` prints the seed of every workspace on which they differ.
"""

from __future__ import annotations

import argparse
import collections
import json
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

from google.protobuf.descriptor_pb2 import FileDescriptorSet
from grpc_tools import protoc

from bench.compatibility.chance import Chance
from bench.compatibility.dressing import document, dressed
from codegen.image import silence
from servanda.errors import InterfaceError
from servanda.interfaces.protobuf.check import check
from servanda.interfaces.protobuf.inputs import Opener
from servanda.interfaces.protobuf.rules.table import BUF_RULES

Place = tuple[str, str, int, int, int, int]
EVERYTHING = json.dumps({"version": "v2", "breaking": {"use": ["FILE", "PACKAGE", "WIRE_JSON", "WIRE", "CSR"]}})
"""A ``buf.yaml`` with all rules that buf has."""
_RULES = frozenset(rule.id for rule in BUF_RULES)


@dataclass(frozen=True, slots=True)
class Findings:
    """Findings of both in one pair of workspaces: rule, path, and start and end of the place."""

    ours: frozenset[Place]
    theirs: frozenset[Place]


def compiled(sources: Mapping[str, str]) -> FileDescriptorSet | None:
    """Return the image of a workspace; ``None`` if protoc rejects it, as chance makes up invalid ones too."""
    with tempfile.TemporaryDirectory(prefix="agreement-") as folder:
        _write(Path(folder), sources)
        output = Path(folder, "image.binpb")
        bundled = Path(protoc.__file__).parent / "_proto"
        options = ["--include_imports", "--include_source_info", f"--descriptor_set_out={output}"]
        with silence():
            code = protoc.main(["protoc", f"-I{folder}", f"-I{bundled}", *options, *sources])
        return FileDescriptorSet.FromString(output.read_bytes()) if code == 0 else None


def compared(previous: Mapping[str, str], current: Mapping[str, str], document: str = EVERYTHING) -> Findings | None:
    """Return what both find when one workspace becomes the other under a ``buf.yaml``.

    Returns:
        ``None`` if one of the workspaces does not compile.
    """
    with tempfile.TemporaryDirectory(prefix="agreement-") as scratch:
        for name, sources in (("old", previous), ("new", current)):
            _write(Path(scratch, name), {**sources, **({"buf.yaml": document} if document else {})})
        try:
            ours = frozenset(_ours(Path(scratch)))
        except InterfaceError:
            return None
        theirs = _theirs(Path(scratch))
    return Findings(ours, theirs) if theirs is not None else None


def workspaces(random: Random, edits: int) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the sources of a workspace and of its edited copy; chance makes up some that do not compile."""
    chance = Chance(random)
    workspace = chance.workspace(random.randint(1, 4))
    return workspace.rendered(), chance.edited(workspace, edits).rendered()


def drawn(random: Random, edits: int) -> tuple[FileDescriptorSet, FileDescriptorSet] | None:
    """Return images of a workspace and its edited copy; ``None`` if one of them does not compile."""
    before, after = (compiled(sources) for sources in workspaces(random, edits))
    return (before, after) if before is not None and after is not None else None


def _write(folder: Path, sources: Mapping[str, str]) -> None:
    for path, source in sources.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(source.encode())


def _ours(folder: Path) -> Iterator[Place]:
    opener = Opener(folder, folder / "cache")
    bases = [opener.open("old")]
    for each in check(opener.open("new"), bases):
        finding, span = each.finding, each.finding.span
        # Of a file that is gone only the suite shows where it was.
        path = span.path if span.path.startswith("new/") else ""
        if finding.rule in _RULES:
            yield (finding.rule, path, span.start_line, span.start_column, span.end_line, span.end_column)


def _theirs(folder: Path) -> frozenset[Place] | None:
    buf = Path(sysconfig.get_path("scripts"), "buf")
    command = [str(buf), "breaking", "new", "--against", "old", "--error-format", "json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    if any(each["type"] == "COMPILE" for each in found):
        return None
    if done.returncode not in (0, 100):
        raise RuntimeError(f"buf failed: {done.stderr.strip()}")
    keys = ("start_line", "start_column", "end_line", "end_column")
    return frozenset((each["type"], each.get("path", ""), *(each.get(key, 0) for key in keys)) for each in found)


def main() -> int:
    """Draw workspaces until enough edits were compared; answer 1 if they ever differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=5000, help="edits to compare in all")
    parser.add_argument("--per-workspace", type=int, default=8, help="edits in one workspace")
    parser.add_argument("--seed", type=int, default=0, help="seed of the first workspace; the next ones count up")
    options = parser.parse_args()
    seed, done, rejected, differing = options.seed, 0, 0, 0
    rules: collections.Counter[str] = collections.Counter()
    while done < options.edits:
        random = Random(seed)
        before, after = (dressed(sources, random) for sources in workspaces(random, options.per_workspace))
        configuration = document(random)
        found = compared(before, after, configuration)
        if found is None:
            rejected += 1
        else:
            done += options.per_workspace
            rules.update({place[0] for place in found.theirs})
            if found.ours != found.theirs:
                differing += 1
                print(f"seed {seed}: under {configuration or 'no buf.yaml'}")
                print(f"seed {seed}: only here {sorted(found.ours - found.theirs)}")
                print(f"seed {seed}: only buf {sorted(found.theirs - found.ours)}")
        seed += 1
    print(f"{done} edits, seeds {options.seed} to {seed - 1}, {rejected} workspaces rejected by a compiler")
    print(f"{len(rules)} rules of buf found something; workspaces on which the two differ: {differing}")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
