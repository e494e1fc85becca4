"""Length of a regular expression with its counted repetitions written out.

The engine writes ``a{1000}`` out, and a group in it again for every repetition of the group: three of them within each
other make a thousand million steps out of twenty characters.
"""

from __future__ import annotations

import re
from typing import Final

ESCAPE: Final = r"\\[NPp]\{[^{}]*\}|\\."
# One that is not closed takes all the rest: it is not valid, and is not to be looked for at every place in it.
SET: Final = r"\[\^?\]?(?:[^\]\\]|\\.)*(?:\]|\Z)"

# A set, an escape or any other character is one step; within a set braces mean themselves. What is silent stands for
# nothing, and so may come between a group and its repetition.
_SILENT: Final = r"(?P<silent>\(\?#[^)]*\)|\(\?(?:[a-zL-]|V[01])*\)|\s+{comment})"
_REST: Final = (
    rf"|(?P<escape>{ESCAPE})|(?P<set>{SET})"
    r"|\{\s*(?P<least>\d+)[\s,\d]*\}|(?P<open>\()|(?P<close>\))|(?P<one>.)"
)
_PLAIN: Final = re.compile(_SILENT.format(comment="") + _REST, re.DOTALL)
_VERBOSE: Final = re.compile(_SILENT.format(comment=r"|#[^\n]*") + _REST, re.DOTALL)


def unfolded(expression: str) -> int:
    """Count the steps of an expression, rather too many than too few; of one that is not valid, some number."""
    return max(_counted(expression, token) for token in (_PLAIN, _VERBOSE))


def _counted(expression: str, pattern: re.Pattern[str]) -> int:
    totals, last = [0], 0
    for token in pattern.finditer(expression):
        match token.lastgroup:
            case "silent":
                continue
            case "open":
                totals.append(0)
                last = 0
            case "close":
                last = totals.pop() + 1
                totals = totals or [0]  # one parenthesis too many
                totals[-1] += last
            case "least":
                # The engine refuses greater numbers by itself; so many digits would take long to read.
                repeated = last * max(int(token["least"][:12]), 1)
                totals[-1] += repeated - last
                last = repeated
            case _:
                last = 1
                totals[-1] += 1
    return sum(totals)
