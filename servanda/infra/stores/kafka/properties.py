"""The settings of a Kafka broker that is a cluster of its own, for the length of a run."""

from __future__ import annotations

from pathlib import Path

_ONE_BROKER = {
    "offsets.topic.replication.factor": 1,
    "offsets.topic.num.partitions": 1,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "transaction.state.log.num.partitions": 1,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    "share.coordinator.state.topic.num.partitions": 1,
}
_QUICK = {
    "group.initial.rebalance.delay.ms": 0,
    "num.network.threads": 2,
    "num.io.threads": 2,
    "background.threads": 2,
    "log.cleaner.enable": "false",
    "log.flush.interval.messages": 10_000_000,
    # Small files make a warm template cheap to copy: the default preallocates 10 MB for each index.
    "log.index.size.max.bytes": 65_536,
    "log.segment.bytes": 1_048_576,
}


def broker_settings(*, listen: str, advertise: str, controller: str, internal: str | None = None) -> dict[str, str]:
    """Settings of the broker by their name in ``server.properties``.

    Args:
        listen: ``host:port`` that it listens on.
        advertise: ``host:port`` that clients are told to connect to.
        controller: ``host:port`` of its own controller.
        internal: ``host:port`` at which it reaches itself, if that is not ``advertise``: a broker calls itself to
            verify transactions.
    """
    own = f",INTERNAL://{internal}" if internal else ""
    settings = {
        "process.roles": "broker,controller",
        "node.id": 1,
        "controller.quorum.voters": f"1@{controller}",
        "controller.listener.names": "CONTROLLER",
        "listeners": f"PLAINTEXT://{listen},CONTROLLER://{controller}{own}",
        "advertised.listeners": f"PLAINTEXT://{advertise}{own}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,INTERNAL:PLAINTEXT",
        "inter.broker.listener.name": "INTERNAL" if internal else "PLAINTEXT",
        # As topics have elsewhere: a consumer that takes one partition for all of them has to be noticed.
        "num.partitions": 3,
        "auto.create.topics.enable": "true",
        **_ONE_BROKER,
        **_QUICK,
    }
    return {name: str(value) for name, value in settings.items()}


def server_properties(port: int, controller_port: int, data: Path) -> str:
    """Return the content of ``server.properties`` of a broker on loopback."""
    address = f"127.0.0.1:{port}"
    settings = broker_settings(listen=address, advertise=address, controller=f"127.0.0.1:{controller_port}")
    return "".join(f"{name}={value}\n" for name, value in {**settings, "log.dirs": data}.items())
