"""A local HTTP server that speaks the chat protocol and misbehaves on purpose.

``with ModelServer(behaviour) as server`` serves ``server.base_url`` from a thread of its own. A behaviour is a
coroutine that writes one HTTP answer; ``BEHAVIOURS`` names those that tests and people ask for. It can also be run by
hand: ``python -m tests.drq.llm.server MODE``.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self

GOOD_REPLY = "```redcode\nMOV.I $0, $1\n```"


@dataclass
class Exchange:
    """One request as it came in, and the way to answer it."""

    number: int
    """Counts the server's requests from 0."""
    target: str
    """Path and query."""
    headers: dict[str, str]
    body: dict[str, Any]
    writer: asyncio.StreamWriter

    async def send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        """A whole answer."""
        head = {"Content-Type": "application/json", "Content-Length": str(len(body)), "Connection": "close"}
        await self.send_head(status, head | (headers or {}))
        self.writer.write(body)
        await self.writer.drain()

    async def send_head(self, status: int, headers: dict[str, str]) -> None:
        """The status line and headers only."""
        lines = [f"HTTP/1.1 {status} Whatever", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        self.writer.write("\r\n".join(lines).encode())
        await self.writer.drain()

    async def send_error(self, status: int, headers: dict[str, str] | None = None, **error: Any) -> None:
        """An error in the protocol's own form."""
        await self.send(status, json.dumps({"error": error}).encode(), headers)

    async def reply(self, content: Any, **changes: Any) -> None:
        """A good answer with ``content``; ``changes`` replace keys of the body."""
        await self.send(200, json.dumps(completion(content, self.body.get("model")) | changes).encode())


Behaviour = Callable[[Exchange], Awaitable[None]]


def completion(content: Any, model: Any = "m") -> dict[str, Any]:
    """A chat completion of 12 tokens in and 7 out."""
    return {
        "id": "x",
        "object": "chat.completion",
        "created": 0,
        "model": model,
        "choices": [{"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 12, "completion_tokens": 7, "total_tokens": 19},
    }


def replying(content: Any, delay_s: float = 0.0) -> Behaviour:
    """Answer everything with ``content``, after a while."""

    async def behave(exchange: Exchange) -> None:
        await asyncio.sleep(delay_s)
        await exchange.reply(content)

    return behave


def failing(status: int, headers: dict[str, str] | None = None, **error: Any) -> Behaviour:
    """Answer everything with an HTTP error."""

    async def behave(exchange: Exchange) -> None:
        await exchange.send_error(status, headers, **({"message": f"failing with {status}"} | error))

    return behave


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """The first request gets the first behaviour, and so on; the last one stays."""

    async def behave(exchange: Exchange) -> None:
        await behaviours[min(exchange.number, len(behaviours) - 1)](exchange)

    return behave


async def reset(exchange: Exchange) -> None:
    """Cut the connection."""
    exchange.writer.transport.abort()


async def half_json(exchange: Exchange) -> None:
    """A body that ends in the middle."""
    body = json.dumps(completion(GOOD_REPLY)).encode()
    await exchange.send(200, body[: len(body) // 2])


async def half_body(exchange: Exchange) -> None:
    """A connection that ends before the promised length."""
    body = json.dumps(completion(GOOD_REPLY)).encode()
    await exchange.send_head(200, {"Content-Type": "application/json", "Content-Length": str(len(body))})
    exchange.writer.write(body[: len(body) // 2])
    await exchange.writer.drain()


async def slow_drip(exchange: Exchange) -> None:
    """A byte now and then, for ever: no single read is slow."""
    await exchange.send_head(200, {"Content-Type": "application/json"})
    while True:
        exchange.writer.write(b" ")
        await exchange.writer.drain()
        await asyncio.sleep(0.02)


def endless(status: int) -> Behaviour:
    """A body without an end, as fast as it is read."""

    async def behave(exchange: Exchange) -> None:
        await exchange.send_head(status, {"Content-Type": "application/json"})
        while True:
            exchange.writer.write(b'{"x": "' + b"x" * 65536)
            await exchange.writer.drain()

    return behave


async def hang(exchange: Exchange) -> None:
    """Take the request and say nothing."""
    await asyncio.sleep(3600)


async def empty_choices(exchange: Exchange) -> None:
    """No choice at all."""
    await exchange.reply(None, choices=[])


async def not_a_completion(exchange: Exchange) -> None:
    """JSON of another shape."""
    await exchange.send(200, b'[1, {"a": null}]')


async def error_with_200(exchange: Exchange) -> None:
    """An error behind status 200, as some gateways answer."""
    await exchange.send_error(200, message="upstream busy", code=503)


async def error_in_a_list(exchange: Exchange) -> None:
    """The same in a list."""
    await exchange.send(200, b'[{"error": {"message": "upstream busy", "code": 503}}]')


def broken_off(content: Any, **error: Any) -> Behaviour:
    """Status 200, and in the choice the error of a server further up, beside what it had written."""

    async def behave(exchange: Exchange) -> None:
        message = {"role": "assistant", "content": content}
        await exchange.reply(None, choices=[{"index": 0, "message": message, "finish_reason": "error", "error": error}])

    return behave


async def login_page(exchange: Exchange) -> None:
    """A page for people, as a proxy that wants a login answers."""
    await exchange.send(200, b"<!DOCTYPE html>\n<html><title>Sign in</title></html>", {"Content-Type": "text/html"})


async def stream(exchange: Exchange) -> None:
    """Events, though no stream was asked for."""
    await exchange.send(200, b'data: {"choices": []}\n\ndata: [DONE]\n', {"Content-Type": "text/event-stream"})


def reasoning(answer: str | None, thoughts: str = "let me think: DAT 0, 0", **message: Any) -> Behaviour:
    """A model that thinks before it answers: it wants its own name for the bound, and no temperature."""

    async def behave(exchange: Exchange) -> None:
        for name in ("max_tokens", "temperature"):
            if name in exchange.body:
                hint = " Use 'max_completion_tokens' instead." if name == "max_tokens" else ""
                error = f"Unsupported parameter: '{name}' is not supported with this model.{hint}"
                await exchange.send_error(400, message=error, code="unsupported_parameter")
                return
        content = {"role": "assistant", "content": answer, "reasoning_content": thoughts} | message
        choice = {"index": 0, "message": content, "finish_reason": "stop" if answer else "length"}
        await exchange.reply(None, choices=[choice])

    return behave


async def redirect(exchange: Exchange) -> None:
    """To itself, for ever."""
    await exchange.send(307, b"", {"Location": "/v1/chat/completions"})


async def endless_redirect(exchange: Exchange) -> None:
    """The same with a body without an end."""
    await exchange.send_head(307, {"Location": "/v1/chat/completions", "Content-Type": "text/plain"})
    while True:
        exchange.writer.write(b"x" * 65536)
        await exchange.writer.drain()


def nested(depth: int) -> list[Any]:
    """Parts of parts of parts."""
    parts: list[Any] = [{"text": GOOD_REPLY}]
    for _ in range(depth):
        parts = [{"text": parts}]
    return parts


async def nested_error(exchange: Exchange) -> None:
    """An error whose message is no text but goes deep."""
    await exchange.send(500, b'{"error": {"message": ' + b"[" * 900 + b"]" * 900 + b"}}")


BEHAVIOURS: dict[str, Behaviour] = {
    "good": replying(GOOD_REPLY),
    "slow": replying(GOOD_REPLY, delay_s=1.0),
    "429": failing(429),
    "429-retry-after": failing(429, {"Retry-After": "1"}),
    "429-retry-after-long": failing(429, {"Retry-After": "3600"}),
    "500": failing(500),
    "503": failing(503),
    "reset": reset,
    "half-json": half_json,
    "half-body": half_body,
    "empty-choices": empty_choices,
    "null-content": replying(None),
    "not-a-completion": not_a_completion,
    "error-200": error_with_200,
    "error-200-list": error_in_a_list,
    "upstream-died": broken_off(GOOD_REPLY, message="upstream died", code=502),
    "upstream-died-silently": broken_off(None, message="upstream died"),
    "login-page": login_page,
    "stream": stream,
    "reasoning": reasoning(GOOD_REPLY),
    "reasoning-inline": reasoning(f"<think>DAT 0, 0</think>\n{GOOD_REPLY}"),
    "reasoning-cut-off": reasoning(None),
    "flagged": failing(403, message="Your input was flagged", metadata={"reasons": ["violence"]}),
    "invalid-prompt": failing(400, message="no", code="invalid_prompt"),
    "slow-drip": slow_drip,
    "endless": endless(200),
    "endless-error": endless(500),
    "hang": hang,
    "401": failing(401, message="Incorrect API key provided", code="invalid_api_key"),
    "402": failing(402, message="Insufficient balance"),
    "403": failing(403, message="Forbidden"),
    "404": failing(404, message="Not found"),
    "wrong-model": failing(404, message="The model does not exist", code="model_not_found"),
    "wrong-model-400": failing(400, message="The model does not exist", code="model_not_found"),
    "400": failing(400, message="Unrecognized request argument supplied: grammar"),
    "insufficient-quota": failing(429, message="You exceeded your current quota", code="insufficient_quota"),
    "context-too-long": failing(400, message="maximum context length is 16", code="context_length_exceeded"),
    "context-too-long-llama": failing(400, message="request exceeds the available context size", code=400),
    "refusal": replying("I'm sorry, but I can't help with that."),
    "10-mb": replying("MOV 0, 1\n" * 1_200_000),
    "1-mb": replying("MOV 0, 1\n" * 120_000),
    "control-characters": replying("\x00\x1b[31m\ud800\x07\n```\nMOV\x000, 1\n```\x9b"),
    "redirect": redirect,
    "endless-redirect": endless_redirect,
    "parts": replying([{"type": "text", "text": part} for part in GOOD_REPLY]),
    "nested-parts": replying(nested(400)),
    "nested-error": nested_error,
    "prose": replying("Sure! Here it is:\n\nMOV 0, 1\n\nGood luck."),
}


@dataclass
class ModelServer:
    """The server; ``requests`` grows as they come."""

    behaviour: Behaviour
    requests: list[Exchange] = field(default_factory=list)
    base_url: str = ""

    def __enter__(self) -> Self:
        started = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(started)), daemon=True)
        self._thread.start()
        started.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    async def _serve(self, started: threading.Event) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        started.set()
        await self._stop.wait()
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
            body = json.loads(await reader.readexactly(int(headers.get("content-length", 0))) or b"{}")
            exchange = Exchange(len(self.requests), head[0].split()[1], headers, body, writer)
            self.requests.append(exchange)
            await self.behaviour(exchange)
        with suppress(ConnectionError):
            writer.close()
        self._tasks.discard(task)


def main(arguments: Sequence[str]) -> None:
    """Serve one behaviour until interrupted."""
    if len(arguments) != 1 or arguments[0] not in BEHAVIOURS:
        raise SystemExit(f"expected one of {', '.join(BEHAVIOURS)}")
    with ModelServer(BEHAVIOURS[arguments[0]]) as server, suppress(KeyboardInterrupt):
        print(server.base_url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1:])
