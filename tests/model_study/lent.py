"""All calls of the study on one machine: ``python -m tests.model_study.lent MODEL FOLDER MINUTES KEEP``.

Serves the GGUF file MODEL, asks for the children of the assay and evolves the runs that ask a model, all at once, and
ends after MINUTES at the latest. FOLDER, which has the parents, gets the results; a copy is packed into KEEP every
20 seconds. The same command goes on with what FOLDER holds.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tarfile
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

from redcode import builtin, fight
from tests.model_study.arms import ASKING
from tests.model_study.families import RULES

PORT = 8765
ROOT = f"http://127.0.0.1:{PORT}"
PACK_EVERY_S = 20.0


def counts() -> str | None:
    """What the server has done, None while it does not answer."""
    try:
        with urllib.request.urlopen(f"{ROOT}/counts", timeout=5) as answer:
            return str(answer.read().decode())
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return None


def pack(folder: Path, keep: Path) -> None:
    """A copy of the results; of files that are being written, as they are."""
    part = keep / "study.part"
    with tarfile.open(part, "w:gz", compresslevel=3) as archive:
        for file in sorted(path for path in folder.rglob("*") if path.is_file() and "families" not in path.parts):
            archive.add(file, str(file.relative_to(folder)))
    part.rename(keep / "study.tgz")


def main(model: Path, folder: Path, minutes: float, keep: Path) -> None:
    """Start all, watch, stop all."""
    end = time.monotonic() + 60 * minutes
    python = [sys.executable, "-m"]
    log = (folder / "server.log").open("a")
    serve = [*python, "tests.model_study.serve", str(model), "--port", str(PORT)]
    server = subprocess.Popen(serve, stdout=log, stderr=log, start_new_session=True)
    work: list[subprocess.Popen[bytes]] = []
    try:
        fight([builtin("dwarf"), builtin("imp")], RULES, battles=1)  # compiles what the runs then find compiled
        while counts() is None and time.monotonic() < end and server.poll() is None:
            time.sleep(0.5)
        print(f"the server answers, {end - time.monotonic():.0f} s are left", flush=True)
        url = f"{ROOT}/v1"
        for module, *given in (("ask", url), ("runs", ",".join(ASKING), url)):
            command = [*python, f"tests.model_study.{module}", str(folder), *given]
            work.append(subprocess.Popen(command, start_new_session=True))
        packed = time.monotonic()
        while time.monotonic() < end and server.poll() is None and any(one.poll() is None for one in work):
            time.sleep(1)
            if time.monotonic() - packed > PACK_EVERY_S:
                print(f"{end - time.monotonic():.0f} s left, {counts()}", flush=True)
                pack(folder, keep)
                packed = time.monotonic()
        (folder / "counts.json").write_text(counts() or "{}")
    finally:
        for one in (*work, server):
            with suppress(ProcessLookupError):
                os.killpg(one.pid, signal.SIGKILL)  # the runs are processes of their own
            one.wait()
        pack(folder, keep)
        print((folder / "server.log").read_text()[-3000:], flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]), Path(sys.argv[4]))
