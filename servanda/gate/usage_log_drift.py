"""Differences between the usage logs that were reviewed and those that the consumers' tests make now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from servanda.documents import files_in
from servanda.errors import ContractError
from servanda.interfaces.usage.log import Noted, UsageLog, load
from servanda.pact.file_names import decoded
from servanda.verdict import Location, Reason, ReasonKind


def usage_log_drift(
    reviewed: Path, recorded: Path, is_external: Callable[[str], bool] = lambda _: False
) -> tuple[Reason, ...]:
    """Return a reason for every consumer whose tests read or send something else than its usage log says.

    Only what is used counts: of the day, the commit and the tests that show it nothing becomes untrue when they change.
    Where the tests recorded nobody there is nothing to compare, nor of a consumer that nobody here records.

    Raises:
        ContractError: A usage log cannot be read.
    """
    names = {path.name for path in files_in(recorded, "*.json", ContractError)}
    names |= {path.name for path in files_in(reviewed, "*.json", ContractError)} if names else set()
    return tuple(
        reason
        for name in sorted(names)
        if (recorded / name).is_file() or not is_external(decoded(Path(name).stem))
        for reason in _consumer(reviewed / name, recorded / name)
    )


def _consumer(reviewed: Path, recorded: Path) -> Iterator[Reason]:
    if not reviewed.is_file():
        yield _reason(reviewed, "new usage log, not reviewed yet")
    elif not recorded.is_file():
        yield _reason(reviewed, "no test records this consumer any longer: its usage log does not prove absence of use")
    else:
        before, after = _uses(load(reviewed)), _uses(load(recorded))
        yield from (_reason(reviewed, f"new use, not reviewed yet: {use}") for use in sorted(after - before))
        yield from (_reason(reviewed, f"no test records this use any longer: {use}") for use in sorted(before - after))


def _uses(log: UsageLog) -> set[str]:
    consumer, sent = log.observation.consumer, log.writes
    watched = set() if sent is None else {f"{consumer} records what it sends"}
    return (
        watched
        | {_told(consumer, "reads", each) for each in log.reads}
        | {_told(consumer, "sends", each) for each in sent or ()}
    )


def _told(consumer: str, verb: str, noted: Noted) -> str:
    return f"{consumer} {verb} {noted.element} over {noted.transport}{' in the path' if noted.placed else ''}"


def _reason(reviewed: Path, message: str) -> Reason:
    return Reason(ReasonKind.DRIFT, message, evidence=Location(str(reviewed)))
