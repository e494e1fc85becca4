"""Another user than root, for servers that a run starts: what they may do, whoever reaches them may do as well."""

from __future__ import annotations

import os
import pwd
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from servanda.errors import ProcessError
from servanda.processes.environment import find_program, tool_environment
from servanda.processes.tool import run_tool

_NOBODY = 65534
# The range that systemd keeps for services without a user of their own: https://systemd.io/UIDS-GIDS/
_NAMELESS = range(61184, 65520)


@dataclass(frozen=True, slots=True)
class Account:
    """User account of a server.

    Attributes:
        prefix: Command that the server's own command follows; empty if it runs as who this process is.
        owner: User id that must own the server's files; None if their owner may stay who it is.
    """

    prefix: tuple[str, ...] = ()
    owner: int | None = None

    def command(self, *command: str, environ: Mapping[str, str] = os.environ) -> tuple[str, ...]:
        """Return the command that runs another as the account.

        Raises:
            ProcessError: A program that this needs is not installed.
        """
        if not self.prefix:
            return command
        return (str(find_program(self.prefix[0], environ)), *self.prefix[1:], *command)

    def give(self, folder: Path) -> None:
        """Make a folder with everything in it the account's own, whosever it was."""
        if os.geteuid() != 0:
            return
        owner = os.geteuid() if self.owner is None else self.owner
        os.chown(folder, owner, owner, follow_symlinks=False)
        for place, folders, files in os.walk(folder):
            for name in (*folders, *files):
                os.chown(f"{place}/{name}", owner, owner, follow_symlinks=False)

    def may_run(self, program: Path, environ: Mapping[str, str] = os.environ) -> bool:
        """Tell whether the account can reach and run a program."""
        return self._may("-x", program, os.X_OK, environ)

    def may_read(self, path: Path, environ: Mapping[str, str] = os.environ) -> bool:
        """Tell whether the account can reach and read a file."""
        return self._may("-r", path, os.R_OK, environ)

    def _may(self, question: str, path: Path, right: int, environ: Mapping[str, str]) -> bool:
        if not self.prefix:
            return os.access(path, right)
        with suppress(ProcessError):
            probe = self.command(str(find_program("test", environ)), question, str(path), environ=environ)
            return run_tool(probe, tool_environment(environ)).code == 0
        return False


def _as_user(uid: int) -> Account:
    # A change of the user clears the death signal that the guard has set, unless it is kept.
    rights = ("--clear-groups", "--no-new-privs", "--inh-caps=-all", "--pdeathsig=keep")
    return Account(("setpriv", f"--reuid={uid}", f"--regid={uid}", *rights, "--"), uid)


NOBODY = _as_user(_NOBODY)
"""The user of many a daemon: a server that runs as it is safe from root's files, not from these daemons."""
NAMESPACE = Account(("unshare", "--user", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}", "--"))
"""Another user only in its own eyes: to the rest of the system, and to root's files, such a server is root."""


def nameless_account() -> Account:
    """Choose a user that nobody else is: without a name, and at random."""
    while True:
        uid = secrets.choice(_NAMELESS)
        with suppress(KeyError):
            pwd.getpwuid(uid)
            continue
        return _as_user(uid)


def unprivileged_accounts(
    place: Path, ways: Iterable[Account] | None = None, environ: Mapping[str, str] = os.environ
) -> Iterator[Account]:
    """Give the accounts that a server can run as, safest first: only this process's own, unless that is root.

    Args:
        place: Folder that the account must be able to reach.
        ways: What root can try; a user of its own, ``nobody`` and a user namespace by default.
        environ: The environment of this process.
    """
    if os.geteuid() != 0:
        yield Account()
        return
    for account in (nameless_account(), NOBODY, NAMESPACE) if ways is None else ways:
        if account.may_run(place, environ):
            yield account
