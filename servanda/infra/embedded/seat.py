"""Account of an embedded server, and the files that it finds there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from servanda.infra.cache import copy_folder
from servanda.processes import Account, tool_environment, unprivileged_accounts


@dataclass(frozen=True, slots=True)
class Part:
    """A folder that a server needs.

    Attributes:
        folder: The folder.
        proof: Path in it of a file; whoever can use that can use all of it.
        program: Whether that file is run, not only read.
    """

    folder: Path
    proof: Path
    program: bool = False

    def usable(self, account: Account, folder: Path) -> bool:
        """Tell whether an account can use the part where it lies in ``folder``."""
        return (account.may_run if self.program else account.may_read)(folder / self.proof)


@dataclass(frozen=True, slots=True)
class Seat:
    """Account and folders of a server.

    Attributes:
        account: Who it runs as.
        folder: Its folder for the length of the run, also its working directory.
        parts: Where it finds each of its parts, in their order.
    """

    account: Account
    folder: Path
    parts: tuple[Path, ...]

    def command(self, program: Path, *arguments: str) -> tuple[str, ...]:
        """Return the command that runs a program as the account."""
        return self.account.command(str(program), *arguments)

    def environment(self, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
        """Return the whole environment of the server: nothing in this process's own changes how it runs."""
        return tool_environment(environ, HOME=str(self.folder), TMPDIR=str(self.folder))


def take_seat(folder: Path, parts: Iterable[Part], accounts: Iterable[Account] | None = None) -> Seat | None:
    """Find an account that can use all parts; what it cannot reach, say below root's home, is copied.

    Args:
        folder: The run's own folder; it is given to the account with what is in it.
        parts: What the server consists of.
        accounts: Who it may run as, best first; by default whoever is possible on this host.

    Returns:
        None if no account can use them.
    """
    wanted = tuple(parts)
    for account in unprivileged_accounts(folder.parent) if accounts is None else accounts:
        account.give(folder)
        found = tuple(_found(part, account, folder) for part in wanted)
        usable = tuple(place for place in found if place is not None)
        if len(usable) == len(wanted):
            return Seat(account, folder, usable)
    return None


def _found(part: Part, account: Account, folder: Path) -> Path | None:
    if part.usable(account, part.folder):
        return part.folder
    copy = folder / part.folder.name
    if not copy.exists():
        copy_folder(part.folder, copy)
    if part.usable(account, copy):
        return copy
    shutil.rmtree(copy)
    return None
