"""Where an attempt comes from."""

from __future__ import annotations

import pytest

from services.auth.adapters.network import CLIENT_ADDRESS, network_of


@pytest.mark.parametrize(
    ("told", "network"),
    [
        (["192.0.2.7"], "192.0.2.7"),
        (["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64"),
        (["::ffff:192.0.2.7"], "192.0.2.7"),
        ([], ""),
        (["192.0.2.7", "192.0.2.8"], ""),
        (["192.0.2.7, 192.0.2.8"], ""),
        (["localhost"], ""),
        (["2001:db8::1%eth0"], "2001:db8::/64"),
        ([b"192.0.2.7"], ""),
    ],
)
def test_an_attempt_is_counted_for_its_network(told: list[str | bytes], network: str) -> None:
    assert network_of([("x-request-id", "1"), *((CLIENT_ADDRESS, value) for value in told)]) == network
