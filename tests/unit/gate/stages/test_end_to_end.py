"""The fourth stage."""

import os
from collections.abc import Callable

import pytest

from servanda.configuration import Configuration
from servanda.errors import ConfigurationError
from servanda.gate.platform import Platform
from servanda.gate.stages.end_to_end import EndToEnd
from servanda.verdict import Outcome

Repository = Callable[[str], Configuration]
JOURNEYS = """
[end-to-end]
command = ["python3", "-c", "import os; raise SystemExit(int(os.environ['STORE'] != 'redis://127.0.0.1:6379'))"]
environment = { STORE = "%s" }
"""


async def test_journeys_that_arrive_hold_in_a_filled_environment(repository: Repository, platform: Platform) -> None:
    result = await EndToEnd(repository(JOURNEYS % "{redis.url}"), os.environ, platform).examine()

    assert (result.name, result.outcome) == ("end-to-end", Outcome.HELD)


async def test_a_journey_that_fails_is_broken(repository: Repository, platform: Platform) -> None:
    result = await EndToEnd(repository(JOURNEYS % "elsewhere"), os.environ, platform).examine()

    assert result.outcome is Outcome.BROKEN


async def test_a_placeholder_without_value_is_an_error(repository: Repository, platform: Platform) -> None:
    with pytest.raises(ConfigurationError, match=r"unknown placeholder '\{shop.port.http\}'"):
        await EndToEnd(repository(JOURNEYS % "{shop.port.http}"), os.environ, platform).examine()


async def test_a_repository_without_journeys_skips_the_stage_and_says_so(
    repository: Repository, platform: Platform
) -> None:
    result = await EndToEnd(repository(""), os.environ, platform).examine()

    assert result.outcome is Outcome.SKIPPED
    assert "no end-to-end command" in result.reasons[0].message
