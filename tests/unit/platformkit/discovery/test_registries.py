from datetime import UTC, datetime

from platformkit.discovery import Instance, InstanceStatus, MemoryRegistry, StaticRegistry


def _instance(name: str) -> Instance:
    return Instance(
        id=name,
        service="identity",
        host="127.0.0.1",
        grpc_port=1,
        http_port=2,
        interfaces=(),
        version="0",
        status=InstanceStatus.SERVING,
        started_at=datetime(2026, 1, 2, tzinfo=UTC),
    )


A, B = _instance("a"), _instance("b")


async def test_a_memory_registry_shows_who_registered_in_the_order_of_ids() -> None:
    registry = MemoryRegistry()
    await registry.register(B)
    await registry.register(A)
    assert await registry.instances() == (A, B)


async def test_a_watcher_sees_what_is_there_and_then_each_change() -> None:
    registry = MemoryRegistry([A])
    watch = aiter(registry.watch())
    assert await anext(watch) == (A,)
    await registry.register(B)
    assert await anext(watch) == (A, B)
    await registry.deregister("a")
    assert await anext(watch) == (B,)


async def test_to_register_again_is_no_change() -> None:
    registry = MemoryRegistry([A])
    watch = aiter(registry.watch())
    await anext(watch)
    await registry.register(A)
    await registry.register(B)
    assert await anext(watch) == (A, B)


async def test_a_static_registry_shows_what_it_was_given_whoever_registers() -> None:
    registry = StaticRegistry([B, A])
    await registry.register(_instance("c"))
    await registry.deregister("a")
    assert await registry.instances() == (A, B)
    assert await anext(aiter(registry.watch())) == (A, B)
