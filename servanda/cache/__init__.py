"""Data kept between runs: its folder, and the seal that tells a forged or damaged part from a right one.

Whoever can write into the cache could otherwise turn a break into a pass, or have a server of theirs run. So the folder
must be this user's own, and what it holds is believed only with a seal made with a key that lies elsewhere.
"""

from servanda.cache.folder import cache_folder
from servanda.cache.key import KEY_BYTES, cache_key
from servanda.cache.seal import SEAL_BYTES, Seal, same

__all__ = ["KEY_BYTES", "SEAL_BYTES", "Seal", "cache_folder", "cache_key", "same"]
