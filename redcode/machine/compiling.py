"""How functions are compiled: once a machine where a file can be kept, else once a process."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from typing import Any

from numba import njit

OPTIONS: dict[str, Any] = {"_nrt": False, "error_model": "numpy"}
"""No reference counts: every use of an inlined function would count its arrays and double the run time. No checks for
division by 0, which the code excludes. The files of the cache do not know them: empty it when they change."""


class ForgivingCache:
    """Numba's cache on disk, but files that cannot be read or written cost the time to compile, not the battle."""

    def __init__(self, cache: Any) -> None:
        self.cache = cache
        self.cache_path = cache.cache_path

    def load_overload(self, *arguments: Any) -> Any:
        """The compiled function, or None where it has to be compiled."""
        try:
            return self.cache.load_overload(*arguments)
        except Exception:  # they are pickles: damage raises anything
            say(f"expected compiled code in {self.cache_path}, got damaged files: compiling again")
        try:
            self.cache.flush()
        except OSError:
            self.cache.disable()
        return None

    def save_overload(self, *arguments: Any) -> None:
        """Keep the compiled function for the next process, where there is room."""
        try:
            self.cache.save_overload(*arguments)
        except OSError as error:
            say(f"cannot keep compiled code in {self.cache_path}: {error.strerror}; each start compiles again")


@cache
def say(message: str) -> None:
    """Print a message on stderr, once a process."""
    print(f"redcode: {message}", file=sys.stderr)


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile with Numba; typed as a plain callable."""
    dispatcher: Any
    try:
        dispatcher = njit(cache=True, nogil=True, **OPTIONS)(function)
    except RuntimeError:  # no folder can be written, neither beside the function's file nor in a home directory
        dispatcher = njit(nogil=True, **OPTIONS)(function)
    if hasattr(dispatcher, "_cache"):  # a plain function has none, with NUMBA_DISABLE_JIT=1
        dispatcher._cache = ForgivingCache(dispatcher._cache)
    as_callable: Callable[..., Any] = dispatcher
    return as_callable


def inlined(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile into the callers."""
    dispatcher: Callable[..., Any] = njit(inline="always", **OPTIONS)(function)
    return dispatcher
