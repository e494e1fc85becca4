"""Another user than root, for servers that refuse to run as root."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from servanda.errors import InfrastructureError

_NOBODY = 65534


@dataclass(frozen=True, slots=True)
class Account:
    """Who a server runs as.

    Attributes:
        prefix: Command that the server's own command follows; empty if this process is not root.
        owner: User id that must own the server's files; None if their owner may stay who it is.
    """

    prefix: tuple[str, ...] = ()
    owner: int | None = None

    def give(self, folder: Path) -> None:
        """Make a folder with everything in it the account's own."""
        if self.owner is not None:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, self.owner, self.owner, follow_symlinks=False)

    def may_run(self, program: Path) -> bool:
        """Whether the account can reach and run a program."""
        probe = [*self.prefix, "test", "-x", str(program)]
        return subprocess.run(probe, capture_output=True, check=False).returncode == 0


# In a user namespace the server sees another user while its files stay root's, wherever they are. Containers often
# forbid it; there root can still become somebody else, who then needs to own and reach the files.
NAMESPACE = Account(("unshare", "--user", "--map-user=1000", "--map-group=1000", "--"))
NOBODY = Account(("setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups", "--"), _NOBODY)


def unprivileged_account(ways: Iterable[Account] = (NAMESPACE, NOBODY)) -> Account:
    """The account to run servers as that refuse root: this process's own, unless that is root.

    Args:
        ways: What root can try, best first.

    Raises:
        InfrastructureError: None of the ways is possible on this host.
    """
    if os.geteuid() != 0:
        return Account()
    for account in ways:
        possible = shutil.which(account.prefix[0]) is not None
        if possible and subprocess.run([*account.prefix, "true"], capture_output=True, check=False).returncode == 0:
            return account
    raise InfrastructureError(
        "PostgreSQL refuses to run as root, and this host lets root neither create a user namespace nor become another "
        "user",
        hint="run as another user, or choose docker or external for postgres",
    )
