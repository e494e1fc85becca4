"""Texts and bytes worth trying on rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice, product
from typing import Final

from servanda.interfaces.protobuf.constraints.formats import EXAMPLES, RAW, stretched
from servanda.interfaces.protobuf.constraints.seeds import Seeds
from servanda.patterns.samples import samples

_MENTIONED: Final = 40
_COMBINED: Final = 8
_SAMPLED: Final = 80
_SHORT: Final = 64
_ALL_BYTES: Final = 1 << 28
_EDITS: Final = " -_./:@%aAzZ09é\n"


def texts(seeds: Seeds) -> Iterator[str]:
    """Yield texts that the rules may disagree about, simple ones first."""
    left = _ALL_BYTES
    seen = set[str]()
    for text in _texts(seeds):
        if text not in seen and len(text) <= left:
            left -= len(text)
            seen.add(text)
            yield text


def blobs(seeds: Seeds) -> Iterator[bytes]:
    """Yield bytes that the rules may disagree about."""
    mentioned = [*islice(seeds.blobs, _MENTIONED)]
    yield from RAW
    yield from mentioned
    for one, other in product(mentioned[:_COMBINED], repeat=2):
        yield from (one + other, one + b"x" + other)
    for size in seeds.sizes:
        yield from (b"a" * size, b"\xff" * size)
        for blob in mentioned[:_COMBINED]:
            room = size - len(blob)
            yield from (blob + b"a" * room, b"a" * room + blob)
    for blob in mentioned:
        yield from (b"x" + blob, blob + b"x", b"x" + blob + b"x", blob[:-1], blob[1:])
    yield from (text.encode("utf-8", "replace") for text in _of_patterns(seeds))


def _texts(seeds: Seeds) -> Iterator[str]:
    mentioned = [*islice(seeds.texts, _MENTIONED)]
    yield ""
    yield from mentioned
    for size in seeds.sizes:
        yield from _of_size(size, seeds.sizes)
    yield from EXAMPLES
    sampled = [*islice(_of_patterns(seeds), _SAMPLED)]
    yield from sampled
    for one, other in product(mentioned[:_COMBINED], repeat=2):
        yield from (one + other, f"{one}x{other}")
    for text in mentioned:
        yield from (f"x{text}", f"{text}x", f"x{text}x", text[:-1], text[1:], text.upper(), text.lower())
    for size in seeds.sizes:
        yield from stretched(size)
        for text in (*mentioned[:_COMBINED], *sampled[:_COMBINED]):
            yield from _filled(text, size)
    for one, other in product(mentioned[:_COMBINED], repeat=2):
        for size in seeds.sizes:
            yield one + "x" * (size - len(one) - len(other)) + other
    for text in sampled:
        yield from _edited(text)


def _of_patterns(seeds: Seeds) -> Iterator[str]:
    for pattern in islice(seeds.patterns, _MENTIONED):
        yield from samples(pattern)


def _of_size(characters: int, sizes: Iterable[int]) -> Iterator[str]:
    """Yield texts of so many characters, with each number of bytes that is worth trying."""
    yield "a" * characters
    for size in sizes:
        if characters <= size <= 4 * characters:
            yield _mixed(characters, size)
    yield "😀" * characters
    # As many bytes, in as few characters as possible.
    yield _mixed(-(-characters // 4), characters)


def _mixed(characters: int, size: int) -> str:
    """Return so many characters that take so many bytes."""
    longest, rest = divmod(size - characters, 3)
    last = {0: "", 1: "é", 2: "日"}[rest]
    return "😀" * longest + last + "a" * (characters - longest - len(last))


def _filled(text: str, size: int) -> Iterator[str]:
    room = size - len(text)
    if room <= 0:
        yield text[:size]
        return
    middle = len(text) // 2
    for fill in ("a", "0", "😀", text[-1:]):
        padding = fill * room
        yield from (text + padding, padding + text, text[:middle] + padding + text[middle:])


def _edited(text: str) -> Iterator[str]:
    if len(text) > _SHORT:
        return
    yield from (text.upper(), text.lower(), text[1:], text[:-1], text + text)
    for edit in _EDITS:
        yield from (edit + text, text + edit, text[:-1] + edit, edit + text[1:])
