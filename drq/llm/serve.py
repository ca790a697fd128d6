"""The process behind ``drq.llm.local``: ``python -m drq.llm.serve FILE CONTEXT THREADS``.

Prints one line of JSON, {"base_url": …} or {"error": …}, and serves until its standard input ends.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any


def start(gguf: str, context: int, threads: int, states: str) -> Any:
    """A running server on a free port of loopback, which saves its states in the folder ``states``.

    Raises RuntimeError where llama.cpp cannot load the model.
    """
    xllamacpp = importlib.import_module("xllamacpp")
    params = xllamacpp.CommonParams()
    params.model.path = gguf
    params.model_alias = [Path(gguf).name]
    params.n_ctx = context
    params.n_parallel = 1
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    params.flash_attn_type = 0  # it adds up in an order that depends on the number of threads
    params.slot_save_path = states + os.sep
    params.swa_full = True  # a window that slides cannot go back to a saved state
    params.cache_ram_mib = 0  # the saved state is the only memory of earlier requests
    params.n_ctx_checkpoints = 0
    params.ui = False
    return xllamacpp.Server(params)


def main() -> None:
    """Serve until standard input ends."""
    answer_to = os.dup(1)
    os.dup2(2, 1)  # native code prints to its log only
    # Threads that wait must sleep: each step of the network waits for all of them, and one that spins keeps the
    # processor from the one that is waited for. Read when the library is loaded.
    os.environ["OMP_WAIT_POLICY"] = "passive"
    with TemporaryDirectory(prefix="drq-model-") as states:
        try:
            server = start(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), states)
        except Exception as error:  # native code raises any class; the run gets one line
            os.write(answer_to, json.dumps({"error": " ".join(str(error).split())[:300]}).encode() + b"\n")
            raise SystemExit(1) from None
        os.write(answer_to, json.dumps({"base_url": f"{server.listening_address}/v1"}).encode() + b"\n")
        sys.stdin.buffer.read()
    os._exit(0)  # at once: a reply under way has no reader


if __name__ == "__main__":
    main()
