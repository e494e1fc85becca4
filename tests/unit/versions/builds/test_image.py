"""Container images as versions, of an engine that a script stands for."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Mapping
from pathlib import Path

import pytest

from servanda.configuration import Configuration, load
from servanda.errors import ConfigurationError, ProcessError, ServandaError
from servanda.versions.builds import Builds, named_version
from servanda.versions.plan import Version

DIGEST = f"sha256:{'1' * 64}"
KNOWN = f"""{{"Id": "{DIGEST}", "Config": {{"WorkingDir": "/app"}}}}"""


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    (tmp_path / "servanda.toml").write_text("")
    return load(tmp_path / "servanda.toml")


def engine(folder: Path, script: str) -> Mapping[str, str]:
    docker = folder / "bin" / "docker"
    docker.parent.mkdir(exist_ok=True)
    docker.write_text(f"#!/bin/sh\n{script}\n")
    docker.chmod(0o755)
    return {"PATH": f"{docker.parent}:/usr/bin:/bin"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("image:shop:1.4.0", "shop-1.4.0"),
        ("image:localhost:5000/team/shop:1.4.0", "shop-1.4.0"),
        ("image:shop", "shop"),
        (f"image:shop@{DIGEST}", f"shop-sha256-{'1' * 64}"),
    ],
)
def test_an_image_is_a_version_by_its_id(text: str, name: str, configuration: Configuration, tmp_path: Path) -> None:
    environ = engine(tmp_path, f"echo {shlex.quote(KNOWN)}")
    expected = Version(name, image=text.removeprefix("image:"), digest=DIGEST)
    assert named_version(text, configuration, environ) == expected


@pytest.mark.parametrize(
    ("text", "script", "said"),
    [
        pytest.param("image:", "exit 0", "names no image", id="empty"),
        pytest.param("image:a b", "exit 0", "names no image", id="blank"),
        pytest.param("image:../containers/x", "exit 0", "names no image", id="path"),
        pytest.param("image:--help", "exit 0", "names no image", id="option"),
        pytest.param(
            "image:shop:9", "echo 'Error: No such image: shop:9' >&2; exit 1", "has no such image: Error", id="unknown"
        ),
        pytest.param(
            "image:shop",
            "echo 'Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?' >&2; exit 1",
            "the container engine is not reachable: Cannot connect",
            id="no engine",
        ),
    ],
)
def test_an_image_that_cannot_be_had_is_refused(
    text: str, script: str, said: str, configuration: Configuration, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match=said) as refused:
        named_version(text, configuration, engine(tmp_path, script))
    assert refused.value.hint


def test_without_a_client_there_are_no_images(configuration: Configuration, tmp_path: Path) -> None:
    with pytest.raises(ProcessError, match="the program 'docker' cannot be found"):
        named_version("image:shop", configuration, {"PATH": str(tmp_path)})


COPYING = f"""
case "$1" in
image) echo {shlex.quote(KNOWN)};;
create) echo created >>"$0.log";;
cp) [ "$2" = "${{2%:/app/.}}:/app/." ] && echo held >"$3/held.txt";;
rm) echo removed >>"$0.log";;
esac
"""


def test_what_an_image_holds_is_copied_once(configuration: Configuration, tmp_path: Path) -> None:
    environ = engine(tmp_path, COPYING)
    version = Version("shop", image="shop:1", digest=DIGEST)
    for _ in range(2):
        source = asyncio.run(Builds(configuration, environ).source(version))
    assert (source.folder / "held.txt").read_text() == "held\n"
    assert (source.python, source.digest, source.image and source.image.id) == ("python", DIGEST, DIGEST)
    assert (tmp_path / "bin" / "docker.log").read_text().split() == ["created", "removed"]


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo 'No such image' >&2; exit 1", f"the engine does not have the image {DIGEST} of the plan"),
        (COPYING.replace("cp)", "cp) echo 'disk is full' >&2; exit 1;; never)"), "cannot be copied: disk is full"),
    ],
    ids=["gone", "no copy"],
)
def test_an_image_that_cannot_be_copied_leaves_nothing(
    script: str, said: str, configuration: Configuration, tmp_path: Path
) -> None:
    version = Version("shop", image="shop:1", digest=DIGEST)
    with pytest.raises(ServandaError, match=said):
        asyncio.run(Builds(configuration, engine(tmp_path, script)).source(version))
    assert not [path for path in tmp_path.glob(".servanda/builds/*") if path.is_dir()]
