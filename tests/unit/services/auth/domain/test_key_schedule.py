"""Keys sign after they were published, and are published until all they signed has expired."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.auth.domain.key_schedule import KeySchedule, StoredKey

NOW = datetime(2026, 1, 2, tzinfo=UTC)
LIFE = timedelta(minutes=5)
SCHEDULE = KeySchedule(timedelta(hours=24), timedelta(minutes=10), LIFE + timedelta(minutes=1))


def key(name: str, start: datetime) -> StoredKey:
    return StoredKey(name, start, "public", "private")


def test_the_first_key_signs_at_once() -> None:
    assert SCHEDULE.next_start([], NOW) == NOW
    assert SCHEDULE.signing([], NOW) is None


def test_the_next_key_is_published_before_it_signs() -> None:
    keys = [key("first", NOW)]
    assert SCHEDULE.next_start(keys, NOW + timedelta(hours=23)) is None
    start = SCHEDULE.next_start(keys, NOW + timedelta(hours=23, minutes=50))
    assert start == NOW + timedelta(hours=24)
    keys.append(key("second", start))
    assert SCHEDULE.next_start(keys, start) is None
    signing = [SCHEDULE.signing(keys, moment) for moment in (start - timedelta(seconds=1), start)]
    assert [each.key_id for each in signing if each] == ["first", "second"]


def test_after_a_long_outage_a_key_is_still_published_before_it_signs() -> None:
    late = NOW + timedelta(days=9)
    assert SCHEDULE.next_start([key("first", NOW)], late) == late + SCHEDULE.lead


def test_a_private_key_does_not_show_itself() -> None:
    assert "private" not in repr(StoredKey("name", NOW, "public", "secret")).replace("private_key", "")


@given(st.lists(st.integers(1, 7200), min_size=1, max_size=300))
def test_whenever_somebody_looks_every_token_that_is_good_can_be_verified(pauses: list[int]) -> None:
    now, keys = NOW, list[StoredKey]()
    published: dict[str, datetime] = {}
    signed: list[tuple[str, datetime]] = []
    for pause in pauses:
        start = SCHEDULE.next_start(keys, now)
        if start is not None:
            name = f"key-{len(published)}"
            keys.append(key(name, start))
            published[name] = now
        outdated = SCHEDULE.outdated(keys, now)
        keys = [each for each in keys if each not in outdated]
        names = {each.key_id for each in keys}
        assert {name for name, time in signed if time + LIFE > now} <= names
        signing = SCHEDULE.signing(keys, now)
        assert signing is not None
        assert len(keys) <= 3
        # But for the first one, verifiers had time to fetch it.
        assert signing.key_id == "key-0" or now - published[signing.key_id] >= SCHEDULE.lead
        signed.append((signing.key_id, now))
        now += timedelta(seconds=pause)
