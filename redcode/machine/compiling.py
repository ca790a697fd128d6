"""How functions are compiled: once per machine if the code can be kept in a file, else once per process."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from typing import Any

from numba import njit

OPTIONS: dict[str, Any] = {"_nrt": False, "error_model": "numpy"}
"""Without reference counts, because every use of an inlined function would count its arrays and double the run time.
Without checks for division by 0, because the code excludes it. Numba's cache ignores these options: empty it when they
change."""


class ForgivingCache:
    """Numba's cache on disk; if a file cannot be read or written, the function is compiled again."""

    def __init__(self, cache: Any) -> None:
        self.cache = cache
        self.cache_path = cache.cache_path

    def load_overload(self, *arguments: Any) -> Any:
        """The compiled function; None if it must be compiled."""
        try:
            return self.cache.load_overload(*arguments)
        except Exception:  # the files are pickles, and damaged ones raise any error
            say(f"expected compiled code in {self.cache_path}, got damaged files: compiling again")
        try:
            self.cache.flush()
        except OSError:
            self.cache.disable()
        return None

    def save_overload(self, *arguments: Any) -> None:
        """Keep the compiled function for the next process, if the disk allows it."""
        try:
            self.cache.save_overload(*arguments)
        except OSError as error:
            say(f"cannot keep compiled code in {self.cache_path}: {error.strerror}; each start compiles again")


@cache
def say(message: str) -> None:
    """Print a message on stderr, once per process."""
    print(f"redcode: {message}", file=sys.stderr)


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile with Numba; typed as a plain callable."""
    dispatcher: Any
    try:
        dispatcher = njit(cache=True, nogil=True, **OPTIONS)(function)
    except RuntimeError:  # neither the folder of the function's file nor the home directory is writable
        dispatcher = njit(nogil=True, **OPTIONS)(function)
    if hasattr(dispatcher, "_cache"):  # with NUMBA_DISABLE_JIT=1 it is a plain function
        dispatcher._cache = ForgivingCache(dispatcher._cache)
    as_callable: Callable[..., Any] = dispatcher
    return as_callable


def inlined(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile the function into its callers."""
    dispatcher: Callable[..., Any] = njit(inline="always", **OPTIONS)(function)
    return dispatcher
