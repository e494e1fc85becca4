"""The form of a readiness probe is checked before anything is started."""

from pathlib import Path

import pytest

from servanda.configuration import READY_FORMS, Service, load
from servanda.errors import ConfigurationError


def service(folder: Path, more: str) -> Service:
    text = f"[services.shop]\ncommand = ['shop']\nports = ['http', 'https', 'grpc']\n{more}\n"
    (folder / "servanda.toml").write_text(text, encoding="utf-8")
    return load(folder / "servanda.toml").services["shop"]


@pytest.mark.parametrize("ready", [*READY_FORMS.values(), "grpc://{kafka.bootstrap}:1/shop.v1.Shop", ""])
def test_an_address_is_taken_as_it_is_written(tmp_path: Path, ready: str) -> None:
    assert service(tmp_path, f"ready = '{ready}'").ready == ready


@pytest.mark.parametrize("ready", ["yes", "/readyz", "127.0.0.1:80", "ftp://127.0.0.1", "http:///readyz", "http://[::"])
def test_what_is_no_address_of_a_probe_is_refused_with_what_is(tmp_path: Path, ready: str) -> None:
    with pytest.raises(ConfigurationError, match="'ready' is") as caught:
        service(tmp_path, f"ready = '{ready}'")

    assert all(example in (caught.value.hint or "") for example in READY_FORMS.values())
    assert ":4:" in (caught.value.where or "")


@pytest.mark.parametrize("ready", ["tcp://127.0.0.1", "grpc://127.0.0.1/shop.v1.Shop"])
def test_a_probe_of_a_port_names_one(tmp_path: Path, ready: str) -> None:
    with pytest.raises(ConfigurationError, match="which has no port"):
        service(tmp_path, f"ready = '{ready}'")


def test_a_port_that_the_service_does_not_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="'ready' names the unknown port 'htpp'"):
        service(tmp_path, "ready = 'http://127.0.0.1:{port.htpp}/readyz'")


def test_the_time_is_the_services_own_or_that_of_the_limits(tmp_path: Path) -> None:
    assert service(tmp_path, "ready_seconds = 2.5").ready_seconds == 2.5
    assert service(tmp_path, "").ready_seconds is None


@pytest.mark.parametrize("seconds", ["0", "-1", "1e9", "inf", "'soon'"])
def test_a_time_that_cannot_be_meant_is_refused(tmp_path: Path, seconds: str) -> None:
    with pytest.raises(ConfigurationError):
        service(tmp_path, f"ready_seconds = {seconds}")
