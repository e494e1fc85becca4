"""The lint rules that a level can be chosen for are those of the installed buf."""

import json
import subprocess
import sysconfig
from pathlib import Path

from servanda.interfaces.protobuf.lint_rules import LINT_RULES

BUF = Path(sysconfig.get_path("scripts"), "buf")


def rules(version: str) -> set[str]:
    command = [str(BUF), "config", "ls-lint-rules", "--version", version, "--format", "json"]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    return {json.loads(line)["id"] for line in done.stdout.splitlines()}


def test_every_lint_rule_of_buf_is_known() -> None:
    assert rules("v2") | rules("v1") | rules("v1beta1") == LINT_RULES
