from __future__ import annotations

from pathlib import Path

import pytest

from platformkit.lifecycle import StartError
from services.gateway.configuration import DEFAULT, AccessTokens, Configuration, OldAddress, read_configuration


def test_the_default_configuration_is_understood_and_allows_no_other_site() -> None:
    configuration = read_configuration()
    assert configuration.cors.origins == ()
    assert {limit.name for limit in configuration.limits} == {"address", "subject"}


def test_an_empty_file_is_a_configuration(tmp_path: Path) -> None:
    path = tmp_path / "gateway.toml"
    path.write_text("")
    assert read_configuration(path) == Configuration()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("x = 1", "unknown field `x`", id="unknown-key"),
        pytest.param('[cors]\norigins = [{origin = "https://a.test/"}]', "expected an origin", id="origin-with-a-path"),
        pytest.param('[cors]\norigins = [{origin = "*"}]', "expected an origin", id="any-origin"),
        pytest.param('[cors]\norigins = [{origin = "https://*.a.test"}]', "no wildcard", id="wildcard"),
        pytest.param('[cors]\norigins = [{origin = "null"}]', "expected an origin", id="null-origin"),
        pytest.param('proxies = ["10.0.0.1/8"]', "host bits set", id="no-network"),
        pytest.param('[[limits]]\nname = "a"\nby = "address"\nrequests = 0\nseconds = 1', ">= 1", id="no-requests"),
        pytest.param('[[limits]]\nname = "a"\nby = "moon"\nrequests = 1\nseconds = 1', "moon", id="unknown-caller"),
        pytest.param('[request]\nstrip = ["A b"]', "the name of a header", id="no-header"),
        pytest.param('[response.default]\nserver = "a\\nb"', "the value of a header", id="no-value"),
        pytest.param('prefixes = {"/a/" = "/b"}', "/a", id="no-prefix"),
        pytest.param('[prefixes."/a"]\npath = "/b"\nsince = "soon"', "Expected `date`", id="no-day"),
        pytest.param('[prefixes."/a"]\npath = "/b"\nsince = 2026-11-01\nlink = "x>"', "regex", id="no-link"),
        pytest.param("a = [", "end of document", id="no-toml"),
    ],
)
def test_what_is_not_understood_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "gateway.toml"
    path.write_text(text)
    with pytest.raises(StartError) as caught:
        read_configuration(path)
    assert str(path) in str(caught.value)
    if told != "/a":
        assert told in str(caught.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="No such file"):
        read_configuration(tmp_path / "nothing.toml")


def test_tokens_are_verified_where_the_table_says_so(tmp_path: Path) -> None:
    path = tmp_path / "gateway.toml"
    path.write_text("[authentication]")
    assert read_configuration(path).authentication == AccessTokens("auth", "plt.auth", "plt")
    assert read_configuration().authentication == AccessTokens("auth", "plt.auth", "plt")


def test_the_configuration_of_the_contracts_is_understood() -> None:
    configuration = read_configuration(DEFAULT.with_name("platform.toml"))
    assert [origin.origin for origin in configuration.cors.origins] == ["https://app.example.com"]
    assert isinstance(configuration.prefixes["/api/v1"], OldAddress)
