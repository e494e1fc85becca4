"""Time to read a contract file, by its number of interactions: ``python -m bench.loading --repetitions 5``.

The time for each interaction stays the same if loading is linear.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from servanda.pact import load

COUNTS: Sequence[int] = (100, 1_000, 4_000, 10_000)


def interaction(number: int) -> Mapping[str, Any]:
    """Return an interaction as pact-python writes it."""
    rules = {
        "$.total": {"combine": "AND", "matchers": [{"match": "integer"}]},
        "$.lines": {"combine": "AND", "matchers": [{"match": "type", "min": 1}]},
        "$.lines[*].sku": {"combine": "AND", "matchers": [{"match": "regex", "regex": r"[A-Z]-\d+"}]},
    }
    body = {"id": str(number), "total": 42, "lines": [{"sku": "A-1", "number": 1}]}
    return {
        "type": "Synchronous/HTTP",
        "description": f"get the order {number}",
        "providerStates": [{"name": "an order exists", "params": {"id": str(number)}}],
        "request": {"method": "GET", "path": f"/orders/{number}", "headers": {"Accept": ["application/json"]}},
        "response": {
            "status": 200,
            "headers": {"Content-Type": ["application/json"]},
            "body": {"content": body, "contentType": "application/json", "encoded": False},
            "matchingRules": {"body": rules},
        },
    }


def write(path: Path, count: int) -> None:
    """Write a contract with so many interactions."""
    document = {
        "consumer": {"name": "web"},
        "provider": {"name": "orders"},
        "interactions": [interaction(number) for number in range(count)],
        "metadata": {"pactSpecification": {"version": "4.0"}},
    }
    path.write_text(json.dumps(document, indent=2), encoding="utf-8")


def measure(path: Path) -> tuple[float, float]:
    """Return wall and processor seconds of reading a file."""
    began, used = time.perf_counter(), time.process_time()
    contract = load(path)
    took = time.perf_counter() - began, time.process_time() - used
    del contract  # to give back the memory takes time of its own
    return took


def main() -> None:
    """Print the median of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=5)
    repetitions: int = parser.parse_args().repetitions
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "web-orders.json")
        for count in COUNTS:
            write(path, count)
            rounds = [measure(path) for _ in range(repetitions)]
            wall, used = (statistics.median(values) for values in zip(*rounds, strict=True))
            each = used / count * 1e6
            print(f"{count:6,} interactions {wall:7.3f} s, processor {used:7.3f} s, {each:5.0f} µs each")


if __name__ == "__main__":
    main()
