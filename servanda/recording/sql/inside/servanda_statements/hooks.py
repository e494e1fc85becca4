"""Calls once a module was imported, and wrappers of its functions."""

from __future__ import annotations

import asyncio
import functools
import inspect
import sys
from importlib.util import find_spec
from typing import Any, Callable

Sight = Callable[[Any, Any, Any], None]
"""Called with an object, positional and named arguments, before a method is; it does not raise."""


def when_imported(name: str, act: Callable[[Any], None], failed: Callable[[Exception], None]) -> None:
    """Call ``act`` with a module: now if it is imported, else right after its import.

    Args:
        name: The module.
        act: Called with it.
        failed: Called with what it raised.
    """

    def tried(module: Any) -> None:
        try:
            act(module)
        except Exception as error:  # noqa: BLE001 - an import must not fail because of what watches it
            failed(error)

    if name in sys.modules:
        tried(sys.modules[name])
    else:
        sys.meta_path.insert(0, _Finder(name, tried, failed))


class _Finder:
    """Finder that has nothing of its own: what others find it lets tell when it was executed."""

    def __init__(self, name: str, act: Callable[[Any], None], failed: Callable[[Exception], None]) -> None:
        self._name = name
        self._act = act
        self._failed = failed
        self._is_asking = False

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:  # noqa: ARG002 - of importlib
        if name != self._name or self._is_asking:
            return None
        self._is_asking = True
        try:
            spec = find_spec(name)
        finally:
            self._is_asking = False
        if spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def executed(module: Any) -> None:
            execute(module)
            if self in sys.meta_path:
                sys.meta_path.remove(self)
            self._act(module)

        try:
            # On the loader itself, so that it stays of the class that others may ask for.
            spec.loader.exec_module = executed  # type: ignore[method-assign] # for that
        except AttributeError as error:
            self._failed(error)
        return spec


def wrap(holder: Any, name: str, sight: Sight) -> None:
    """Have ``sight`` called with what a method is called with, before each call.

    Args:
        holder: The class.
        name: The method; nothing happens if the class itself has none of this name.
        sight: The observer.
    """
    original = vars(holder).get(name)
    if original is None:
        return

    @functools.wraps(original)
    def wrapper(self: Any, *args: Any, **kwargs: Any) -> Any:
        sight(self, args, kwargs)
        return original(self, *args, **kwargs)

    if inspect.iscoroutinefunction(original):
        # It returns what it returned before, and is called for what it was called for.
        if hasattr(inspect, "markcoroutinefunction"):
            inspect.markcoroutinefunction(wrapper)
        else:
            marker = "_is_coroutine"  # before Python 3.12 asyncio alone has a mark for that
            setattr(wrapper, marker, getattr(asyncio.coroutines, marker, None))
    setattr(holder, name, wrapper)
