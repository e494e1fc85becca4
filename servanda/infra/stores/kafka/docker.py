"""Apache Kafka in a container, one broker in KRaft mode; the contract is that of the image apache/kafka."""

from __future__ import annotations

from servanda.infra.bringup import BringUp, Running
from servanda.infra.docker.container import Container
from servanda.infra.docker.engine import configure_testcontainers, ensure_image
from servanda.infra.listening import listen
from servanda.infra.stores.kafka.endpoint import NAME, KafkaEndpoint
from servanda.infra.stores.kafka.probe import metadata_probe
from servanda.infra.stores.kafka.properties import broker_settings
from servanda.verdict import StoreFact

_PORT = 9092
_CONTROLLER_PORT = 9093
_INTERNAL_PORT = 9094


class ApacheKafkaContainer(Container):
    """A container of apache/kafka, or of an image that reads the same environment.

    Args:
        image: What it runs.
        port: Port on 127.0.0.1 that clients are told to connect to.
    """

    def __init__(self, image: str, port: int) -> None:
        settings = broker_settings(
            listen=f"0.0.0.0:{_PORT}",
            advertise=f"127.0.0.1:{port}",
            controller=f"127.0.0.1:{_CONTROLLER_PORT}",
            internal=f"127.0.0.1:{_INTERNAL_PORT}",
        )
        environment = {f"KAFKA_{name.upper().replace('.', '_')}": value for name, value in settings.items()}
        super().__init__(image, {_PORT: port}, environment={**environment, "KAFKA_HEAP_OPTS": "-Xms256m -Xmx512m"})


def start(task: BringUp) -> Running:
    """Start a container and wait until its broker counts itself among the living.

    Raises:
        InfrastructureError: The image cannot be had, or the broker does not answer.
    """
    image = task.choice.images[NAME]
    ensure_image(task, image)
    configure_testcontainers()
    found = listen(task, lambda ports: ApacheKafkaContainer(image, ports[0]), metadata_probe(), pause=0.05)
    fact = StoreFact(NAME, "docker", f"Apache Kafka ({image})")
    return Running(KafkaEndpoint(f"127.0.0.1:{found.ports[0]}", fact), found.server.stop, found.server)
