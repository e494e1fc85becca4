from __future__ import annotations

import pytest

from platformkit.events import Record
from platformkit.events.dead_letter import without_value


@pytest.mark.parametrize(("value", "size"), [(b"12345", b"5"), (None, b"0")])
def test_a_letter_without_its_value_says_how_large_that_is(value: bytes | None, size: bytes) -> None:
    letter = Record("t.dlq", b"k", value, (("x-error", b"why"),))
    assert without_value(letter) == Record("t.dlq", b"k", None, (("x-error", b"why"), ("x-omitted-bytes", size)))
