"""Workspaces as people have them."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto

from codegen.image import image_of
from servanda.interfaces.protobuf.check import check
from servanda.interfaces.protobuf.compiler import proto_files
from servanda.interfaces.protobuf.inputs import Opener, Workspace
from servanda.interfaces.protobuf.rules.table import BUF_RULES
from servanda.interfaces.protobuf.schema import File, State
from servanda.verdict import Finding

BUF = {rule.id for rule in BUF_RULES}
ORDER = """syntax = "proto3";
package shop.v1;
message Order {
  string order_id = 1;
  int32 quantity = 2;
}
"""
WITHOUT_QUANTITY = ORDER.replace("  int32 quantity = 2;\n", "")


@dataclass(frozen=True, slots=True)
class Desk:
    """A folder to work in."""

    folder: Path

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files, by path."""
        for path, content in files.items():
            file = self.folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)

    def open(self, text: str, beside: str | None = None) -> Workspace:
        """Open an input."""
        return Opener(self.folder, self.folder / "cache").open(text, beside)

    def check(self, text: str, *bases: str) -> tuple[Finding, ...]:
        """Compare inputs under the rules that buf has."""
        found = (each.finding for each in check(self.open(text), [self.open(base, beside=text) for base in bases]))
        return tuple(finding for finding in found if finding.rule in BUF)

    def git(self, *arguments: str) -> str:
        """Run git here, as nobody in particular."""
        identity = ("-c", "user.name=nobody", "-c", "user.email=nobody@example.org", "-c", "init.defaultBranch=main")
        command = ["git", *identity, *arguments]
        done = subprocess.run(command, cwd=self.folder, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def commit(self, message: str) -> str:
        """Commit all that is here; its hash."""
        self.git("add", ".")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")


needs_edition_2024 = pytest.mark.skipif(
    "option_dependency" not in FileDescriptorProto.DESCRIPTOR.fields_by_name,
    reason="a protoc that knows edition 2024: protobuf 6.31 or later",
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty folder."""
    return Desk(tmp_path)


@pytest.fixture
def repository(desk: Desk) -> Desk:
    """A git repository: on ``main`` an order has a quantity, in the working tree on ``feature`` it has none."""
    desk.git("init", "--quiet")
    desk.write({".gitignore": "cache/\n", "proto/shop/v1/shop.proto": ORDER})
    desk.commit("one")
    desk.git("switch", "--quiet", "--create", "feature")
    desk.write({"proto/shop/v1/shop.proto": WITHOUT_QUANTITY})
    return desk


def state(folder: Path) -> State:
    """The interfaces in a folder, all of them examined."""
    return state_of({name: (folder / name).read_text(encoding="utf-8") for name in proto_files(folder)})


def state_of(sources: Mapping[str, str]) -> State:
    """The interfaces that these sources declare, by path."""
    return State(File(file.SerializeToString(), imported=file.name not in sources) for file in image_of(sources).file)
