"""``deploy/``: the platform of ``servanda.toml`` as containers, for whoever wants it without Python."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import yaml

from codegen.product import ROOT, Product
from servanda.configuration import Configuration, Service, Store, load
from servanda.extensions import STORES as KNOWN
from servanda.infra.store import store_kind
from servanda.supervision import Placeholders, migration_stores
from servanda.verdict import Transport

HEADER = "# Generated from servanda.toml by 'python -m codegen'; do not edit.\n"
GENERATED = re.compile(r"\{generated\.(\w+)\}")
# Every container has a network address of its own, so the same port can mean the same everywhere.
PORTS = {"http": 8080, "grpc": 50051, "metrics": 9464}
# Names of variables that compose reads from deploy/.env, and refuses to do without.
ADMINISTRATOR = "POSTGRES_PASSWORD"
# The folder of the official image that belongs to the user who runs the broker.
KAFKA_FOLDER = "/var/lib/kafka/data"
# The port of this host at which the entry answers; 0 leaves it to the engine.
ENTRY = "PLATFORM_PORT"
STORES = {
    "postgres.host": "postgres",
    "postgres.port": "5432",
    "postgres.user": "postgres",
    "postgres.password": f"{{generated.{ADMINISTRATOR}}}",
    "postgres.database": "postgres",
    "redis.host": "redis",
    "redis.port": "6379",
    "redis.url": "redis://redis:6379/0",
    "redis.password": "",
    "kafka.bootstrap": "kafka:9092",
    "namespace": "",
    "python": "python",
}
DOCKERFILE = """\
# One image for every service; the command says which.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${{PYTHON_IMAGE}} AS build
WORKDIR /app
RUN python -m pip install --no-cache-dir uv
COPY pyproject.toml uv.lock ./
RUN python -m uv sync --locked --only-group platform --no-install-project --no-managed-python --compile-bytecode

FROM ${{PYTHON_IMAGE}}
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY gen gen
COPY platformkit platformkit
COPY services services
ENV PATH=/app/.venv/bin:$PATH PYTHONPATH=/app:/app/gen PYTHONUNBUFFERED=1
EXPOSE {ports}
USER nobody
"""
ENV = """\
#!/bin/sh
{header}# Makes a random secret for each name that compose.yaml needs and deploy/.env lacks; others stay as they are.
set -eu
cd "$(dirname "$0")"
umask 077
touch .env
for name in {secrets}; do
  grep -q "^$name=" .env || echo "$name=$(head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\\n')" >>.env
