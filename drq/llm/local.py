"""``llm=local``: llama.cpp's OpenAI-compatible server of one GGUF file, in a process of its own on loopback.

The run survives a crash in native code, because the server is another process. The server ends when its standard input
closes, so it ends with the run, even if the run is killed.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Timer

from drq.errors import ConfigError, OperatorError
from drq.llm.slot import Messages, Pace, Slot

START_TIMEOUT_S = 300.0
STOP_TIMEOUT_S = 3.0


def check_installed() -> None:
    """Raise ConfigError unless the extra ``local`` is installed."""
    if importlib.util.find_spec("xllamacpp") is None:
        raise ConfigError("expected xllamacpp for llm=local, got none: pip install 'digital-red-queen[local]'")


class LocalServer:
    """One server of one model that answers one call at a time, so that equal requests get equal replies."""

    def __init__(self, gguf: Path, context: int, threads: int) -> None:
        """Only keep the settings. ``context``: tokens of prompt and reply together."""
        self._command = [sys.executable, "-m", "drq.llm.serve", str(gguf.absolute()), str(context), str(threads)]
        self._process: subprocess.Popen[str] | None = None
        self._slot: Slot | None = None
        self._free = asyncio.Lock()

    def start(self) -> str:
        """Start it, wait until it is ready, and return its base URL.

        Raises OperatorError with the server's own reason where it does not start.
        """
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,  # Ctrl-C is for the run, which finishes the calls in flight before it stops this
        )
        assert self._process.stdout is not None
        deadline = Timer(START_TIMEOUT_S, self._process.kill)
        deadline.start()
        line = self._process.stdout.readline()
        deadline.cancel()
        try:
            said = json.loads(line)
        except ValueError:
            said = {"error": f"it ended with status {self._process.wait()}"}
        if "error" in said:
            self.stop()
            raise OperatorError(f"the local model server did not start: {said['error']}")
        self._slot = Slot(said["base_url"])
        return str(said["base_url"])

    def read(self, alike: Sequence[Messages], first: Messages) -> Pace:
        """Before the first call, read what the requests ``alike`` begin with; raises OperatorError."""
        assert self._slot is not None
        try:
            return self._slot.read(alike, first)
        except OSError as error:
            raise OperatorError(self.gone() or f"the local model server cannot begin: {error}") from None

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """The server for one call, in the state that ``read`` left; raises OperatorError."""
        assert self._slot is not None
        async with self._free:
            try:
                await asyncio.to_thread(self._slot.restore)
            except OSError as error:
                raise OperatorError(self.gone() or f"the local model server cannot begin a call: {error}") from None
            yield

    def gone(self) -> str | None:
        """Why it will never answer again, or None while it runs."""
        status = None if self._process is None else self._process.poll()
        return None if status is None else f"the local model server ended by itself with status {status}"

    def stop(self) -> None:
        """End it; does nothing where none runs."""
        if self._process is None:
            return
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._process = None
