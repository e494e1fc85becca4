"""One measurement of Servanda's own bring-up: ``python trio.py embedded|docker``."""

from __future__ import annotations

import importlib
import os
import sys
import time

from servanda.configuration import Store
from servanda.infra import choose, start

if __name__ == "__main__":
    choice = choose(sys.argv[1], os.environ)
    for store in Store:
        importlib.import_module(f"servanda.infra.{sys.argv[1]}.{store}")
    began = time.perf_counter()
    with start(Store, choice):
        print(time.perf_counter() - began)
