"""Files that are no source: they stand for another one, or are no text. What protoc says of them helps nobody."""

from __future__ import annotations

import re

from servanda.errors import InterfaceError

# Source: the specification of Git LFS, docs/spec.md.
_POINTER = b"version https://git-lfs.github.com/spec/"
_PATH = re.compile(rb"[^\s;{}\"'=]+\.proto\s*")
# Longer than a pointer and than most paths.
_SHORT = 4096


def require_source(content: bytes, shown: str) -> None:
    """Refuse a file that holds no proto source but says where it is, or is written in another encoding.

    Args:
        content: The file.
        shown: What to call it in messages.

    Raises:
        InterfaceError: It is such a file.
    """
    begin = content[:_SHORT]
    for is_one, what, hint in _KINDS:
        if is_one(begin):
            raise InterfaceError(what, where=shown, hint=hint)


def require_text(content: bytes, shown: str) -> None:
    """Refuse bytes that are not UTF-8: in some strings protoc does not survive them.

    Raises:
        InterfaceError: There is such a byte; the error names its place.
    """
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line, column = content.count(b"\n", 0, error.start) + 1, error.start - content.rfind(b"\n", 0, error.start)
        what = f"the byte {content[error.start]:#04x} is not UTF-8, and protoc aborts on it"
        raise InterfaceError(what, where=f"{shown}:{line}:{column}", hint="save the file in UTF-8") from None


def _is_wide(begin: bytes) -> bool:
    return begin.startswith((b"\xfe\xff", b"\xff\xfe")) or b"\0" in begin[:2]


def _is_wider(begin: bytes) -> bool:
    # In UTF-16 the first two of these would be a mark and an empty character, which no source begins with.
    return begin.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")) or b"\0\0" in begin[:3]


_KINDS = (
    (
        lambda begin: begin.startswith(_POINTER),
        "expected proto source, found a Git LFS pointer",
        "run 'git lfs pull'; a commit holds only pointers, so compare with a checkout ('git worktree add')",
    ),
    (
        lambda begin: _PATH.fullmatch(begin) is not None,
        "expected proto source, found only a path: a symbolic link that was checked out as text",
        "check it out as a link: 'git config core.symlinks true', then 'git checkout' the file",
    ),
    (_is_wider, "expected UTF-8, found UTF-32", "save the file in UTF-8"),
    (_is_wide, "expected UTF-8, found UTF-16", "save the file in UTF-8"),
)
