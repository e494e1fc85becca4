"""White space, comments and documents of buf, drawn by chance: a workspace keeps its meaning in all of them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from random import Random

# Mostly plain, so that most lines have only one or two of the odd ones.
_GAPS = (
    *(" ",) * 12,
    *("\t", "\t\t", " \t", "  "),
    *(
        f" /* {text} */ "
        for text in ("é", "日本", "e\u0301", "😀", "👩\u200d🚀", "🇦🇹", "©\ufe0f", "한", "\u200b", "a\tb", "—")
    ),
    "/* é\n日 */ ",
)
_INDENTS = ("  ", "  ", "    ", "\t", "\t\t", " \t")
_MARK = "\ufeff"
_QUOTED = re.compile(r'"[^"]*"|[ ]+')
_OLD_LEVELS = ("FILE", "PACKAGE", "WIRE_JSON", "WIRE")
# The widest set of rules that each version has.
_EVERYTHING: Mapping[str, tuple[str, ...]] = {
    "v1beta1": _OLD_LEVELS,
    "v1": _OLD_LEVELS,
    "v2": (*_OLD_LEVELS, "CSR"),
}


def dressed(sources: Mapping[str, str], random: Random) -> dict[str, str]:
    """Return the same sources with tabs, comments and characters of more than one byte between the words."""
    return {path: _dressed(text, random) for path, text in sources.items()}


def document(random: Random) -> str:
    """Return a ``buf.yaml`` of some version; empty for none at all."""
    version = random.choice(["", "v1beta1", "v1", "v2", "v2"])
    if not version:
        return ""
    levels = random.choice([(), _EVERYTHING[version], _EVERYTHING[version], (random.choice(_OLD_LEVELS),)])
    return json.dumps({"version": version, "breaking": {"use": list(levels)}})


def _dressed(text: str, random: Random) -> str:
    indent, ending = random.choice(_INDENTS), random.choice(["\n", "\n", "\n", "\r\n"])
    lines = [_line(line, indent, random) for line in text.split("\n")]
    return random.choice([_MARK, *[""] * 7]) + ending.join(lines)


def _line(line: str, indent: str, random: Random) -> str:
    words = line.lstrip(" ")
    depth = (len(line) - len(words)) // 2
    return indent * depth + _QUOTED.sub(lambda found: _gap(found[0], random), words)


def _gap(found: str, random: Random) -> str:
    return found if found.startswith('"') else random.choice(_GAPS)
