"""``llm=local``: llama.cpp's OpenAI-compatible server of one GGUF file, in a process of its own on loopback.

The run survives a crash in native code, because the server is another process. The server ends when its standard input
closes, so it ends with the run, even if the run is killed.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from threading import Timer

from drq.errors import ConfigError, OperatorError

START_TIMEOUT_S = 300.0
STOP_TIMEOUT_S = 3.0


def check_model_file(gguf: str) -> None:
    """Raise ConfigError unless the file looks like a model and the extra ``local`` is installed."""
    try:
        with Path(gguf).expanduser().open("rb") as file:
            magic = file.read(4)
    except (OSError, RuntimeError) as error:  # RuntimeError: a ~ without a home
        reason = getattr(error, "strerror", error)
        raise ConfigError(f"expected llm.gguf to be a model file, got {gguf}: {reason}") from None
    if magic != b"GGUF":
        raise ConfigError(f"expected llm.gguf to be a GGUF file, got another kind: {gguf}")
    if importlib.util.find_spec("xllamacpp") is None:
        raise ConfigError("expected xllamacpp for llm=local, got none: pip install 'digital-red-queen[local]'")


class LocalServer:
    """One server of one model; one request at a time on one thread, so that equal requests get equal replies."""

    def __init__(self, gguf: str, context: int) -> None:
        """Only keep the settings. ``context``: tokens of prompt and reply together."""
        self._command = [sys.executable, "-m", "drq.llm.serve", str(Path(gguf).expanduser().absolute()), str(context)]
        self._process: subprocess.Popen[str] | None = None

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
        return str(said["base_url"])

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
