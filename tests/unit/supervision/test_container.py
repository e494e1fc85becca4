"""Commands in containers."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from servanda.errors import ConfigurationError, ProcessError
from servanda.supervision import Engine, Image, contained, engine_of

ENGINE = Engine("/bin/docker", (("DOCKER_CONFIG", "/home/.docker"), ("HOME", "/home")))
IMAGE = Image("sha256:1", ENGINE)


def test_a_command_runs_on_the_network_of_the_host_and_is_removed_by_its_name() -> None:
    found = contained(("python", "-m", "shop"), {"PORT": "1"}, IMAGE, named="shop@1.0")
    words = found.arguments
    assert words[:2] == ("/bin/docker", "run")
    assert ("--network", "host") in itertools.pairwise(words)
    assert words[-5:] == ("--entrypoint", "python", "sha256:1", "-m", "shop")
    assert found.afterwards[-1] == words[words.index("--name") + 1]
    assert f"dev.servanda.container={found.afterwards[-1]}" in words


def test_values_of_variables_are_on_no_command_line() -> None:
    found = contained(("python",), {"TOKEN": "hidden", "HOME": "/root"}, IMAGE, named="shop@1.0")
    assert "TOKEN" in found.arguments
    assert not [word for word in found.arguments if "hidden" in word]
    assert "hidden" not in repr(found)
    assert found.environment == {"DOCKER_CONFIG": "/home/.docker", "HOME": "/root", "TOKEN": "hidden"}


def test_a_variable_that_the_client_would_obey_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="the variable DOCKER_HOST cannot be passed into a container"):
        contained(("python",), {"DOCKER_HOST": "tcp://elsewhere"}, IMAGE, named="shop@1.0")


def test_the_client_gets_what_names_its_engine_and_no_secrets(tmp_path: Path) -> None:
    docker = tmp_path / "docker"
    docker.touch(mode=0o755)
    environ = {"PATH": str(tmp_path), "HOME": "/home/me", "DOCKER_HOST": "unix:///x", "TOKEN": "hidden"}
    found = engine_of(environ)
    assert found.program == str(docker)
    assert dict(found.variables) == {
        "PATH": str(tmp_path),
        "HOME": "/home/me",
        "LC_ALL": "C.UTF-8",
        "DOCKER_HOST": "unix:///x",
        "DOCKER_CONFIG": "/home/me/.docker",
    }


def test_without_a_client_no_container_is_run(tmp_path: Path) -> None:
    with pytest.raises(ProcessError, match="the program 'docker' cannot be found"):
        engine_of({"PATH": str(tmp_path)})
