"""What ``servanda observe`` refuses before it listens."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from servanda.cli import main

PROTO = 'syntax = "proto3";\npackage shop.v1;\nmessage Order { string note = 1; }\n'


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SERVANDA_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("SERVANDA_USAGE_DIR", raising=False)
    Path("servanda.toml").write_text("[pacticipants.web]\n", encoding="utf-8")


def observe(listen: str = "127.0.0.1:0", target: str = "http://127.0.0.1:9", consumer: str = "web") -> Result:
    arguments = ("observe", "--listen", listen, "--target", target, "--consumer", consumer)
    return CliRunner().invoke(main, arguments)


def test_a_repository_without_interfaces_is_refused() -> None:
    ran = observe()

    assert (ran.exit_code, "no interface is described here" in ran.output) == (2, True)


@pytest.mark.parametrize(
    ("listen", "target", "consumer", "told"),
    [
        ("127.0.0.1", "http://127.0.0.1:9", "web", "expected an address with a port"),
        ("127.0.0.1:x", "http://127.0.0.1:9", "web", "expected an address with a port"),
        ("127.0.0.1:0", "127.0.0.1:9", "web", "127.0.0.1:9"),
        ("127.0.0.1:0", "grpc://127.0.0.1", "web", "expected an address with a port"),
        ("127.0.0.1:0", "ftp://127.0.0.1:9", "web", "unknown scheme 'ftp'"),
        ("127.0.0.1:0", "http://127.0.0.1:9", "a/b", "is no file name"),
    ],
)
def test_what_cannot_be_meant_is_refused(listen: str, target: str, consumer: str, told: str) -> None:
    Path("proto").mkdir()
    Path("proto/shop.proto").write_text(PROTO, encoding="utf-8")

    ran = observe(listen, target, consumer)

    assert (ran.exit_code, told in ran.output) == (2, True), ran.output
