"""The suite and the stock verifiers on one provider: ``python -m bench.verification [--help]``.

Each interaction has a provider state of its own. Every engine runs as a process of its own: wall time and interactions
a second are those of the whole process, its start included. The engines take turns, and each row is the median of its
runs. Rates depend on the host and on what else it does; compare the rows of one run.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from bench.verification.contract import contract
from bench.verification.process import Provider, Run, measured, provider

SIZES = (100, 500, 2000, 10000)
_CONFIGURATION = """
[contracts]
pacts = "pacts"
[pacticipants.shop]
[services.orders]
command = ["orders"]
"""
_STATES = {"handler": 'states = ["bench.verification.states:states"]', "URL": 'states_url = "/states"'}
_PACT = Path("pacts", "shop-orders.json")

Engine = Callable[[Path, Provider], Run]


def _servanda(way: str) -> Engine:
    def run(folder: Path, asked: Provider) -> Run:
        (folder / "servanda.toml").write_text(f"{_CONFIGURATION}{_STATES[way]}\n", encoding="utf-8")
        command = [str(Path(sys.executable).with_name("servanda")), "verify", "orders"]
        return measured([*command, "--provider-url", f"http://localhost:{asked.port}"], folder, asked)

    return run


def _stock(way: str) -> Engine:
    def run(folder: Path, asked: Provider) -> Run:
        command = [sys.executable, "-m", "bench.verification.stock", str(folder / _PACT), str(asked.port), way]
        return measured(command, folder, asked)

    return run


def _rust(folder: Path, asked: Provider) -> Run:
    where = ["-f", str(_PACT), "-h", "localhost", "-p", str(asked.port), "--provider-name", "orders"]
    states = ["-s", f"http://localhost:{asked.port}/states", "--state-change-teardown"]
    return measured([str(Path(sys.executable).with_name("pact")), "verifier", *where, *states], folder, asked)


_ENGINES: Mapping[str, Engine] = {
    "servanda, states by handler": _servanda("handler"),
    "servanda, states by URL": _servanda("URL"),
    "pact-python, states by handler": _stock("handler"),
    "pact-python, states by URL": _stock("URL"),
    "pact verifier (Rust), states by URL": _rust,
}


def _runs(size: int, times: int, engines: Sequence[str], asked: Provider) -> Mapping[str, Sequence[Run]]:
    runs: dict[str, list[Run]] = {name: [] for name in engines}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / _PACT).parent.mkdir()
        (Path(folder) / _PACT).write_text(contract(size), encoding="utf-8")
        (Path(folder) / "states.txt").write_text(f"{asked.port} {size}", encoding="utf-8")
        for _ in range(times):
            for name in engines:
                runs[name].append(_ENGINES[name](Path(folder), asked))
    return runs


def _row(size: int, runs: Sequence[Run]) -> tuple[str, ...]:
    seconds = median(run.seconds for run in runs)
    return (
        f"{size:,}",
        f"{seconds:.2f} s",
        f"{size / seconds:,.0f}",
        f"{median(run.processor for run in runs):.2f} s",
        f"{median(run.megabytes for run in runs):.0f} MB",
        f"{median(run.provider for run in runs):.2f} s",
        "yes" if all(run.held for run in runs) else "no",
    )


def main(sizes: Sequence[int], times: int, stock_up_to: int) -> None:
    """Measure, and print a table."""
    table = Table("engine", "interactions", "wall time", "interactions/s", "processor", "memory", "provider", "held")
    with provider() as asked:
        for size in sizes:
            chosen = [name for name in _ENGINES if size <= stock_up_to or name.startswith("servanda")]
            for name, runs in _runs(size, times, chosen, asked).items():
                table.add_row(name, *_row(size, runs))
            for name in _ENGINES:
                if name not in chosen:
                    table.add_row(name, f"{size:,}", f"not run: more than {stock_up_to:,}")
            table.add_section()
    Console(width=140).print(table)
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"medians of {times}, taking turns; {os.cpu_count()} processors; load over 1, 5 and 15 minutes: {load}")


if __name__ == "__main__":
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("sizes", nargs="*", type=int, default=SIZES, help="interactions of the contracts")
    given.add_argument("--times", type=int, default=3, help="runs of each engine")
    given.add_argument("--stock-up-to", type=int, default=2000, help="largest contract for the stock verifiers")
    told = given.parse_args()
    main(told.sizes, told.times, told.stock_up_to)
