"""The library of the benchmark, read once."""

from pathlib import Path

import pytest

import bench.consumer_impact
from bench.consumer_impact.scenario import scenario
from bench.consumer_impact.scenario.scenario import Scenario


@pytest.fixture(scope="session")
def library() -> Scenario:
    return scenario.load(Path(bench.consumer_impact.__file__).parent / "library")
