"""The Docker engine: whether it answers, what it can run, and how testcontainers talks to it."""

from __future__ import annotations

import docker
from docker.errors import DockerException, ImageNotFound
from requests import RequestException
from testcontainers.core.config import ConnectionMode, testcontainers_config

from servanda.errors import InfrastructureError
from servanda.infra.bringup import BringUp
from servanda.infra.store import store_kind

_ANSWER_SECONDS = 1
_REGISTRY_SECONDS = 5
_LOOPBACK = "127.0.0.1"


def offers(image: str) -> bool:
    """Tell whether an engine answers within a second and has the image or can pull it."""
    try:
        client = docker.from_env(timeout=_ANSWER_SECONDS)
    except (DockerException, RequestException):
        return False
    try:
        client.images.get(image)
    except ImageNotFound:
        return _pullable(image)
    except (DockerException, RequestException):
        return False
    finally:
        client.close()
    return True


def engine_version() -> str | None:
    """Return the version of the engine that answers within a second; ``None`` if none does."""
    try:
        client = docker.from_env(timeout=_ANSWER_SECONDS)
        try:
            return str(client.version().get("Version", "unknown"))
        finally:
            client.close()
    except (DockerException, RequestException):
        return None


def _pullable(image: str) -> bool:
    try:
        client = docker.from_env(timeout=_REGISTRY_SECONDS)
        try:
            client.images.get_registry_data(image)
        finally:
            client.close()
    except (DockerException, RequestException):
        return False
    return True


def ensure_image(task: BringUp, image: str) -> None:
    """Pull an image that the engine does not have.

    Raises:
        InfrastructureError: No engine answers, or it cannot pull the image.
    """
    try:
        client = docker.from_env()
    except (DockerException, RequestException) as error:
        raise InfrastructureError(
            f"the Docker engine is not reachable: {error}",
            hint=f"start it, or choose embedded or external (SERVANDA_INFRA, {store_kind(task.store).way_variable})",
        ) from error
    try:
        try:
            client.images.get(image)
        except ImageNotFound:
            task.prepare(f"the image {image}")
            client.images.pull(image)
    except (DockerException, RequestException) as error:
        raise InfrastructureError(
            f"the image {image} is not present and cannot be pulled: {_reason(error)}",
            hint=f"set {store_kind(task.store).image_variable} to another image (without a registry, "
            "deploy/images/build.sh of Servanda's repository builds some from Debian), or choose embedded or external",
        ) from error
    finally:
        client.close()


def _reason(error: Exception) -> str:
    # The engine's own words; the error's text wraps them in the request that was made.
    return str(getattr(error, "explanation", None) or error)


def configure_testcontainers() -> None:
    """Let testcontainers reach published ports on loopback and leave clean-up to us.

    It reads its settings from the environment when it is imported, possibly by somebody else and long ago, so they are
    set on its configuration.
    """
    # Inside a container it would answer with the address of the bridge.
    testcontainers_config.tc_host_override = _LOOPBACK
    testcontainers_config.connection_mode_override = ConnectionMode.docker_host
    # Its reaper needs an image of its own, which a host without a registry does not have; see reaper.py.
    testcontainers_config.ryuk_disabled = True
