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
from codegen.image import silence
from servanda.interfaces.protobuf.comparison import compare
from servanda.interfaces.protobuf.rules.table import BUF_RULES
from servanda.interfaces.protobuf.schema import File, State

Place = tuple[str, str, int, int, int, int]
_CONFIGURATION = json.dumps({"version": "v2", "breaking": {"use": ["FILE", "PACKAGE", "WIRE_JSON", "WIRE", "CSR"]}})


@dataclass(frozen=True, slots=True)
class Findings:
    """Findings of both in one pair of workspaces: rule, path, and start and end of the place."""

    ours: frozenset[Place]
    theirs: frozenset[Place]


def compiled(sources: Mapping[str, str]) -> FileDescriptorSet | None:
    """Return the image of a workspace; ``None`` if protoc rejects it, as chance makes up invalid ones too."""
    with tempfile.TemporaryDirectory(prefix="agreement-") as folder:
        for path, source in sources.items():
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(source, encoding="utf-8")
        output = Path(folder, "image.binpb")
        bundled = Path(protoc.__file__).parent / "_proto"
        options = ["--include_imports", "--include_source_info", f"--descriptor_set_out={output}"]
        with silence():
            code = protoc.main(["protoc", f"-I{folder}", f"-I{bundled}", *options, *sources])
        return FileDescriptorSet.FromString(output.read_bytes()) if code == 0 else None


def compared(previous: FileDescriptorSet, current: FileDescriptorSet) -> Findings:
    """Return what both find when ``previous`` becomes ``current``."""
    return Findings(frozenset(_ours(previous, current)), frozenset(_theirs(previous, current)))


def drawn(random: Random, edits: int) -> tuple[FileDescriptorSet, FileDescriptorSet] | None:
    """Return a workspace and its edited copy; ``None`` if one of them does not compile."""
    chance = Chance(random)
    workspace = chance.workspace(random.randint(1, 4))
    edited = chance.edited(workspace, edits)
    images = compiled(workspace.rendered()), compiled(edited.rendered())
    return (images[0], images[1]) if images[0] is not None and images[1] is not None else None


def _ours(previous: FileDescriptorSet, current: FileDescriptorSet) -> Iterator[Place]:
    for breach in compare(_state(previous), _state(current), BUF_RULES):
        span = breach.objection.span
        place = (span.start_line, span.start_column, span.end_line, span.end_column) if span else (1, 1, 1, 1)
        yield (breach.rule.id, breach.objection.path, *place)


def _state(image: FileDescriptorSet) -> State:
    return State(File(file.SerializeToString()) for file in image.file)


def _theirs(previous: FileDescriptorSet, current: FileDescriptorSet) -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="agreement-") as folder:
        paths = [Path(folder, name) for name in ("previous.binpb", "current.binpb")]
        for path, image in zip(paths, (previous, current), strict=True):
            path.write_bytes(image.SerializeToString())
        buf = Path(sysconfig.get_path("scripts"), "buf")
        command = [str(buf), "breaking", str(paths[1]), "--against", str(paths[0])]
        command += ["--config", _CONFIGURATION, "--error-format", "json"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 100):
        raise RuntimeError(f"buf failed: {done.stderr.strip()}")
    for line in done.stdout.splitlines():
        found = json.loads(line)
        numbers = (found[key] for key in ("start_line", "start_column", "end_line", "end_column"))
        yield (found["type"], found.get("path", ""), *numbers)


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
        images = drawn(Random(seed), options.per_workspace)
        if images is None:
            rejected += 1
        else:
            done += options.per_workspace
            found = compared(*images)
            rules.update({place[0] for place in found.theirs})
            if found.ours != found.theirs:
                differing += 1
                print(f"seed {seed}: only here {sorted(found.ours - found.theirs)}")
                print(f"seed {seed}: only buf {sorted(found.theirs - found.ours)}")
        seed += 1
    print(f"{done} edits, seeds {options.seed} to {seed - 1}, {rejected} workspaces rejected by protoc")
    print(f"{len(rules)} rules of buf found something; workspaces on which the two differ: {differing}")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
