"""The place in the code of a service that runs a statement."""

from __future__ import annotations

import inspect
import os
import sys
from types import FrameType
from typing import Any, Callable, Optional, Tuple

Place = Tuple[str, int]
"""File and line."""

_LIBRARIES = tuple(f"{os.sep}{name}{os.sep}" for name in ("site-packages", "dist-packages"))
_STANDARD = os.path.dirname(os.__file__) + os.sep
_OWN = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep


class Callers:
    """Finder of callers; it remembers which files are the service's own."""

    def __init__(self, is_left_out: Callable[[str], bool]) -> None:
        self._is_left_out = is_left_out
        self._is_foreign: dict[str, bool] = {}

    def caller(self) -> Optional[Place]:
        """Return file and line of the first frame that is neither of a library nor of this package; None if none is."""
        is_foreign = self._is_foreign
        frame: Optional[FrameType] = inspect.currentframe()
        hops = 0
        while True:
            while frame is not None:
                name = frame.f_code.co_filename
                foreign = is_foreign.get(name)
                if foreign is None:
                    foreign = is_foreign[name] = self._judge(name)
                if not foreign:
                    return name, frame.f_lineno
                frame = frame.f_back
            hops += 1
            frame = _of_parent(hops)
            if frame is None:
                return None

    def is_left_out(self, place: Place) -> bool:
        """Tell whether nothing that this place runs is to be noted."""
        return self._is_left_out(place[0])

    def _judge(self, name: str) -> bool:
        return name.startswith(("<", _STANDARD, _OWN)) or any(part in name for part in _LIBRARIES)


def _of_parent(hops: int) -> Optional[FrameType]:
    # SQLAlchemy runs synchronous code in a greenlet; who awaits is in the one that this one was started from.
    greenlet: Any = sys.modules.get("greenlet")
    if greenlet is None:
        return None
    current = greenlet.getcurrent()
    for _ in range(hops):
        current = current.parent
        if current is None:
            return None
    frame: Optional[FrameType] = current.gr_frame
    return frame
