"""Git, asked about a repository in a way that nothing in the repository's files can turn into a command.

Files of a tree can hold a bare repository with a configuration of its own, attributes that name filters and text
conversions, and submodules with remotes. What each setting here takes away is in docs/reference/security.md.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from servanda.errors import ProcessError
from servanda.processes.environment import find_program, tool_environment
from servanda.processes.tool import run_tool

_SETTINGS = (
    "safe.bareRepository=explicit",
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.attributesFile=/dev/null",
    "core.pager=cat",
    "core.sshCommand=false",
    "diff.external=",
    "protocol.allow=never",
    "submodule.recurse=false",
    "log.showSignature=false",
)
_VARIABLES = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_PAGER": "cat",
}


def repository_top(folder: Path) -> Path | None:
    """Find the top of the repository that a folder lies in.

    The nearest ``.git`` decides: git itself refuses to track a file of that name, so no tree can bring one. A bare
    repository, which a tree can bring, is not looked for.
    """
    start = folder.absolute()
    return next((top for top in (start, *start.parents) if (top / ".git").exists()), None)


class Git:
    """One repository.

    Args:
        top: Its top folder, with ``.git`` in it; or the folder of a bare repository that a user named.
        environ: The environment of this process.
    """

    def __init__(self, top: Path, environ: Mapping[str, str] = os.environ) -> None:
        self.top = top
        self._environ = environ

    def run(self, *arguments: str, talk: bytes = b"") -> bytes:
        """What a git command writes to its standard output.

        Raises:
            ProcessError: git is missing or refuses.
        """
        settings = (*_SETTINGS, *self._no_filters)
        return self._ask(settings, arguments, talk)

    @cached_property
    def _no_filters(self) -> tuple[str, ...]:
        """Settings that switch off the filters of this user: attributes of a tree can send any file through them."""
        listed = self._ask(_SETTINGS, ("config", "--null", "--name-only", "--list"), b"").decode("utf-8", "replace")
        drivers = {name.rpartition(".")[0] for name in listed.split("\0") if name.startswith("filter.")}
        return tuple(
            f"{driver}.{key}"
            for driver in sorted(drivers)
            for key in ("clean=", "smudge=", "process=", "required=false")
        )

    def _ask(self, settings: tuple[str, ...], arguments: tuple[str, ...], talk: bytes) -> bytes:
        program = find_program("git", self._environ)
        options = [part for setting in settings for part in ("-c", setting)]
        # Discovery stops at the top: without this a damaged .git would send git on to a folder above.
        variables = {**_VARIABLES, "GIT_CEILING_DIRECTORIES": str(self.top.parent)}
        done = run_tool(
            (str(program), *options, *arguments),
            tool_environment(self._environ, **variables),
            folder=self.top,
            talk=talk,
        )
        if done.code != 0:
            said = done.complaint.removeprefix("fatal: ")
            raise ProcessError(said or f"'git {arguments[0]}' failed with code {done.code}", where=str(self.top))
        return done.output
