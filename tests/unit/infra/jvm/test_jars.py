import hashlib
from pathlib import Path

import pytest

from servanda.cache import clear
from servanda.errors import InfrastructureError
from servanda.infra.jvm.jars import provide, provided
from servanda.infra.jvm.lock import Jar, JarLock, read_lock

_CONTENT = b"PK jar"
_JAR = Jar("org.example:thing:1.0", hashlib.sha256(_CONTENT).hexdigest(), len(_CONTENT))
_LOCK = JarLock("1.0", ("org.example:thing:1.0",), (_JAR,), "digest")


class _Central:
    """A repository that serves the same content for every jar."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.served: list[Jar] = []

    def __call__(self, jar: Jar, repository: Path) -> None:
        self.served.append(jar)
        target = repository / jar.path
        target.parent.mkdir(parents=True)
        target.write_bytes(self.content)


def _silent(_what: str) -> None:
    pass


def test_a_missing_jar_is_downloaded_once(tmp_path: Path) -> None:
    central = _Central(_CONTENT)
    for _ in range(2):
        jars = provide(_LOCK, tmp_path, announce=_silent, download=central)
    assert jars == (tmp_path / "org/example/thing/1.0/thing-1.0.jar",)
    assert central.served == [_JAR]


@pytest.mark.parametrize("content", [b"PK evil", b"PK jar and more"], ids=["same-size", "another-size"])
def test_a_download_that_differs_is_refused(tmp_path: Path, content: bytes) -> None:
    content = content[: len(_CONTENT)] if content == b"PK evil" else content
    with pytest.raises(InfrastructureError, match=r"org\.example:thing:1\.0 has .* expected") as caught:
        provide(_LOCK, tmp_path, announce=_silent, download=_Central(content))
    assert caught.value.where == str(tmp_path / _JAR.path)
    assert "not run" in caught.value.what


def test_a_jar_that_was_changed_in_the_cache_is_refused(tmp_path: Path) -> None:
    provide(_LOCK, tmp_path, announce=_silent, download=_Central(_CONTENT))
    (tmp_path / _JAR.path).write_bytes(b"PK eavl"[: len(_CONTENT)])
    with pytest.raises(InfrastructureError, match="it was not run"):
        provide(_LOCK, tmp_path, announce=_silent, download=_Central(_CONTENT))


def test_without_a_network_the_error_says_what_to_do(tmp_path: Path) -> None:
    def fail(_jar: Jar, _repository: Path) -> None:
        raise ConnectionError("name resolution failed")

    with pytest.raises(InfrastructureError, match="could not be downloaded: name resolution failed") as caught:
        provide(_LOCK, tmp_path, announce=_silent, download=fail)
    assert "docker or external" in str(caught.value.hint)


def test_in_a_network_with_its_own_certificate_the_error_says_where_to_name_it(tmp_path: Path) -> None:
    def fail(_jar: Jar, _repository: Path) -> None:
        raise ConnectionError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed certificate in certificate chain")

    with pytest.raises(InfrastructureError, match="could not be downloaded") as caught:
        provide(_LOCK, tmp_path, announce=_silent, download=fail)
    assert "REQUESTS_CA_BUNDLE" in str(caught.value.hint)


def test_a_download_is_announced_with_its_size(tmp_path: Path) -> None:
    said: list[str] = []
    provide(_LOCK, tmp_path, announce=said.append, download=_Central(_CONTENT))
    assert said == ["1 jars of org.example:thing:1.0 (0 MB)"]


@pytest.mark.parametrize(
    "text",
    ["", "version = 1", "not toml", 'version="1"\nroots=[]\n[[jar]]\nsize=1'],
    ids=["empty", "half", "no", "row"],
)
def test_a_lock_that_cannot_be_read_names_the_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.lock"
    path.write_text(text)
    with pytest.raises(InfrastructureError, match="the lock cannot be read") as caught:
        read_lock(path)
    assert caught.value.where == str(path)


def test_a_download_that_leaves_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(InfrastructureError, match="is not there after its download"):
        provide(_LOCK, tmp_path / "maven", announce=_silent, download=lambda jar, repository: None)


def test_jars_are_not_removed_while_they_are_used(tmp_path: Path) -> None:
    with provided(_LOCK, tmp_path / "maven", announce=_silent, download=_Central(_CONTENT)) as jars:
        assert clear(tmp_path)[0] == ()
        assert all(jar.is_file() for jar in jars)
    assert [entry.what for entry in clear(tmp_path)[0]] == ["jars, downloaded"]
