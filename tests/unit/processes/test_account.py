import os
from pathlib import Path

import pytest

from servanda.errors import InfrastructureError
from servanda.processes import NOBODY, Account, unprivileged_account

_ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")


@_ROOT_ONLY
def test_root_becomes_somebody_else() -> None:
    assert unprivileged_account().prefix


@_ROOT_ONLY
@pytest.mark.parametrize(
    "ways", [(), (Account(("false",)),), (Account(("no-such-program",)),)], ids=["none", "forbidden", "not-installed"]
)
def test_root_that_can_become_nobody_is_told_what_to_do(ways: tuple[Account, ...]) -> None:
    with pytest.raises(InfrastructureError, match="refuses to run as root") as caught:
        unprivileged_account(ways)
    assert "docker" in str(caught.value.hint)


@_ROOT_ONLY
def test_the_best_possible_way_is_taken() -> None:
    possible = Account(("env",))
    assert unprivileged_account((Account(("false",)), possible)) == possible


@_ROOT_ONLY
def test_nobody_cannot_run_what_is_in_a_private_folder(tmp_path: Path) -> None:
    program = tmp_path / "private" / "program"
    program.parent.mkdir(mode=0o700)
    program.touch(mode=0o755)
    assert Account().may_run(program)
    assert not NOBODY.may_run(program)
