"""Output of a command within bounds: lines as they come, the last ones of them, and a log file."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from servanda.processes.private import append_to_private_file

_MARK = " [... line truncated]"
TAIL_LINES = 50
_TAIL_CHARACTERS = 500
_TAIL_BYTES = 65536


@dataclass(frozen=True, slots=True)
class OutputBounds:
    """Bytes of output that are kept.

    Attributes:
        line_bytes: Of one line; the rest of it is passed over.
        log_bytes: Of a log and the one before it together, each of them half.
    """

    line_bytes: int = 16384
    log_bytes: int = 256 << 20


class Lines:
    """Output, taken apart into lines, each of a bounded length whenever its end comes.

    Args:
        bounds: How long a line may become.
        heard: Gets each line without its end.
    """

    def __init__(self, bounds: OutputBounds, heard: Callable[[str], None]) -> None:
        self._most = bounds.line_bytes
        self._heard = heard
        self._pending = bytearray()
        self._is_cut = False
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)

    def feed(self, chunk: bytes) -> None:
        """Take output as it comes."""
        first, *more = chunk.split(b"\n")
        self._extend(first)
        for part in more:
            self._end()
            self._extend(part)

    def close(self) -> None:
        """Take what was begun for a line."""
        if self._pending or self._is_cut:
            self._end()

    @property
    def last(self) -> tuple[str, ...]:
        """Return the last lines, each short enough for an error."""
        return tuple(self._tail)

    def _extend(self, part: bytes) -> None:
        room = self._most - len(self._pending)
        self._pending += part[:room]
        self._is_cut = self._is_cut or len(part) > room

    def _end(self) -> None:
        line = self._pending.decode("utf-8", "replace").rstrip("\r") + (_MARK if self._is_cut else "")
        self._pending.clear()
        self._is_cut = False
        self._tail.append(shortened(line))
        self._heard(line)


class Log:
    """A log file that is begun anew when it is full; the one before it is kept beside it as ``<name>.1``."""

    def __init__(self, path: Path, bounds: OutputBounds) -> None:
        self._path = path
        self._most = max(bounds.log_bytes // 2, 1)
        self._file = append_to_private_file(path)
        self._size = path.stat().st_size

    def write(self, chunk: bytes) -> None:
        """Append output."""
        if self._size + len(chunk) > self._most and self._size:
            self._file.close()
            self._path.replace(self._path.with_name(f"{self._path.name}.1"))
            self._file = append_to_private_file(self._path)
            self._size = 0
        self._file.write(chunk)
        self._size += len(chunk)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def shortened(line: str) -> str:
    """Cut a line to what an error can show."""
    if len(line) <= _TAIL_CHARACTERS:
        return line
    return f"{line[:_TAIL_CHARACTERS]} [... {len(line) - _TAIL_CHARACTERS} characters more]"


def last_lines(log: Path, count: int = TAIL_LINES) -> tuple[str, ...]:
    """Read the last lines of a log, without reading all of it; none if there is no log."""
    if not log.is_file():
        return ()
    with log.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(size - _TAIL_BYTES, 0))
        found = file.read(_TAIL_BYTES).decode("utf-8", "replace").splitlines()
    return tuple(shortened(line) for line in found[-count:])
