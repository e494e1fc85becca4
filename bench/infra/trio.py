"""One measurement of Treaty's own bring-up: ``python trio.py embedded|docker``."""

from __future__ import annotations

import importlib
import os
import sys
import time

from treaty.configuration import Store
from treaty.infra import choose, start

if __name__ == "__main__":
    choice = choose(sys.argv[1], os.environ)
    for store in Store:
        importlib.import_module(f"treaty.infra.{sys.argv[1]}.{store}")
    began = time.perf_counter()
    with start(Store, choice):
        print(time.perf_counter() - began)
