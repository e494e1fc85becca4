from __future__ import annotations

from platformkit.backoff import Backoff


async def test_waits_double_up_to_a_limit_and_start_anew_after_success() -> None:
    waits: list[float] = []

    async def note(seconds: float) -> None:
        waits.append(seconds)

    backoff = Backoff(first_seconds=1, limit_seconds=4, sleep=note)
    for _ in range(4):
        await backoff.wait()
    backoff.reset()
    await backoff.wait()
    for actual, longest in zip(waits, [1, 2, 4, 4, 1], strict=True):
        assert longest / 2 <= actual <= longest
