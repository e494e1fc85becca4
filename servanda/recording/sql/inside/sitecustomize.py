"""Start of the recorder: Python imports the first module of this name on its search path before anything else.

What the service itself has under this name runs as well, as if this one were not there.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path

_NAME = "sitecustomize"
_HERE = Path(__file__).resolve().parent


def _chain() -> None:
    others = [each for each in sys.path if Path(each or ".").resolve() != _HERE]
    spec = PathFinder.find_spec(_NAME, others)
    if spec is None or spec.loader is None:
        return
    module = module_from_spec(spec)
    sys.modules[_NAME] = module
    spec.loader.exec_module(module)


def _begin() -> None:
    try:
        import_module("servanda_statements").begin()
    except Exception as error:  # noqa: BLE001 - whatever it is, the service runs
        sys.stderr.write(f"servanda: statements are not recorded: {error!r}\n")


if __name__ == _NAME:
    _begin()
    _chain()
