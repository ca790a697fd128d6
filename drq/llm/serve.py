"""The process behind ``drq.llm.local``: ``python -m drq.llm.serve FILE CONTEXT``.

Prints one line of JSON, {"base_url": …} or {"error": …}, and serves until its standard input ends.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any


def start(gguf: str, context: int) -> Any:
    """A running server on a free port of loopback; raises RuntimeError where llama.cpp cannot load the model."""
    xllamacpp = importlib.import_module("xllamacpp")
    params = xllamacpp.CommonParams()
    params.model.path = gguf
    params.model_alias = [Path(gguf).name]
    params.n_ctx = context
    params.n_parallel = 1
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = 1
    params.ui = False
    return xllamacpp.Server(params)


def main() -> None:
    """Serve until standard input ends."""
    answer_to = os.dup(1)
    os.dup2(2, 1)  # native code prints to its log only
    try:
        server = start(sys.argv[1], int(sys.argv[2]))
    except Exception as error:  # native code raises any class; the run gets one line
        os.write(answer_to, json.dumps({"error": " ".join(str(error).split())[:300]}).encode() + b"\n")
        raise SystemExit(1) from None
    os.write(answer_to, json.dumps({"base_url": f"{server.listening_address}/v1"}).encode() + b"\n")
    sys.stdin.buffer.read()
    os._exit(0)  # at once: a reply under way has no reader


if __name__ == "__main__":
    main()
