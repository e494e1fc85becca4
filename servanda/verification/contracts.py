"""The contracts of a repository, checked against what it says of itself."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from servanda import pact
from servanda.configuration import Configuration, unknown_service
from servanda.documents import Boundary, read_bytes
from servanda.errors import ConfigurationError, ContractError, ServandaError
from servanda.extensions import TRANSPORTS
from servanda.pact import PactFile, Unreadable, contract_names
from servanda.pact.file_names import decoded, encoded
from servanda.patterns import within
from servanda.transport import transport_kind
from servanda.verdict import InteractionResult, Location, Outcome, Reason, ReasonKind, Transport
from servanda.verification.titles import titled

_UNTOLD = "unknown"
_MOST_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class LoadedContracts:
    """Contracts of a run, with what cannot be read of them.

    Attributes:
        files: The contracts, in a fixed order.
        unreadable: A result for each interaction, and for each file, that cannot be read.
    """

    files: tuple[PactFile, ...]
    unreadable: tuple[InteractionResult, ...] = ()

    def __add__(self, other: LoadedContracts) -> LoadedContracts:
        """Return the contracts of both; what stands in the same file is one contract."""
        known = {os.path.realpath(path) for path in self._paths}
        files = (file for file in other.files if os.path.realpath(file.path) not in known)
        unreadable = (each for each in other.unreadable if os.path.realpath(each.evidence.path) not in known)
        return LoadedContracts(self.files + tuple(files), self.unreadable + tuple(unreadable))

    def with_providers(self, names: Collection[str]) -> LoadedContracts:
        """Return those with these providers; what cannot be read may be with any of them."""
        files = tuple(file for file in self.files if file.provider in names)
        return LoadedContracts(files, tuple(each for each in self.unreadable if each.provider in (*names, _UNTOLD)))

    @property
    def _paths(self) -> Iterator[str]:
        yield from (file.path for file in self.files)
        yield from (each.evidence.path for each in self.unreadable)

    @property
    def providers(self) -> tuple[str, ...]:
        """Return the providers whose interactions can be read, each once."""
        return tuple(dict.fromkeys(file.provider for file in self.files if file.interactions))


def load_contracts(
    configuration: Configuration, folder: Path | None = None, providers: Iterable[str] = ()
) -> LoadedContracts:
    """Return the pact files in a folder, in a fixed order; what cannot be read of them is a result of its own.

    Args:
        configuration: Names the parties.
        folder: Where the pact files are, or one of them; the configured folder if absent.
        providers: Only contracts with these providers; all if empty.

    Raises:
        ConfigurationError: A wanted provider is not configured.
        ContractError: There is no contract, or the folder cannot be read.
    """
    source, wanted = folder or configuration.contracts.pacts, frozenset(providers)
    for name in sorted(wanted - set(configuration.services)):
        raise unknown_service(name, configuration.services)
    if source.is_file():
        found = read_contracts((source,), configuration, wanted)
    else:
        found = _read_folder(source, configuration, wanted)
    if not found.files and not found.unreadable:
        of_whom = f" with the provider {', '.join(sorted(wanted))}" if wanted else ""
        raise ContractError(
            f"no contract found{of_whom}", where=str(source), hint="record the consumers' contracts first"
        )
    return found


def _read_folder(folder: Path, configuration: Configuration, wanted: Collection[str]) -> LoadedContracts:
    boundary, inside = Boundary.around(folder, ContractError), dict[str, Path]()
    outside: list[InteractionResult] = []
    for path in contract_names(folder):
        try:
            boundary.inside(path)
        except ContractError as error:
            # Nothing of it is read, so only its name tells whose contract it is.
            outside += _of_file(path, error, _named_parties(path, configuration, wanted), wanted)
        else:
            inside.setdefault(os.path.realpath(path), path)  # of a link and its file one is enough
    return read_contracts(inside.values(), configuration, wanted) + LoadedContracts((), tuple(outside))


def read_contracts(
    paths: Iterable[Path], configuration: Configuration, wanted: Collection[str] = ()
) -> LoadedContracts:
    """Return the contracts in some files; what cannot be read of them is a result of its own.

    Args:
        paths: The files.
        configuration: Names the parties.
        wanted: Only contracts with these providers; all if empty.
    """
    files: list[PactFile] = []
    unreadable: list[InteractionResult] = []
    for path in paths:
        try:
            with within(configuration.limits.patterns):
                found = pact.load_readable(path)
            if wanted and found.provider not in wanted:
                continue
            _check_provider(found, configuration)
        except ServandaError as error:
            parties = _written_parties(path) or _named_parties(path, configuration, wanted)
            unreadable += _of_file(path, error, parties, wanted)
            continue
        files.append(titled(found))
        unreadable += [_of_interaction(found, each) for each in found.unreadable]
    return LoadedContracts(tuple(files), tuple(unreadable))


def _check_provider(contract: PactFile, configuration: Configuration) -> None:
    if contract.provider not in configuration.services:
        raise ConfigurationError(
            f"the provider '{contract.provider}' is not a configured service",
            where=contract.path,
            hint=unknown_service(contract.provider, configuration.services).hint,
        )


def _of_interaction(contract: PactFile, unreadable: Unreadable) -> InteractionResult:
    transport = next((name for name in TRANSPORTS.built_in if _is_kind(name, unreadable.kind)), _UNTOLD)
    return InteractionResult(
        consumer=contract.consumer,
        provider=contract.provider,
        transport=Transport(transport),
        interaction=unreadable.description,
        outcome=Outcome.PENDING if unreadable.pending else Outcome.UNKNOWN,
        evidence=unreadable.location,
        reasons=(_unreadable(unreadable.error),),
        pending=unreadable.pending,
    )


def _is_kind(name: str, kind: str) -> bool:
    return transport_kind(name).pact_type == (kind or "Synchronous/HTTP")


def _of_file(
    path: Path, error: ServandaError, parties: tuple[str, str], wanted: Collection[str]
) -> Iterator[InteractionResult]:
    """Give the one result of a file, unless it is a contract with another provider than the wanted ones."""
    consumer, provider = parties
    if not wanted or provider in wanted or provider == _UNTOLD:
        yield InteractionResult(
            consumer=consumer,
            provider=provider,
            transport=Transport(_UNTOLD),
            interaction=f"the file {path.name}",
            outcome=Outcome.UNKNOWN,
            evidence=Location(str(path)),
            reasons=(_unreadable(error),),
        )


def _unreadable(error: ServandaError) -> Reason:
    kind = ReasonKind.COULD_NOT_RUN if isinstance(error, ConfigurationError) else ReasonKind.UNREADABLE
    message = f"{error.what}\nhint: {error.hint}" if error.hint else error.what
    return Reason(kind, message, evidence=Location.parse(error.where) if error.where else None)


def _written_parties(path: Path) -> tuple[str, str] | None:
    try:
        document = json.loads(read_bytes(path, str(path), _MOST_BYTES, ContractError))
        consumer, provider = (document[role]["name"] for role in ("consumer", "provider"))
    except (ServandaError, ValueError, LookupError, TypeError, RecursionError):
        return None
    return (consumer, provider) if isinstance(consumer, str) and isinstance(provider, str) else None


def _named_parties(path: Path, configuration: Configuration, wanted: Collection[str]) -> tuple[str, str]:
    """Guess from ``<consumer>-<provider>.json``, wanted providers first."""
    services = sorted(configuration.services, key=lambda name: (name not in wanted, -len(name)))
    found = next((name for name in services if path.stem.endswith(f"-{encoded(name)}")), None)
    if found is None:
        return _UNTOLD, _UNTOLD
    return decoded(path.stem.removesuffix(encoded(found)).rstrip("-")) or _UNTOLD, found
