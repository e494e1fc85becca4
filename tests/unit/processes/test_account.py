import os
import pwd
import subprocess
from pathlib import Path

import pytest

from servanda.processes import NAMESPACE, NOBODY, Account, unprivileged_accounts

_ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")


@_ROOT_ONLY
def test_root_becomes_somebody_else_who_has_no_name() -> None:
    best = next(unprivileged_accounts(Path("/")))
    assert best.owner is not None
    with pytest.raises(KeyError):
        pwd.getpwuid(best.owner)


@pytest.mark.skipif(os.geteuid() == 0, reason="root has to become somebody else")
def test_who_is_not_root_stays_who_it_is() -> None:
    assert list(unprivileged_accounts(Path("/"))) == [Account()]


@_ROOT_ONLY
@pytest.mark.parametrize("program", ["false", "no-such-program"])
def test_a_way_that_this_host_does_not_have_is_left_out(program: str) -> None:
    possible = Account(("env",))
    assert list(unprivileged_accounts(Path("/"), (Account((program,)), possible))) == [possible]


@_ROOT_ONLY
def test_an_account_that_cannot_reach_the_place_is_left_out(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    (tmp_path / "place").mkdir()
    assert list(unprivileged_accounts(tmp_path / "place", (NOBODY,))) == []


@_ROOT_ONLY
def test_nobody_cannot_run_what_is_in_a_private_folder(tmp_path: Path) -> None:
    program = tmp_path / "private" / "program"
    program.parent.mkdir(mode=0o700)
    program.touch(mode=0o755)
    assert Account().may_run(program)
    assert not NOBODY.may_run(program)


@_ROOT_ONLY
@pytest.mark.parametrize("account", [*unprivileged_accounts(Path("/"), (NOBODY,)), *unprivileged_accounts(Path("/"))])
def test_an_account_of_its_own_cannot_read_the_files_of_root(tmp_path: Path, account: Account) -> None:
    secret = tmp_path / "secret"
    secret.touch(mode=0o600)
    assert account.may_read(secret) == (account == NAMESPACE)


@_ROOT_ONLY
def test_an_account_gives_up_all_rights_for_good() -> None:
    command = NOBODY.command("grep", "-E", "^(CapEff|CapInh|NoNewPrivs)", "/proc/self/status")
    status = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    assert {line.split()[1].decode() for line in status.stdout.splitlines()} == {"0" * 16, "1"}


@_ROOT_ONLY
def test_giving_a_folder_follows_no_link(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    outside.mkdir()
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "link").symlink_to(outside)
    NOBODY.give(folder)
    assert outside.stat().st_uid == 0
    assert {(folder / "deep").stat().st_uid, (folder / "deep" / "link").lstat().st_uid} == {NOBODY.owner}
