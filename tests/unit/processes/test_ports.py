import socket

from hypothesis import given
from hypothesis import strategies as st

from servanda.processes import free_port, free_ports


@given(st.integers(min_value=1, max_value=8))
def test_free_ports_are_distinct(count: int) -> None:
    assert len(set(free_ports(count))) == count


def test_a_free_port_can_be_listened_on() -> None:
    with socket.create_server(("127.0.0.1", free_port())) as server:
        assert server.getsockname()[0] == "127.0.0.1"
