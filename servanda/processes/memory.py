"""Memory limit of this process, and of each one that it starts meanwhile."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

from servanda.errors import LimitError

# What Python and the libraries have taken before anything is read.
_LEAST = 256 << 20


@contextlib.contextmanager
def bounded_memory(what: str, limit: int, key: str = "memory_bytes") -> Iterator[None]:
    """Refuse more memory than a limit within this block.

    Some bytes of an input can stand for a hundred times as many in memory, at a hundred places: what is refused by the
    system is bounded at all of them. It holds for the whole process: nothing may run beside it that needs more. Linux
    counts private memory (``RLIMIT_DATA``, getrlimit(2)); other systems do not, and there this does nothing.

    Args:
        what: What to call the block in the message.
        limit: Bytes of memory; 256 MiB at least.
        key: Key of that limit.

    Raises:
        LimitError: More was asked for.
    """
    if sys.platform != "linux":
        yield
        return
    import resource  # noqa: PLC0415  there is none on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = max(limit, _LEAST)
    if any(bound != resource.RLIM_INFINITY and bound <= wanted for bound in (soft, hard)):  # less is allowed anyway
        yield
        return
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))
    try:
        yield
    except MemoryError:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
        raise LimitError(f"{what} took more than {wanted:,} bytes of memory", limit=key) from None
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
