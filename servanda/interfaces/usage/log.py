"""Documents that say what a consumer's tests read and sent: ``contracts/usage/<consumer>.json``."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from servanda.errors import ContractError
from servanda.interfaces.effect import Access
from servanda.interfaces.usage.use import Observation, Use
from servanda.verdict import Evidence, Transport

FORMAT = 1
_OPERATION = re.compile("[A-Z]+ /")
"""How a request begins that means no rpc; a document about HTTP may describe it."""


@dataclass(frozen=True, slots=True, order=True)
class Noted:
    """An element that a test read or sent, and over which transport.

    Attributes:
        placed: Whether its place in a path tells it, so that no name of it travels.
    """

    element: str
    transport: Transport
    test: str
    placed: bool = False


@dataclass(frozen=True, slots=True)
class Recording:
    """What one document says.

    Attributes:
        writes: What was sent and called; ``None`` if that was not noted. Then the recording proves uses, but does not
            prove that anything is not used.
    """

    observation: Observation
    reads: tuple[Noted, ...]
    writes: tuple[Noted, ...] | None = None

    def of_rpcs(self) -> Recording:
        """The same without requests that mean no rpc. Who noted nothing else did not note what was sent to rpcs."""
        writes = tuple(noted for noted in self.writes or () if not _OPERATION.match(noted.element))
        return self if writes == (self.writes or ()) else replace(self, writes=writes or None)

    def uses(self) -> Iterator[Use]:
        """Every use that the recording proves."""
        seen = self.observation
        for access, entries in ((Access.READ, self.reads), (Access.WRITE, self.writes or ())):
            for noted in entries:
                evidence = Evidence("recording", seen.document, "", noted.test, seen.version, seen.date)
                named = noted.transport is Transport.HTTP and not noted.placed
                yield Use(noted.element, seen.consumer, access, noted.transport, named=named, evidence=evidence)


def dump(recording: Recording) -> str:
    """The document; the same recording always gives the same text."""
    seen = recording.observation
    document = {
        "format": FORMAT,
        "consumer": seen.consumer,
        "version": seen.version,
        "date": seen.date,
        "reads": _entries(recording.reads),
        "writes": None if recording.writes is None else _entries(recording.writes),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _entries(noted: Iterable[Noted]) -> list[dict[str, str | bool]]:
    return [
        {"element": each.element, "transport": str(each.transport), "test": each.test}
        | ({"placed": True} if each.placed else {})
        for each in sorted(set(noted))
    ]


def load(path: Path, known: Collection[str] | None = None) -> Recording:
    """The recording in this file.

    Args:
        path: The document.
        known: Full names of the elements that exist; if given, every element has to be among them.

    Raises:
        ContractError: It cannot be read, or names an element that does not exist; the error names file and line.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return _recording(json.loads(text), path, text, known)
    except (OSError, UnicodeDecodeError) as error:
        raise ContractError(f"cannot be read: {error}", where=str(path)) from error
    except json.JSONDecodeError as error:
        raise ContractError(f"no JSON: {error.msg}", where=f"{path}:{error.lineno}:{error.colno}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise ContractError(
            f"no recording of format {FORMAT}: {error!r}", where=str(path), hint="record the consumer's tests again"
        ) from error


def _recording(document: object, path: Path, text: str, known: Collection[str] | None) -> Recording:
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ValueError("expected an object with 'format'")
    date = str(dt.date.fromisoformat(document["date"]))
    observation = Observation(str(document["consumer"]), date, str(path), str(document["version"]))
    reads = _noted(document["reads"])
    writes = None if document["writes"] is None else _noted(document["writes"])
    for read in (*reads, *(writes or ())):
        if known is not None and read.element not in known and not _OPERATION.match(read.element):
            line = text[: text.index(json.dumps(read.element))].count("\n") + 1
            raise ContractError(
                f"the element '{read.element}' does not exist",
                where=f"{path}:{line}",
                hint="record the consumer's tests again",
            )
    return Recording(observation, reads, writes)


def _noted(entries: list[dict[str, object]]) -> tuple[Noted, ...]:
    return tuple(
        Noted(
            str(each["element"]),
            Transport(str(each["transport"])),
            str(each["test"]),
            placed=each.get("placed", False) is True,
        )
        for each in entries
    )
