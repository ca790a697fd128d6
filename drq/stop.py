"""How a run is told to end."""

from __future__ import annotations

import asyncio


class Interrupted(Exception):  # noqa: N818 - a request, not a fault
    """The run ends here because it was asked to; the same command goes on with it."""


class StopSignal:
    """Set when the run is to end: by Ctrl-C, or by an error that ends it.

    After that no proposal begins and no request is sent or repeated; those under way may end.
    """

    def __init__(self) -> None:
        self._event = asyncio.Event()

    @property
    def requested(self) -> bool:
        """Whether it is set."""
        return self._event.is_set()

    def request(self) -> None:
        """Set it; it stays set."""
        self._event.set()

    async def within(self, seconds: float) -> bool:
        """Sleep, at most until it is set; returns whether it is set."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return False
        return True
