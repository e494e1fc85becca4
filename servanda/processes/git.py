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
from servanda.processes.tool import Finished, run_tool

Settings = tuple[tuple[str, str], ...]

_SETTINGS = (
    ("core.fsmonitor", "false"),
    ("core.hooksPath", "/dev/null"),
    ("core.attributesFile", "/dev/null"),
    ("core.pager", "cat"),
    ("diff.external", ""),
    ("submodule.recurse", "false"),
    ("log.showSignature", "false"),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
)
_OFFLINE = (("core.sshCommand", "false"), ("protocol.allow", "never"))
_VARIABLES = {
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_TERMINAL_PROMPT": "0",
}
_OFFLINE_VARIABLES = {"GIT_ALLOW_PROTOCOL": "none", "GIT_CONFIG_NOSYSTEM": "1", "GIT_NO_LAZY_FETCH": "1"}
# Commands that read objects and references alone: no file of the working tree, so that no filter can be asked for.
_OF_OBJECTS = frozenset(
    {"branch", "cat-file", "log", "ls-tree", "merge-base", "rev-list", "rev-parse", "show-ref", "symbolic-ref"}
)
_PROTOCOLS = "file:git:http:https:ssh"
# What git needs to reach another host in the user's name. It is asked for by an address that the user gave.
_NETWORK = (
    *("GIT_ASKPASS", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSH_VARIANT", "SSH_AGENT_PID", "SSH_ASKPASS", "SSH_AUTH_SOCK"),
    *("GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"),
    *("ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "all_proxy", "http_proxy", "https_proxy", "no_proxy"),
)


def repository_top(folder: Path) -> Path | None:
    """Find the top of the repository that a folder lies in.

    The nearest ``.git`` decides: git itself refuses to track a file of that name, so no tree can bring one. A bare
    repository, which a tree can bring, is not looked for.

    Returns:
        The top without symbolic links in its path; ``None`` outside of git.
    """
    start = folder.resolve()
    return next((top for top in (start, *start.parents) if (top / ".git").exists()), None)


class Git:
    """One repository.

    Args:
        top: Its top folder, with ``.git`` in it; or the folder of a bare repository.
        environ: The environment of this process.
        bare: Whether it is a bare repository that a user named, or that was made here. Never one that was found.
    """

    def __init__(self, top: Path, environ: Mapping[str, str] = os.environ, *, bare: bool = False) -> None:
        # Git compares what it finds with the limit of its search, which has to be free of symbolic links, too.
        self.top = top.resolve()
        self._environ = environ
        self._settings = (*_SETTINGS, *_OFFLINE, ("safe.bareRepository", "all" if bare else "explicit"))

    def run(self, command: str, *arguments: str, talk: bytes = b"") -> bytes:
        """Return what a git command writes to its standard output.

        Raises:
            ProcessError: git is missing or refuses.
        """
        return self._ask(() if command in _OF_OBJECTS else self._no_filters, (command, *arguments), talk)

    @cached_property
    def _no_filters(self) -> Settings:
        """Return settings that disable the filters of this user: a tree's attributes can send any file through them."""
        listed = self._ask((), ("config", "--null", "--name-only", "--list"), b"").decode("utf-8", "surrogateescape")
        drivers = {name.rpartition(".")[0] for name in listed.split("\0") if name.startswith("filter.")}
        keys = (("clean", ""), ("smudge", ""), ("process", ""), ("required", "false"))
        return tuple((f"{driver}.{key}", value) for driver in sorted(drivers) for key, value in keys)

    @cached_property
    def _trusted(self) -> Settings:
        """Return the owners of repositories that this host trusts; nothing else is taken from its own configuration."""
        command = (str(self._program), "config", "--system", "--null", "--get-all", "safe.directory")
        done = run_tool(command, _variables(self._environ))
        values = done.output.decode("utf-8", "surrogateescape").split("\0")[:-1]
        return tuple(("safe.directory", value) for value in values)

    @cached_property
    def _program(self) -> Path:
        return find_program("git", self._environ, self.top)

    def _ask(self, settings: Settings, arguments: tuple[str, ...], talk: bytes) -> bytes:
        # Discovery stops at the top: without this a damaged .git would send git on to a folder above.
        variables = _variables(self._environ, **_OFFLINE_VARIABLES, GIT_CEILING_DIRECTORIES=str(self.top.parent))
        chosen = (*self._settings, *settings)
        done = _run(self._program, arguments, variables, chosen, self.top, talk)
        if done.code != 0 and b"dubious ownership" in done.errors and self._trusted:
            done = _run(self._program, arguments, variables, (*chosen, *self._trusted), self.top, talk)
        return _output(done, arguments[0], str(self.top))


def fetched(address: str, name: str, folder: Path, environ: Mapping[str, str] = os.environ) -> Git:
    """Fetch one commit from a repository that a user named, without its history.

    Args:
        address: Address of the repository; protocols are those of git itself, not those of helper programs.
        name: Full name of a reference, or a commit; ``FETCH_HEAD`` in the result.
        folder: Empty folder for the result, a bare repository.
        environ: The environment of this process.

    Raises:
        ProcessError: git is missing, or the repository or commit cannot be reached.
    """
    network = {key: environ[key] for key in _NETWORK if key in environ}
    variables = _variables(environ, **network, GIT_ALLOW_PROTOCOL=_PROTOCOLS)
    program = find_program("git", environ)
    for command in (("init", "--quiet", "--bare"), ("fetch", "--quiet", "--depth", "1", "--", address, name)):
        _output(_run(program, command, variables, _SETTINGS, folder), command[0], address)
    return Git(folder, environ, bare=True)


def _variables(environ: Mapping[str, str], **additions: str) -> dict[str, str]:
    names = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM")
    chosen = {name: environ[name] for name in names if Path(environ.get(name, "")).is_absolute()}
    return tool_environment(environ, **_VARIABLES, **chosen, **additions)


def _run(
    program: Path,
    arguments: tuple[str, ...],
    variables: Mapping[str, str],
    settings: Settings,
    folder: Path,
    talk: bytes = b"",
) -> Finished:
    """Run git with settings that outweigh those of every file."""
    # An option would end a name at the first '=' in it; the variables are unknown to git before 2.31.
    plain = [f"{key}={value}" for key, value in settings if "=" not in key]
    odd = [pair for pair in settings if "=" in pair[0]]
    keys = {f"GIT_CONFIG_KEY_{number}": key for number, (key, _) in enumerate(odd)}
    values = {f"GIT_CONFIG_VALUE_{number}": value for number, (_, value) in enumerate(odd)}
    given = {**variables, "GIT_CONFIG_COUNT": str(len(odd)), **keys, **values}
    options = [part for setting in plain for part in ("-c", setting)]
    return run_tool((str(program), *options, *arguments), given, folder=folder, talk=talk)


def _output(done: Finished, command: str, where: str) -> bytes:
    if done.code == 0:
        return done.output
    lines = [line for line in done.complaint.splitlines() if not line.startswith("warning: ")]
    said = "\n".join(lines).removeprefix("fatal: ") or f"'git {command}' failed with code {done.code}"
    hint = "a partial clone lacks objects, and Servanda fetches none: clone without --filter"
    raise ProcessError(said, where=where, hint=hint if "promisor remote" in said else None)
