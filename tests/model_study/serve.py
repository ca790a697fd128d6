"""A chat-completions server that writes many replies at once: ``python -m tests.model_study.serve FILE [options]``.

It serves a GGUF file of a Qwen2 model on processors, as far as the study needs: ``messages``, ``max_tokens``,
``temperature``, ``seed``, and a GBNF ``grammar``. ``GET /counts`` says what it has done.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import os
import threading
import time
import traceback
from pathlib import Path
from typing import Any

import gguf
import torch
from aiohttp import web

from tests.model_study.batch import Asked, Batch
from tests.model_study.network import Network
from tests.model_study.words import Words

BATCH = web.AppKey("batch", Batch)
NAME = web.AppKey("name", str)


async def complete(request: web.Request) -> web.Response:
    """One reply."""
    body = await request.json()
    loop, answered = asyncio.get_running_loop(), asyncio.Event()

    seed = body.get("seed")
    asked = Asked(
        messages=body["messages"],
        most=int(body.get("max_tokens", 300)),
        heat=float(body.get("temperature", 1.0)),
        seed=int.from_bytes(os.urandom(4)) if seed is None else int(seed),
        grammar=str(body["grammar"]),
        answer=lambda: loop.call_soon_threadsafe(answered.set),
    )
    try:
        request.app[BATCH].ask(asked)
    except ValueError as error:
        return web.json_response({"error": {"message": str(error)}}, status=400)
    await answered.wait()
    text = request.app[BATCH].text(asked)
    read, written = len(request.app[BATCH].begun) + len(asked.own), len(asked.written)
    choice: dict[str, Any] = {"index": 0, "message": {"role": "assistant", "content": text}}
    choice["finish_reason"] = "stop" if asked.ended else "length"
    usage = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
    return web.json_response(
        {"object": "chat.completion", "model": request.app[NAME], "choices": [choice], "usage": usage}
    )


async def counts(request: web.Request) -> web.Response:
    """What was done so far."""
    return web.json_response(dataclasses.asdict(request.app[BATCH].counts))


def work(batch: Batch) -> None:
    """Write replies until something fails, which ends the server."""
    try:
        batch.run()
    except BaseException:  # of any class: without this thread no request is ever answered
        traceback.print_exc()
        os._exit(1)


def main() -> None:
    """Load, say when ready, and serve until killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--slots", type=int, default=96)
    parser.add_argument("--room", type=int, default=1024)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    began = time.monotonic()
    torch.set_num_threads(given.threads)
    file = gguf.GGUFReader(given.file)
    words, network = Words(file), Network(file, given.slots, given.room)
    batch = Batch(network, words, given.slots, given.room, given.threads)
    threading.Thread(target=work, args=(batch,), daemon=True).start()
    app = web.Application(client_max_size=1 << 24)
    app[BATCH], app[NAME] = batch, given.file.stem
    app.add_routes([web.post("/v1/chat/completions", complete), web.get("/counts", counts)])
    print(f"ready after {time.monotonic() - began:.1f} s", flush=True)
    web.run_app(app, host="127.0.0.1", port=given.port, print=None)


if __name__ == "__main__":
    main()
