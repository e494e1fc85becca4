r"""One regular expression, compiled and tried within bounds.

The engine is https://pypi.org/project/regex in its compatible version 0: it takes what ``re`` takes, and more of what
other languages write (``\p{L}``, possessive quantifiers).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

from servanda.errors import LimitError, PatternError
from servanda.patterns.budget import Budget, PatternBounds, current, current_bounds
from servanda.patterns.unfolding import ESCAPE, SET, unfolded

if TYPE_CHECKING:
    import regex

_Match: TypeAlias = "regex.Match[str] | None"
_SHOWN = 80
VERSION_1: Final = "(?V1)"
"""Before an expression, it has the engine take sets within sets, and flags from where they stand."""
# In braces the engine would also take a number of errors ("{e<=1}"), where "re" and all others see characters.
_BRACE = re.compile(rf"(?P<kept>{ESCAPE}|{SET}|\{{(?:\d+(?:,\d*)?|,\d*)\}})|\{{", re.DOTALL)


class Expression:
    """A regular expression.

    Attributes:
        text: As it is written.

    Args:
        text: As it is written.
        bounds: What it may be; what it may cost is told by the budget of the work that tries it.

    Raises:
        PatternError: It is not valid.
        LimitError: It is too long, would become too long, or is nested too deeply.
    """

    def __init__(self, text: str, bounds: PatternBounds) -> None:
        self.text = text
        # It takes longer to import than warm comparisons take, and most of them try no expression.
        import regex  # noqa: PLC0415

        _keep_short(text, bounds)
        try:
            flags = 0 if text.startswith(VERSION_1) else regex.VERSION0
            self._compiled = regex.compile(_exact(text), flags=flags, cache_pattern=False)
        except regex.error as error:
            raise PatternError(f"'{_shown(text)}' is not a valid regular expression: {error}") from error
        except RecursionError:
            raise LimitError(f"the regular expression '{_shown(text)}' is nested too deeply") from None

    def search(self, text: str) -> _Match:
        """Find the first place in a text that the expression matches.

        Raises:
            LimitError: The time for regular expressions is over.
        """
        return self._try(lambda seconds: self._compiled.search(text, timeout=seconds))

    def fullmatch(self, text: str) -> _Match:
        """Match a text from its beginning to its end.

        Raises:
            LimitError: The time for regular expressions is over.
        """
        return self._try(lambda seconds: self._compiled.fullmatch(text, timeout=seconds))

    def _try(self, tried: Callable[[float], _Match]) -> _Match:
        budget = current()
        if budget.seconds_left <= 0:
            raise self._too_slow(budget)
        started = time.thread_time()
        try:
            return tried(budget.seconds_left)
        except (TimeoutError, MemoryError):
            raise self._too_slow(budget) from None
        finally:
            budget.spend(time.thread_time() - started)

    def _too_slow(self, budget: Budget) -> LimitError:
        return LimitError(
            f"regular expressions took longer than the {budget.bounds.seconds:g} s that they may take together; "
            f"the last one was '{_shown(self.text)}'",
            limit="pattern_seconds",
        )


def compiled(text: str) -> Expression:
    """Compile an expression within the bounds of the work that is going on, or take it as it was compiled last time.

    Raises:
        PatternError: It is not valid.
        LimitError: It is too long, would become too long, or is nested too deeply.
    """
    return _cached(text, current_bounds())


@lru_cache(maxsize=1024)
def _cached(text: str, bounds: PatternBounds) -> Expression:
    return Expression(text, bounds)


def _keep_short(text: str, bounds: PatternBounds) -> None:
    if len(text) > bounds.characters:
        raise LimitError(
            f"the regular expression '{_shown(text)}' has {len(text)} characters, "
            f"more than the {bounds.characters} that are allowed",
            limit="pattern_characters",
        )
    if (steps := unfolded(text)) > bounds.steps:
        raise LimitError(
            f"the regular expression '{_shown(text)}' has {steps} steps once its repetitions are written out, "
            f"more than the {bounds.steps} that are allowed"
        )


def _exact(text: str) -> str:
    return _BRACE.sub(lambda found: found["kept"] or r"\{", text)


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
