"""Data kept between runs: its folder, and the seal that tells a forged or damaged part from a right one.

Whoever can write into the cache could otherwise turn a break into a pass, or have a server of theirs run. So the folder
must be this user's own, and what it holds is believed only with a seal made with a key that lies elsewhere.
"""

from servanda.cache.entries import DRAFT, MOST_BYTES, SEAL, Entry, bound, clear, entries, most_bytes, summary, touch
from servanda.cache.folder import cache_folder
from servanda.cache.key import KEY_BYTES, cache_key
from servanda.cache.locks import held
from servanda.cache.seal import SEAL_BYTES, Seal, same

__all__ = [
    "DRAFT",
    "KEY_BYTES",
    "MOST_BYTES",
    "SEAL",
    "SEAL_BYTES",
    "Entry",
    "Seal",
    "bound",
    "cache_folder",
    "cache_key",
    "clear",
    "entries",
    "held",
    "most_bytes",
    "same",
    "summary",
    "touch",
]
