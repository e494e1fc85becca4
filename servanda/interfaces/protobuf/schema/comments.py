"""Comments next to elements."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from servanda.interfaces.protobuf.schema.element import File, SourcePath


@lru_cache(maxsize=64)
def comments(file: File) -> Mapping[SourcePath, str]:
    """Comments before and behind elements, by source path; none if the image was made without them."""
    return {
        tuple(location.path): _text(location.leading_comments) + _text(location.trailing_comments)
        for location in file.source.location
        if location.leading_comments or location.trailing_comments
    }


def _text(comment: str | bytes) -> str:
    # What is not UTF-8 comes as bytes: no compiler writes it, but an image can hold it.
    return comment if isinstance(comment, str) else comment.decode(errors="replace")
