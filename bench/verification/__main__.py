"""The suite and pact-python's verifier on one provider: ``python -m bench.verification [INTERACTIONS ...]``.

Each interaction has a provider state of its own. Every engine runs as a process of its own: wall time and interactions
a second are those of the whole process, its start included, and memory is the peak of that process, without children.
Rates depend on the host; compare the rows of one run.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

SIZES = (100, 500, 2000)
_ROOT = Path(__file__).parents[2]
_CONFIGURATION = """
[contracts]
pacts = "pacts"
[pacticipants.shop]
[services.orders]
command = ["orders"]
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One engine on one contract.

    Attributes:
        seconds: Wall time of its process.
        processor: Processor time of its process, which other load on the host disturbs less.
        megabytes: Peak of its resident memory.
        held: Whether it says that all holds.
    """

    seconds: float
    processor: float
    megabytes: float
    held: bool


def contract(count: int) -> str:
    """Write a contract with so many interactions."""
    interactions = [
        {
            "type": "Synchronous/HTTP",
            "description": f"order {number}",
            "providerStates": [{"name": f"order {number} exists", "params": {"id": number, "total": number}}],
            "request": {"method": "GET", "path": f"/orders/{number}"},
            "response": {
                "status": 200,
                "headers": {"Content-Type": ["application/json"]},
                "body": {
                    "content": {"id": str(number), "total": number},
                    "contentType": "application/json",
                    "encoded": False,
                },
                "matchingRules": {"body": {"$.total": {"combine": "AND", "matchers": [{"match": "integer"}]}}},
            },
        }
        for number in range(count)
    ]
    document = {
        "consumer": {"name": "shop"},
        "provider": {"name": "orders"},
        "interactions": interactions,
        "metadata": {"pactSpecification": {"version": "4.0"}},
    }
    return json.dumps(document, indent=1)


@contextmanager
def provider() -> Iterator[str]:
    """Run the provider, and yield its address."""
    with socket.create_server(("127.0.0.1", 0)) as chosen:
        port = chosen.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "bench.verification.provider", str(port)], cwd=_ROOT)
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionRefusedError:
                time.sleep(0.02)
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait()


def measured(command: Sequence[str], folder: Path) -> Run:
    """Run an engine."""
    environ = {**os.environ, "PACT_DO_NOT_TRACK": "true", "PYTHONPATH": str(_ROOT)}
    with (folder / "output.txt").open("wb") as output:
        started = time.monotonic()
        process = subprocess.Popen(command, cwd=folder, env=environ, stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, process.returncode == 0)


def engines(folder: Path, url: str, count: int) -> Iterator[tuple[str, Run]]:
    """Run each engine on a contract of this size."""
    (folder / "pacts").mkdir()
    (folder / "pacts" / "shop-orders.json").write_text(contract(count), encoding="utf-8")
    (folder / "states.txt").write_text(f"{url}/states {count}", encoding="utf-8")
    servanda = [str(Path(sys.executable).with_name("servanda")), "verify", "orders", "--provider-url", url]
    stock = [sys.executable, "-m", "bench.verification.stock", str(folder / "pacts" / "shop-orders.json"), url]
    for name, keys in (("handler", 'states = ["bench.verification.states:states"]'), ("URL", 'states_url = "/states"')):
        (folder / "servanda.toml").write_text(f"{_CONFIGURATION}{keys}\n", encoding="utf-8")
        yield f"servanda, states by {name}", measured(servanda, folder)
    for name, way in (("handler", "callable"), ("URL", "url")):
        yield f"pact-python, states by {name}", measured([*stock, way], folder)


def main(sizes: Sequence[int]) -> None:
    """Measure, and print a table."""
    table = Table("engine", "interactions", "wall time", "interactions/s", "processor", "memory", "held")
    with provider() as url:
        for size in sizes:
            with tempfile.TemporaryDirectory() as folder:
                for name, run in engines(Path(folder), url, size):
                    rate = f"{size / run.seconds:.0f}"
                    times = (f"{run.seconds:.2f} s", rate, f"{run.processor:.2f} s")
                    table.add_row(name, str(size), *times, f"{run.megabytes:.0f} MB", "yes" if run.held else "no")
    Console(width=120).print(table)


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or SIZES)
