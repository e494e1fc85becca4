"""A journey through the running shop."""

import os

import httpx2


def test_an_order_can_be_read() -> None:
    assert httpx2.get(f"{os.environ['SHOP_URL']}/orders/o-1").status_code == 200
