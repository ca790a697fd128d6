"""The state of a local llama.cpp server: every call begins where the text that all calls share has been read.

The server reads the shared text once and saves its state (its ``/slots`` endpoint). A call that begins from the
restored state reads and writes only its own tokens, and its reply depends on the request alone: the same numbers are
added up in the same order, whatever was asked before.
"""

from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError

from drq.llm.failures import parse, reason

Messages = Sequence[Mapping[str, str]]

FILE = "shared"
TRIAL_TOKENS = 16
TIMEOUT_S = 3600.0
"""For reading the shared text on a slow machine."""


@dataclass(frozen=True)
class Pace:
    """How long the model takes here, measured once before the first call."""

    shared_s: float
    """Seconds for the text that all calls share, once a run."""
    own_s: float
    """Seconds for the rest of the first call's prompt."""
    token_s: float
    """Seconds for a token of the reply."""

    def call_s(self, tokens: int) -> float:
        """Seconds for a call with a reply of that many tokens."""
        return self.own_s + tokens * self.token_s


class Slot:
    """The one slot of the server at ``base_url``, which ends in /v1."""

    def __init__(self, base_url: str) -> None:
        """Ask nothing yet."""
        self._root = base_url.removesuffix("/v1")

    def read(self, alike: Sequence[Messages], first: Messages) -> Pace:
        """Read what the two requests ``alike`` begin with, and save the state; ``first`` is the first real request.

        Raises OSError where the server does not answer or refuses.
        """
        shared = os.path.commonprefix([self._text(messages) for messages in alike])  # noqa: RUF071 - of texts
        began = self._post("/completion", prompt=shared, n_predict=0, cache_prompt=False)["timings"]
        self._post("/slots/0?action=save", filename=FILE)
        own = self._post("/completion", prompt=self._text(first), n_predict=TRIAL_TOKENS, ignore_eos=True)["timings"]
        return Pace(
            shared_s=began["prompt_ms"] / 1000,
            own_s=own["prompt_ms"] / 1000,
            token_s=own["predicted_ms"] / own["predicted_n"] / 1000,
        )

    def restore(self) -> None:
        """Go back to the saved state, when no call is under way; raises OSError as ``read`` does."""
        self._post("/slots/0?action=restore", filename=FILE)

    def _text(self, messages: Messages) -> str:
        text: str = self._post("/apply-template", messages=list(messages))["prompt"]
        return text

    def _post(self, path: str, **body: Any) -> dict[str, Any]:
        head = {"Content-Type": "application/json"}
        request = urllib.request.Request(self._root + path, json.dumps(body).encode(), head)
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with direct.open(request, timeout=TIMEOUT_S) as response:
                answer: dict[str, Any] = json.load(response)
        except HTTPError as error:
            raise OSError(reason(parse(error.read())) or str(error)) from None
        return answer
