"""The Docker engine: whether it answers and what it can run."""

from __future__ import annotations

import docker
from docker.errors import DockerException, ImageNotFound
from requests import RequestException

_ANSWER_SECONDS = 1
_REGISTRY_SECONDS = 5


def offers(image: str) -> bool:
    """Whether an engine answers within a second and has the image or can pull it."""
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