done
"""
IGNORED = """\
*
!pyproject.toml
!uv.lock
!gen
!platformkit
!services
**/__pycache__
"""


def products() -> Iterator[Product]:
    """Return the compose file and what its image is built from."""
    configuration = load(ROOT / "servanda.toml")
    text = yaml.safe_dump(compose(configuration), sort_keys=False, width=120)
    yield Product("deploy/compose.yaml", (HEADER + text).encode())
    exposed = sorted({_port(name) for service in configuration.services.values() for name in service.ports})
    dockerfile = DOCKERFILE.format(ports=" ".join(str(port) for port in exposed))
    yield Product("deploy/env.sh", ENV.format(header=HEADER, secrets=" ".join(secrets(configuration))).encode())
    yield Product("deploy/Dockerfile", (HEADER + dockerfile).encode())
    yield Product("deploy/Dockerfile.dockerignore", (HEADER + IGNORED).encode())


def compose(configuration: Configuration) -> dict[str, object]:
    """Return the compose file: the stores that are needed, and each service with its migration."""
    needed = {store for service in configuration.services.values() for store in service.stores}
    services: dict[str, object] = {store: _store(store) for store in KNOWN.ordered(needed)}
    for service in configuration.services.values():
        if service.migrate:
            services[f"{service.name}-migrate"] = _migration(service)
        services[service.name] = _service(service, published=service.name == configuration.entry)
    document: dict[str, object] = {"name": "platform", "services": services}
    if kept := [store for store in KNOWN.ordered(needed) if "volumes" in _store(store)]:
        document["volumes"] = {store: {} for store in kept}
    return document


def _store(store: Store) -> dict[str, object]:
    row = store_kind(store)
    # The variable is the one that chooses the image of `servanda up`.
    image = f"${{{row.image_variable}:-{row.image}}}"
    match store:
        case "postgres":
            return {
                "image": image,
                "environment": {"POSTGRES_PASSWORD": _required(ADMINISTRATOR)},
                "volumes": ["postgres:/var/lib/postgresql"],
                # Over TCP: the official image prepares its folder with a server that listens on a socket alone.
                "healthcheck": _check("CMD", "pg_isready", "--host", "127.0.0.1", "--username", "postgres"),
            }
        case "redis":
            return {"image": image, "healthcheck": _check("CMD", "redis-cli", "ping")}
        case "kafka":
            return {
                "image": image,
                "environment": {
                    "KAFKA_NODE_ID": "1",
                    "KAFKA_PROCESS_ROLES": "broker,controller",
                    "KAFKA_LISTENERS": "PLAINTEXT://:9092,CONTROLLER://:9093",
                    "KAFKA_ADVERTISED_LISTENERS": "PLAINTEXT://kafka:9092",
                    "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
                    "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                    "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@kafka:9093",
                    "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
                    "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
                    "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
                    "KAFKA_LOG_DIRS": KAFKA_FOLDER,
                },
                "volumes": [f"kafka:{KAFKA_FOLDER}"],
                # Kafka's own tools would start Java each time.
                "healthcheck": _check("CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"),
            }
    raise LookupError(f"no container is known for the store '{store}'")


def _check(*command: str) -> dict[str, object]:
    return {"test": list(command), "interval": "2s", "timeout": "10s", "retries": 30}


def secrets(configuration: Configuration) -> tuple[str, ...]:
    """Return the names of the secrets that the services and the stores are given, in the order of their use."""
    environments = [
        environment
        for service in configuration.services.values()
        for environment in (service.environment, service.migrate_environment)
    ]
    texts = [text for environment in environments for text in environment.values()]
    return tuple(dict.fromkeys([ADMINISTRATOR, *(name for text in texts for name in GENERATED.findall(text))]))


def _required(secret: str) -> str:
    return f"${{{secret}:?run sh deploy/env.sh}}"


def _port(name: str) -> int:
    return PORTS[name]


def _values(service: Service) -> Placeholders:
    return Placeholders({**STORES, **{f"port.{name}": str(_port(name)) for name in service.ports}})


def _container(service: Service, command: Sequence[str], environment: Mapping[str, str]) -> dict[str, object]:
    values = _values(service)
    filled = values.fill_values(environment, service.name)
    return {
        "image": "${PLATFORM_IMAGE:-platform}",
        "build": {"context": "..", "dockerfile": "deploy/Dockerfile"},
        "environment": {name: GENERATED.sub(lambda found: _required(found[1]), text) for name, text in filled.items()},
        "command": list(values.fill_all(tuple(command), service.name)),
    }


def _migration(service: Service) -> dict[str, object]:
    environment = service.migrate_environment or service.environment
    healthy = _healthy(store for store in service.stores if store in migration_stores(service))
    return {**_container(service, service.migrate, environment), "depends_on": healthy, "restart": "on-failure"}


def _service(service: Service, *, published: bool) -> dict[str, object]:
    depends_on = _healthy((*service.stores, *service.depends_on))
    if service.migrate:
        depends_on[f"{service.name}-migrate"] = {"condition": "service_completed_successfully"}
    ready = _values(service).fill(service.ready, service.name).replace("127.0.0.1", service.name)
    definition = {
        # The name is where the others find it, so it is what it listens on as well.
        **_container(service, service.command, {"HOST": service.name, **service.environment}),
        "depends_on": depends_on,
        "healthcheck": _check("CMD", "python", "-c", f"import urllib.request; urllib.request.urlopen('{ready}')"),
        "restart": "unless-stopped",
        "stop_grace_period": f"{service.drain_seconds + 5:g}s",
    }
    if published:
        http = _port(service.transports[Transport.HTTP])
        definition["ports"] = [f"127.0.0.1:${{{ENTRY}:-{http}}}:{http}"]
    return definition


def _healthy(names: Iterable[str]) -> dict[str, Mapping[str, str]]:
    return {str(name): {"condition": "service_healthy"} for name in names}
