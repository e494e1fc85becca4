"""Versions made ready to run, each in the way of its kind."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from servanda.configuration import Configuration
from servanda.supervision import Source
from servanda.versions.builds.checkout import checked_out
from servanda.versions.builds.image import copied
from servanda.versions.builds.wheel import installed
from servanda.versions.plan import Version


class Builds:
    """Makes versions ready to run.

    Args:
        configuration: That of the working tree.
        environ: Environment that builds start from.
    """

    def __init__(self, configuration: Configuration, environ: Mapping[str, str]) -> None:
        self._configuration = configuration
        # Not in a folder of one command: its links, such as those to Python, lead out of the tree.
        self._folder = configuration.root / ".servanda" / "builds"
        self._environ = environ

    async def source(self, version: Version) -> Source:
        """Return where the code of a version is; it is made ready unless that was done before.

        Raises:
            ConfigurationError: It cannot be made ready as it is: it has no lock file and no command builds it.
            ProcessError: git refuses, or the build fails.
            LimitError: The build does not end in time.
        """
        configuration = self._configuration
        if version.wheel:
            return await installed(version, configuration, self._folder, self._environ)
        if version.image:
            return await copied(version, configuration, self._folder, self._environ)
        if version.folder:
            return self._ready(configuration.root / version.folder, "")
        if not version.commit:
            return Source(configuration.root)
        folder = await checked_out(version, configuration, self._folder, self._environ)
        return self._ready(folder, version.commit)

    def _ready(self, folder: Path, commit: str) -> Source:
        python = folder / self._configuration.versions.python
        return Source(folder, commit, os.fspath(python) if python.is_file() else "")
