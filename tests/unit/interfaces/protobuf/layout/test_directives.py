"""Rules beyond buf in ``buf.yaml``."""

import subprocess
import sysconfig
from pathlib import Path

import pytest

from servanda.errors import InterfaceError
from servanda.interfaces.protobuf.check import check
from tests.unit.interfaces.conftest import Desk

BEFORE = 'syntax = "proto3";\npackage shop.v1;\nmessage Order { string id = 1 [deprecated = true]; string note = 2; }\n'
AFTER = 'syntax = "proto3";\npackage shop.v1;\nmessage Order { reserved 2; reserved "note"; string id = 1; }\n'


def found(desk: Desk, document: str) -> set[str]:
    """The rules that object to a change in a module with this ``buf.yaml``."""
    desk.write({"old/shop/order.proto": BEFORE, "new/shop/order.proto": AFTER, "new/buf.yaml": document})
    return {each.finding.rule for each in check(desk.open("new"), [desk.open("old")])}


def test_without_a_word_they_hold(desk: Desk) -> None:
    assert any(rule.startswith("DEPRECATION") for rule in found(desk, "version: v2\n"))


@pytest.mark.parametrize("version", ["v1beta1", "v1", "v2"])
@pytest.mark.parametrize(
    "words",
    [
        "# servanda:except DEPRECATION\n",
        "breaking:\n  except:\n    - FILE_SAME_PACKAGE\n    # servanda:except HTTP DEPRECATION\n",
        "breaking:  # servanda:except DEPRECATION\n  use: [FILE]\n",
        "# servanda:ignore_only DEPRECATION shop\n",
        "# servanda:ignore_only DEPRECATION other shop/order.proto\n",
        "breaking: {except: [DEPRECATION]}\n",
        "breaking: {ignore_only: {DEPRECATION: [shop]}}\n",
    ],
)
def test_they_are_switched_off_by_name(desk: Desk, version: str, words: str) -> None:
    rules = found(desk, f"version: {version}\n{words}")

    assert not any(rule.startswith("DEPRECATION") for rule in rules)
    assert "FIELD_NO_DELETE" in rules


def test_elsewhere_they_hold(desk: Desk) -> None:
    rules = found(desk, "version: v2\n# servanda:ignore_only DEPRECATION other\n")

    assert any(rule.startswith("DEPRECATION") for rule in rules)


def test_a_comment_holds_for_every_module(desk: Desk) -> None:
    modules = "version: v2\nmodules: [{path: shop}]\n# servanda:ignore_only DEPRECATION shop\n"

    assert not any(rule.startswith("DEPRECATION") for rule in found(desk, modules))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("# servanda:except\n", "expected 'servanda:except RULE...'"),
        ("# servanda:ignore_only HTTP\n", "expected 'servanda:except RULE...'"),
        ("# servanda:skip HTTP\n", "expected 'servanda:except RULE...'"),
        ("# servanda:except HTTPS\n", "'HTTPS' is no rule and no category beyond buf"),
        ("# servanda:except FIELD_NO_DELETE\n", "those of buf belong into the list itself"),
    ],
)
def test_a_comment_that_cannot_be_meant_is_refused_with_its_place(desk: Desk, words: str, told: str) -> None:
    with pytest.raises(InterfaceError, match=r"buf\.yaml:2:\d+") as caught:
        found(desk, f"version: v2\n{words}")

    assert told in str(caught.value)


def test_buf_reads_a_document_with_such_comments(tmp_path: Path) -> None:
    (tmp_path / "order.proto").write_text(AFTER, encoding="utf-8")
    (tmp_path / "buf.yaml").write_text(
        "version: v2\nbreaking:\n  except:\n    - FILE_SAME_PACKAGE\n    # servanda:except HTTP\n", encoding="utf-8"
    )

    buf = Path(sysconfig.get_path("scripts"), "buf")
    ran = subprocess.run(
        [buf, "breaking", ".", "--against", "."], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert (ran.returncode, ran.stderr) == (0, "")
