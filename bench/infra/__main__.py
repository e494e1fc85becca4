"""Start-up times of the trio: ``python -m bench.infra [ROUNDS]``.

Measures, in turn and each in a process of its own, the time from asking for PostgreSQL, Redis and Kafka until all three
answer a client: embedded, Docker, and testcontainers with its own classes, wait strategies and polling, one container
after the other. Imports are not counted. Needs a Docker engine with the images; without a registry first run
``eval "$(deploy/images/build.sh bench)"``.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

_ROUNDS = 5
_BASELINE = "testcontainers"
_LOOPBACK = {
    "TC_HOST": "127.0.0.1",
    "TESTCONTAINERS_CONNECTION_MODE": "docker_host",
    "TESTCONTAINERS_RYUK_DISABLED": "true",
}
_WAYS: Mapping[str, tuple[str, ...]] = {
    "embedded": ("trio.py", "embedded"),
    "docker": ("trio.py", "docker"),
    _BASELINE: ("defaults.py",),
}
_LABELS = {
    "embedded": "servanda, embedded",
    "docker": "servanda, docker",
    _BASELINE: "testcontainers' defaults, one after the other",
}


def _measure(way: str) -> float:
    script, *arguments = _WAYS[way]
    command = [sys.executable, str(Path(__file__).with_name(script)), *arguments]
    environment = {**os.environ, **(_LOOPBACK if way == _BASELINE else {})}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{way} could not be measured:\n{done.stderr}")
    return float(done.stdout.split()[-1])


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else _ROUNDS
    for way in _WAYS:
        _measure(way)  # what is prepared once per host is not what is measured
    seconds = {way: [] for way in _WAYS}  # type: dict[str, list[float]]
    for _ in range(rounds):
        for way in _WAYS:
            seconds[way].append(_measure(way))
    baseline = statistics.median(seconds[_BASELINE])
    table = Table(title=f"PostgreSQL, Redis and Kafka until all three answer, seconds, {rounds} rounds")
    for heading in ("way", "min", "median", "max", "of the defaults"):
        table.add_column(heading, justify="left" if heading == "way" else "right")
    for way, values in seconds.items():
        middle = statistics.median(values)
        figures = (f"{value:.2f}" for value in (min(values), middle, max(values)))
        table.add_row(_LABELS[way], *figures, f"{middle / baseline:.2f}")
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
