"""The plan of a rollout of a repository that has made two releases."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from servanda.configuration import Configuration, load
from servanda.gate.rollout import plan_of
from servanda.interfaces.protobuf.inputs import Opener
from servanda.interfaces.protobuf.releases import release
from servanda.verdict import DeployOrder

CALL = "  rpc {name}({name}Request) returns ({name}Response);\n"
MESSAGES = "message {name}Request {{}}\nmessage {name}Response {{}}\n"
IDENTITY = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")


@pytest.fixture
def shop(tmp_path: Path) -> Configuration:
    """A shop whose release 1.1.0 has an rpc more than 1.0.0; nothing has changed since."""
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "servanda.toml").write_text('[services.stock]\ncommand = ["true"]\n', encoding="utf-8")
    for version, names in (("1.0.0", ("Find",)), ("1.1.0", ("Find", "Take"))):
        write_proto(tmp_path, names)
        release(load(tmp_path / "servanda.toml"), version, Opener(tmp_path, tmp_path / ".cache"))
        git(tmp_path, "add", "proto", "contracts", "servanda.toml")
        git(tmp_path, "commit", "-qm", version)
    return load(tmp_path / "servanda.toml")


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(("git", *IDENTITY, *arguments), cwd=folder, check=True)


def write_proto(folder: Path, names: tuple[str, ...]) -> None:
    calls = "".join(CALL.format(name=name) for name in names)
    messages = "".join(MESSAGES.format(name=name) for name in names)
    (folder / "proto").mkdir(exist_ok=True)
    text = f'syntax = "proto3";\npackage shop.v1;\n{messages}service Stock {{\n{calls}}}\n'
    (folder / "proto" / "stock.proto").write_text(text, encoding="utf-8")


def order(shop: Configuration, *live: str) -> DeployOrder:
    return plan_of(shop, shop.root / ".cache", live=live).order


def test_the_order_is_that_of_the_change_since_the_version_that_is_live(shop: Configuration) -> None:
    assert order(shop, "1.0.0") is DeployOrder.PROVIDER_FIRST


def test_the_newest_release_is_live_if_nobody_names_a_version(shop: Configuration) -> None:
    assert order(shop) is DeployOrder.ANY


def test_the_order_is_safe_for_every_version_that_is_live(shop: Configuration) -> None:
    assert order(shop, "1.0.0", "1.1.0") is DeployOrder.PROVIDER_FIRST
