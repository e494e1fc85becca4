"""A check compares the configured formats of cached values with those at the merge base."""

import datetime as dt
import subprocess
from pathlib import Path

import pytest

from servanda.checking.check import check
from servanda.checking.kinds import kinds
from servanda.configuration import load
from servanda.errors import InterfaceError
from servanda.interfaces.kind import Context, Wanted
from servanda.verdict import Outcome, StageResult

CONFIGURATION = """
[services.shop]
command = ["true"]
owner = "team-shop"
"""
CART = """[formats.cart]
key = "{namespace}:cart:{cart_id}"
type = "string"
content = "text"
ttl = 60
writers = ["shop"]
readers = ["shop"]
"""


def repository(folder: Path, text: str = CART) -> Path:
    (folder / "servanda.toml").write_text(CONFIGURATION)
    declare(folder, text)
    for command in (("init", "-q", "-b", "main"), ("add", "."), ("commit", "-q", "-m", "first")):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *command], cwd=folder, check=True)
    return folder


def declare(folder: Path, text: str) -> Path:
    path = folder / "contracts" / "values" / "shop.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def checked(folder: Path, wanted: Wanted | None = None, against: str | None = None) -> StageResult:
    context = Context(folder, folder / ".cache", dt.date(2026, 11, 29), load(folder / "servanda.toml"))
    return check(wanted, against, context, kinds()).stage


def test_formats_are_compared_with_the_merge_base(tmp_path: Path) -> None:
    declare(repository(tmp_path), CART.replace("60", "90"))

    stage = checked(tmp_path)

    (finding,) = stage.findings
    assert (finding.rule, str(finding.span.start)) == ("VALUE_TTL_NO_LENGTHEN", "contracts/values/shop.toml:5:1")
    assert [(hit.consumer.name, hit.consumer.owner) for hit in finding.consumers] == [("shop", "team-shop")]
    assert stage.outcome is Outcome.BROKEN


def test_formats_that_stayed_hold(tmp_path: Path) -> None:
    stage = checked(repository(tmp_path))

    assert (stage.findings, stage.outcome) == ((), Outcome.HELD)


def test_new_formats_hold(tmp_path: Path) -> None:
    repository(tmp_path, "")
    declare(tmp_path, CART)

    assert checked(tmp_path).outcome is Outcome.HELD


def test_a_folder_that_is_gone_is_found(tmp_path: Path) -> None:
    path = declare(repository(tmp_path), CART)
    path.unlink()
    path.parent.rmdir()

    (finding,) = checked(tmp_path).findings

    assert finding.rule == "INTERFACE_NO_DELETE"


@pytest.mark.parametrize("against", [".git#branch=main", "before", "before/contracts/values"])
def test_a_folder_that_is_named_is_compared_with_what_is_named(tmp_path: Path, against: str) -> None:
    declare(repository(tmp_path), CART.replace('"text"', '"integer"'))
    declare(tmp_path / "before", CART)

    (finding,) = checked(tmp_path, Wanted("contracts/values", against)).findings

    assert finding.rule == "VALUE_SAME_CONTENT"


def test_a_reader_that_is_no_service_is_refused(tmp_path: Path) -> None:
    declare(repository(tmp_path), CART.replace('readers = ["shop"]', 'readers = ["shop", "shopp"]'))

    with pytest.raises(InterfaceError, match=r"shop\.toml:7:20: .*there is no service 'shopp'"):
        checked(tmp_path)
