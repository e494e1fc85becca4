"""Text of the input as characters that can be seen: no control of a terminal, of the order of reading or of a log."""

from __future__ import annotations

import re

from servanda.escaping.secrets import redact

# Controls, what is invisible, what turns the direction of reading, separators of lines, halves of surrogate pairs,
# tags, and what is no character at all: Default_Ignorable_Code_Point and the categories Cc, Cs, Zl, Zp of Unicode.
_UNSAFE_WITHIN_LINES = (
    "\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_UNSAFE = f"\n{_UNSAFE_WITHIN_LINES}"
# An emoji may ask for its colours; after anything else such a request is invisible.
_SELECTORS = "\ufe0e\ufe0f"
_EMOJI = "#*0-9\xa9\xae\u203c-\u3299\U0001f000-\U0001faff"
UNSAFE = re.compile(f"[{_UNSAFE}]|(?<![{_EMOJI}])[{_SELECTORS}]")
"""One character that is never written as it is."""
UNSAFE_WITHIN_LINES = re.compile(f"[{_UNSAFE_WITHIN_LINES}{_SELECTORS}]")
"""The same in a document whose lines are its own; a selector is always one, which is quicker to look for."""

MARKER = re.compile(r"(?<=#)#(?=\w*\[)|(?<=\[)\[(?=ATTACHMENT\|)")
"""The character that has to be escaped, so that a CI system takes a text for no command of its own.

``##[`` and ``##vso[`` count wherever they stand in a line, for GitHub (``ActionCommand.TryParse`` of actions/runner)
and for Azure; ``[[ATTACHMENT|`` does in the output of a test in JUnit files, for GitLab and Jenkins.
"""

# A backslash is doubled only where it would read as the beginning of an escape; most regular expressions stay as they
# are. The pipe is there for Markdown, where a cell of a table needs "\|" for a pipe.
_BACKSLASH = rf"\\(?=[\\nrtxuU|{_UNSAFE}{_SELECTORS}])"
DOUBLED = re.compile(_BACKSLASH)
"""A backslash that is doubled."""
_ESCAPED = re.compile(rf"{_BACKSLASH}|{UNSAFE.pattern}")
_NAMED = {"\n": r"\n", "\r": r"\r", "\t": r"\t", "\\": r"\\"}
# The runner of GitHub removes space before it looks for the colons.
_COMMAND = re.compile(r"^(\s*):(?=:)")


def visible(text: str) -> str:
    r"""Show every control, invisible and bidirectional character as an escape, and no password of a URL.

    Escapes are those of Python: ``\n``, ``\x1b``, ``\u202e``, ``\U000e0041``; a backslash that would read as one is
    doubled. The result is one line, can be encoded, and different texts without passwords have different results.
    """
    text = redact(text)
    if not (text.isascii() and text.isprintable()) or "\\" in text:  # most text is plain, and there is much of it
        text = _ESCAPED.sub(_escape, text)
    return MARKER.sub(_break, text) if "#" in text or "[" in text else text


def line(text: str) -> str:
    r"""Make one whole line of the output: :func:`visible`, and without a workflow command at its beginning.

    ``::error::`` becomes ``\x3a:error::``.
    """
    return _COMMAND.sub(r"\1\\x3a", visible(text))


def block(text: str) -> tuple[str, ...]:
    """Make lines of a text that may span several, such as the end of a log.

    Each line after the first is marked by a bar, so that none passes for a line of the suite's own.
    """
    first, *rest = text.replace("\r\n", "\n").split("\n")
    return (line(first), *(line(f"  | {part}".rstrip(" ")) for part in rest))


def path_bytes(path: str) -> bytes:
    """Encode a path as the file system has it, where the name of a file need not be text (PEP 383)."""
    return b"".join(
        character.encode("utf-8", "surrogateescape" if "\udc80" <= character <= "\udcff" else "surrogatepass")
        for character in path
    )


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if character in _NAMED:
        return _NAMED[character]
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _break(match: re.Match[str]) -> str:
    return f"\\x{ord(match[0]):02x}"
