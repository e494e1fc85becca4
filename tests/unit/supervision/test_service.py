from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import replace

from servanda.configuration import Service
from servanda.supervision import Plan, SupervisedService, ignore
from servanda.supervision.launch import launch


async def test_a_service_leaves_a_port_that_was_taken_since_it_was_chosen(
    server: Callable[..., Service], plan: Callable[..., Plan]
) -> None:
    planned = plan(server("a"))
    (instance,) = planned.of_service("a")
    (planned.folder / "logs").mkdir(parents=True)
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        free = launch(planned, instance)
        launches = [free, replace(launch(replace(planned, ports={("a", "http"): port}), instance), fixed=frozenset())]
        supervised = SupervisedService(launches.pop, 20.0, ignore)
        assert supervised.ports == {"http": port}
        await supervised.start()
        assert supervised.ports == free.ports
        await supervised.stop()
