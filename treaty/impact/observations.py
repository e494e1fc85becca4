"""Documents that say what a consumer's tests read: ``contracts/usage/<consumer>.json``."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from treaty.errors import ContractError
from treaty.impact.use import Access, Observation, Use
from treaty.verdict import Evidence, Transport

FORMAT = 1


@dataclass(frozen=True, slots=True, order=True)
class Read:
    """An element that a test read, and over which transport it arrived."""

    element: str
    transport: Transport
    test: str


@dataclass(frozen=True, slots=True)
class Recording:
    """What one document says."""

    observation: Observation
    reads: tuple[Read, ...]

    def uses(self) -> Iterator[Use]:
        """Every use that the recording proves."""
        seen = self.observation
        for read in self.reads:
            evidence = Evidence("recording", seen.document, "", read.test, seen.version, seen.date)
            named = read.transport is Transport.HTTP
            yield Use(read.element, seen.consumer, Access.READ, read.transport, named=named, evidence=evidence)


def dump(recording: Recording) -> str:
    """The document; the same recording always gives the same text."""
    seen = recording.observation
    document = {
        "format": FORMAT,
        "consumer": seen.consumer,
        "version": seen.version,
        "date": seen.date,
        "reads": [
            {"element": read.element, "transport": str(read.transport), "test": read.test}
            for read in sorted(set(recording.reads))
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


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
    reads = tuple(
        Read(str(entry["element"]), Transport(entry["transport"]), str(entry["test"])) for entry in document["reads"]
    )
    for read in reads:
        if known is not None and read.element not in known:
            line = text[: text.index(json.dumps(read.element))].count("\n") + 1
            raise ContractError(
                f"the element '{read.element}' does not exist",
                where=f"{path}:{line}",
                hint="record the consumer's tests again",
            )
    return Recording(observation, reads)
