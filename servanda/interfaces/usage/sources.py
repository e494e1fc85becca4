"""The documents of a repository that prove uses: contracts and usage logs."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from servanda import pact
from servanda.configuration import Configuration
from servanda.documents import Boundary, files_in
from servanda.errors import ContractError
from servanda.interfaces.usage import log
from servanda.interfaces.usage.lines import load_lines
from servanda.interfaces.usage.log import UsageLog
from servanda.interfaces.usage.provenance import History, Provenance
from servanda.pact import PactFile

_LOGS = "usage"


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract with its origin; its path is relative to the configuration's root."""

    file: PactFile
    origin: Provenance


class Sources:
    """Proofs of use, read when they are asked for first.

    Args:
        configuration: Says where contracts are.
    """

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration

    @cached_property
    def contracts(self) -> tuple[Contract, ...]:
        """Return all contracts; no folder means that no consumer is known.

        Raises:
            ContractError: A contract cannot be read.
        """
        root, history = self.configuration.root, History()
        paths = pact.contract_files(self.configuration.contracts.pacts)
        found = ((path, pact.load(path)) for path in paths)
        return tuple(
            Contract(replace(file, path=_from_root(path, root)), history.of_file(path)) for path, file in found
        )

    @property
    def providers(self) -> frozenset[str]:
        """Return everybody whom a contract is with.

        Raises:
            ContractError: A contract cannot be read.
        """
        return frozenset(contract.file.provider for contract in self.contracts)

    def logs(self, elements: Collection[str] | None = None) -> Iterator[UsageLog]:
        """Read all usage logs, with their paths from the configuration's root.

        Args:
            elements: Full names of the elements that exist; if given, every element of a log has to be among them.

        Raises:
            ContractError: A log cannot be read, or names an element that does not exist.
        """
        for path in files_in(usage_logs_folder(self.configuration), "*.json", ContractError):
            found = log.load(path, elements)
            shown = _from_root(path, self.configuration.root)
            yield replace(found, observation=replace(found.observation, document=shown))
        for path in files_in(usage_logs_folder(self.configuration), "*.jsonl", ContractError):
            yield from load_lines(path, _from_root(path, self.configuration.root), elements)


def usage_logs_folder(configuration: Configuration) -> Path:
    """Return the folder of usage logs: beside the pacts.

    Raises:
        ContractError: It is a link that leads out of the tree.
    """
    folder = configuration.contracts.pacts.parent / _LOGS
    Boundary.around(configuration.root, ContractError).inside(folder)
    return folder


def _from_root(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
