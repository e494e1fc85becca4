"""The files that a repository begins with; none that exists is touched."""

from __future__ import annotations

import enum
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from servanda.adoption.protos import ProtoChoice
from servanda.documents import Boundary, read_bytes, write_text
from servanda.errors import ConfigurationError, ServandaError

CONFIGURATION: Final = "servanda.toml"
PRE_COMMIT: Final = ".pre-commit-config.yaml"
_GITHUB: Final = ".github/workflows/servanda.yml"
_GITLAB: Final = "servanda.gitlab-ci.yml"
_GITLAB_CI: Final = ".gitlab-ci.yml"
_MOST_BYTES: Final = 1 << 20
_REMOTE: Final = re.compile(r"^\s*url\s*=\s*\S*?(?P<host>github|gitlab)\.", re.MULTILINE)
_HOOK: Final = """\
  - repo: local
    hooks:
      - id: servanda-check
        name: servanda check
        entry: {command}
        language: python
        additional_dependencies: ["{package}>=0.1,<1"]
        pass_filenames: false
        require_serial: true
        # A commit that only deletes files names none, and deleting is what breaks most.
        always_run: true
"""
_STEP: Final = "      - run: {command} --against '.git#ref=HEAD^1'\n"
_LINE: Final = '    - {command} --against ".git#commit=$CI_MERGE_REQUEST_DIFF_BASE_SHA"\n'
_INCLUDE: Final = f"include:\n  - local: {_GITLAB}\n"


class Pipeline(enum.StrEnum):
    """Server of pipelines that a file is written for."""

    GITHUB = "github"
    GITLAB = "gitlab"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file that is to be written.

    Attributes:
        path: Its path from the top of the repository.
        text: Its content.
        entry: What a file that is there already needs besides; empty if nothing.
        sign: What a file that is there holds if it has that entry.
    """

    path: str
    text: str
    entry: str = ""
    sign: str = "servanda"

    def write(self, root: Path) -> bool:
        """Write it, unless there is something of this name, and tell whether it was written.

        Raises:
            ConfigurationError: It would lie outside of the tree, or cannot be written.
        """
        if self.exists(root):
            return False
        write_text(root / self.path, self.text, Boundary.around(root, ConfigurationError))
        return True

    def exists(self, root: Path) -> bool:
        """Tell whether there is something of this name, be it a link to nowhere."""
        return os.path.lexists(root / self.path)

    def wants_entry(self, root: Path) -> bool:
        """Tell whether the file that is there needs the entry still."""
        try:
            found = read_bytes(root / self.path, self.path, _MOST_BYTES, ConfigurationError)
        except ServandaError:
            return bool(self.entry)
        return bool(self.entry) and self.sign.encode() not in found


def top_of(folder: Path) -> Path:
    """Return the top of the git repository around a folder, where pre-commit and pipelines look; else the folder."""
    whole = folder.resolve()
    return next((each for each in (whole, *whole.parents) if os.path.lexists(each / ".git")), whole)


def pipeline_of(top: Path) -> Pipeline:
    """Return the server of pipelines that a repository tells of, by its files or by the address that it came from.

    Args:
        top: The top of the repository.
    """
    if (top / _GITLAB_CI).is_file():
        return Pipeline.GITLAB
    if (top / ".github").is_dir():
        return Pipeline.GITHUB
    try:
        settings = read_bytes(top / ".git" / "config", ".git/config", _MOST_BYTES, ConfigurationError)
    except ServandaError:
        return Pipeline.NONE
    found = _REMOTE.search(settings.decode(errors="replace"))
    return Pipeline(found["host"]) if found else Pipeline.NONE


def own_files(draft: str, protos: ProtoChoice) -> Iterator[PlannedFile]:
    """Return the files that the folder itself begins with.

    Args:
        draft: The text of the configuration.
        protos: The proto files that are compared.
    """
    yield PlannedFile(CONFIGURATION, draft)
    if protos.modules:
        modules = "".join(f"  - path: {_yaml(module or '.')}\n" for module in protos.modules)
        head = "# The folders that imports of proto files start from: 'servanda check' and buf read it.\n"
        yield PlannedFile("buf.yaml", f"{head}version: v2\nmodules:\n{modules}")


def checking_files(protos: ProtoChoice, pipeline: Pipeline, below: str, *, hook: bool) -> Iterator[PlannedFile]:
    """Return the files at the top of the repository, which let a pipeline and pre-commit run the check.

    Args:
        protos: The proto files that are compared.
        pipeline: The server of pipelines.
        below: The folder of the configuration from the top, which :func:`can_be_named`; empty for the top itself.
        hook: Whether pre-commit shall run the check.
    """
    # A file that is there may be that of another folder.
    sign = f"{below}/{CONFIGURATION}" if below else "servanda"
    command = f"servanda --config {sign} check" if below else "servanda check"
    if pipeline is Pipeline.GITHUB:
        yield PlannedFile(_GITHUB, _template("github.yml", command), _STEP.format(command=command), sign)
    if pipeline is Pipeline.GITLAB:
        yield PlannedFile(_GITLAB, _template("gitlab.yml", command), _LINE.format(command=command), sign)
        yield PlannedFile(_GITLAB_CI, _INCLUDE, _INCLUDE)
    if hook:
        package = "servanda" if protos.root is None else "servanda[protobuf]"
        entry = _HOOK.format(package=package, command=command)
        yield PlannedFile(PRE_COMMIT, f"repos:\n{entry}", entry, sign)


def _yaml(path: str) -> str:
    quote = "'"
    return (
        path
        if re.fullmatch(r"[A-Za-z0-9_/-]*[A-Za-z_/][A-Za-z0-9_/-]*|\.", path)
        else f"'{path.replace(quote, quote * 2)}'"
    )


def can_be_named(below: str) -> bool:
    """Tell whether a folder means nothing else in a command of a pipeline or a hook."""
    return re.fullmatch(r"(?:[A-Za-z0-9_.][A-Za-z0-9_./-]*)?", below) is not None


def _template(name: str, command: str) -> str:
    text = (files("servanda.adoption") / "pipelines" / name).read_text(encoding="utf-8")
    return re.sub(r"servanda check(?=\s+--against)", lambda _: command, text)
