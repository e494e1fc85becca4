"""One measurement of Servanda's own bring-up: ``python trio.py embedded|docker``."""

from __future__ import annotations

import importlib
import os
import sys
import time

from servanda.extensions import STORES
from servanda.infra import choose, start

if __name__ == "__main__":
    choice = choose(sys.argv[1], os.environ)
    for store in STORES.built_in:
        importlib.import_module(f"servanda.infra.stores.{store}.{sys.argv[1]}")
    began = time.perf_counter()
    with start(STORES.built_in, choice):
        print(time.perf_counter() - began)
