"""Many replies written at once: one running batch, which a new request joins as soon as a slot is free.

What the conversations begin with (the first message) is read once, because it is the same for all. A reply depends on
its request's seed; rounding can differ with the batch, so equal requests need not get equal replies.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from queue import Empty, SimpleQueue

import llguidance
import llguidance.numpy
import numpy as np
import torch
from llguidance.gbnf_to_lark import any_to_lark

from tests.model_study.network import Network, sample
from tests.model_study.words import Words

READ_AT_ONCE = 8
"""Conversations whose own parts are read together."""
CHAIN = (40, 0.95, 0.05)
"""Top-k, top-p and min-p: the defaults of llama.cpp's server."""
WAIT_S = 0.1


@dataclass
class Asked:
    """A request, and its reply as far as it is written."""

    messages: Sequence[Mapping[str, str]]
    most: int
    heat: float
    seed: int
    grammar: str
    answer: Callable[[], object]
    """Called once, when the reply is done."""
    own: list[int] = field(default_factory=list)
    """The prompt after what all begin with."""
    written: list[int] = field(default_factory=list)
    ended: bool = False
    """Whether the model ended the reply itself."""
    matcher: llguidance.LLMatcher | None = None
    draws: list[float] = field(default_factory=list)
    """A random number for each word."""


@dataclass
class Counts:
    """What the batch has done so far."""

    replies: int = 0
    written: int = 0
    steps: int = 0
    busy_s: float = 0.0
    """Seconds in which at least one reply was under way."""
    read_s: float = 0.0
    """Of these, seconds for reading prompts."""


class Batch:
    """The loop that reads and writes; everything but ``ask`` belongs to its thread."""

    def __init__(self, network: Network, words: Words, slots: int, room: int, threads: int) -> None:
        self.counts = Counts()
        self.begun: list[int] = []
        self._network, self._words, self._slots, self._room = network, words, slots, room
        self._waiting: SimpleQueue[Asked] = SimpleQueue()
        self._rows: list[Asked] = []
        self._executor = llguidance.LLExecutor(threads)
        self._vocabulary = llguidance.LLTokenizer(words.json(), n_vocab=words.size, eos_token=words.end)
        self._matcher = cache(self._compiled)
        self._allowed = llguidance.numpy.allocate_token_bitmask(slots, words.size)

    def ask(self, asked: Asked) -> None:
        """From one thread; raises ValueError for a prompt that is too long or begins differently, or no grammar."""
        begun, asked.own = self._words.read(asked.messages)
        self.begun = self.begun or begun
        if begun != self.begun:
            raise ValueError("all conversations must have the same first message")
        if len(asked.own) >= self._room:
            raise ValueError(f"the prompt is longer than {self._room} tokens after its first message")
        asked.most = min(asked.most, self._room - len(asked.own))
        asked.draws = np.random.default_rng(asked.seed).random(asked.most).tolist()
        asked.matcher = self._matcher(asked.grammar).deep_copy()
        self._waiting.put(asked)

    def text(self, asked: Asked) -> str:
        """The reply."""
        return self._words.write(asked.written)

    def run(self) -> None:
        """For ever."""
        with torch.inference_mode():
            asked = self._waiting.get()
            self._network.begin(self.begun)
            self._begin([asked])
            while True:
                began, some = time.monotonic(), bool(self._rows)
                self._admit(wait=not some)
                self.counts.read_s += time.monotonic() - began if some else 0.0
                if self._rows:
                    self._step()
                if some:
                    self.counts.busy_s += time.monotonic() - began

    def _compiled(self, grammar: str) -> llguidance.LLMatcher:
        lark = llguidance.LLMatcher.grammar_from_lark(any_to_lark(grammar))
        matcher = llguidance.LLMatcher(self._vocabulary, lark)
        if matcher.is_error():
            raise ValueError(matcher.get_error())
        return matcher

    def _admit(self, wait: bool) -> None:
        """Fill the free slots with waiting requests."""
        while room := min(self._slots - len(self._rows), READ_AT_ONCE):
            fresh: list[Asked] = []
            try:
                while len(fresh) < room:
                    fresh.append(self._waiting.get(wait and not fresh, WAIT_S))
            except Empty:
                pass
            if not fresh:
                return
            self._begin(fresh)

    def _begin(self, fresh: list[Asked]) -> None:
        """Make requests ready to write: read their prompts but for the last word, each prompt once."""
        new = list({tuple(one.own): one for one in fresh if not any(one.own == row.own for row in self._rows)}.values())
        if new:
            longest = max(len(one.own) for one in new)
            padded = torch.tensor([one.own[:-1] + [0] * (longest - len(one.own)) for one in new])
            self._network.read(padded, torch.zeros(len(new), dtype=torch.long), len(self._rows))
            self._rows += new
        for one in fresh:
            if all(one is not row for row in self._rows):
                twin = next(slot for slot, row in enumerate(self._rows) if row.own == one.own)
                self._network.copy(twin, len(self._rows))
                self._rows.append(one)

    def _step(self) -> None:
        """One word for every reply under way."""
        rows = self._rows
        last = torch.tensor([[row.written[-1] if row.written else row.own[-1]] for row in rows])
        starts = torch.tensor([len(row.own) + len(row.written) - 1 for row in rows])
        hidden = self._network.read(last, starts, 0)[:, 0]
        held = [(row.matcher, slot) for slot, row in enumerate(rows)]
        llguidance.numpy.fill_next_token_bitmask_par(self._executor, held, self._allowed)
        bits = np.unpackbits(self._allowed[: len(rows)].view(np.uint8), axis=1, bitorder="little").astype(bool)
        some = np.nonzero(bits.any(axis=0))[0]
        logits = self._network.logits(hidden, torch.from_numpy(some))
        logits.masked_fill_(torch.from_numpy(~bits[:, some]), -torch.inf)
        draws = torch.tensor([row.draws[len(row.written)] for row in rows])
        words = sample(logits, draws, torch.tensor([row.heat for row in rows]), CHAIN)
        self._take(some[words.numpy()].tolist())
        self.counts.steps += 1

    def _take(self, words: list[int]) -> None:
        """Add each row's word to its reply, and answer those that are done, whose place the last row takes."""
        for slot in reversed(range(len(words))):
            row, word = self._rows[slot], words[slot]
            assert row.matcher is not None
            row.ended = word in self._words.ends
            if not row.ended:
                row.written.append(word)
                row.matcher.consume_token(word)
                row.ended = row.matcher.is_stopped()
            if row.ended or len(row.written) == row.most:
                last = self._rows.pop()
                if last is not row:
                    self._rows[slot] = last
                    self._network.copy(len(self._rows), slot)
                self.counts.replies += 1
                self.counts.written += len(row.written)
                row.answer()
