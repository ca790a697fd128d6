"""Many replies written at once: one running batch, which a new request joins as soon as a slot is free.

What a conversation begins with (its first message) is read once for all that share it. A reply depends on its request's
seed; rounding can differ with the batch, so equal requests need not get equal replies.
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
from numpy.typing import NDArray

from tests.model_study.network import Network, sample
from tests.model_study.words import Words

READ_AT_ONCE = 32
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
    grammar: str | None
    answer: Callable[[], object]
    """Called once, when the reply is done."""
    shared: list[int] = field(default_factory=list)
    own: list[int] = field(default_factory=list)
    written: list[int] = field(default_factory=list)
    ended: bool = False
    """Whether the model ended the reply itself."""
    matcher: llguidance.LLMatcher | None = None


@dataclass
class Counts:
    """What the batch has done so far."""

    replies: int = 0
    written: int = 0
    steps: int = 0
    busy_s: float = 0.0
    """Seconds in which at least one reply was under way."""


class Batch:
    """The loop that reads and writes; everything but ``ask`` belongs to its thread."""

    def __init__(self, network: Network, words: Words, slots: int, length: int, threads: int) -> None:
        self.counts = Counts()
        self._network, self._words, self._length = network, words, length
        self._waiting: SimpleQueue[Asked] = SimpleQueue()
        self._rows: list[Asked | None] = [None] * slots
        self._saved: dict[tuple[int, ...], torch.Tensor] = {}
        self._executor = llguidance.LLExecutor(threads)
        self._vocabulary = llguidance.LLTokenizer(words.json(), n_vocab=words.size, eos_token=words.end)
        self._matcher = cache(self._compiled)
        self._allowed = llguidance.numpy.allocate_token_bitmask(slots, words.size)
        on = {"device": network.device}
        self._last = torch.zeros(slots, dtype=torch.long, **on)
        self._heat = torch.ones(slots, **on)
        self._draws = torch.zeros(slots, 1, **on)
        self._bits = torch.arange(32, dtype=torch.int32, **on)
        self._ends = np.ones(slots, dtype=np.int64)
        self._allowed[:] = -1

    def ask(self, asked: Asked) -> None:
        """From any thread; raises ValueError for a prompt that is too long, and for what is no grammar."""
        asked.shared, asked.own = self._words.read(asked.messages)
        room = self._length - len(asked.shared) - len(asked.own)
        if room < 1:
            raise ValueError(f"the prompt is longer than {self._length} tokens")
        asked.most = min(asked.most, room)
        if asked.grammar is not None:
            asked.matcher = self._matcher(asked.grammar).deep_copy()
        self._waiting.put(asked)

    def text(self, asked: Asked) -> str:
        """The reply."""
        return self._words.write(asked.written)

    def run(self) -> None:
        """For ever."""
        with torch.inference_mode():
            while True:
                began, some = time.monotonic(), any(self._rows)
                self._admit(wait=not some)
                if any(self._rows):
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
        """Give free slots to waiting requests, and read what is their own but for the last word."""
        free = [slot for slot, row in enumerate(self._rows) if row is None]
        while free:
            fresh: list[int] = []
            try:
                while free and len(fresh) < READ_AT_ONCE:
                    asked = self._waiting.get(timeout=WAIT_S) if wait and not fresh else self._waiting.get_nowait()
                    self._rows[slot := free.pop(0)] = asked
                    fresh.append(slot)
            except Empty:
                free.clear()
            for shared in {tuple(self._row(slot).shared) for slot in fresh}:
                self._begin([slot for slot in fresh if tuple(self._row(slot).shared) == shared], shared)

    def _row(self, slot: int) -> Asked:
        row = self._rows[slot]
        assert row is not None
        return row

    def _begin(self, slots: list[int], shared: tuple[int, ...]) -> None:
        """Make these slots, which begin alike, ready to write."""
        network, on = self._network, {"device": self._network.device}
        places = torch.tensor(slots, **on)
        if shared not in self._saved:
            first = places[:1]
            network.read(torch.tensor([shared], **on), torch.zeros(1, dtype=torch.long, **on), first, len(shared))
            self._saved[shared] = network.saved(slots[0], len(shared))
        network.restore(places, self._saved[shared])
        rows = [self._row(slot) for slot in slots]
        longest = max(len(row.own) for row in rows)
        padded = torch.tensor([row.own[:-1] + [0] * (longest - len(row.own)) for row in rows], **on)
        starts = torch.full((len(rows),), len(shared), **on)
        network.read(padded, starts, places, len(shared) + longest)
        self._last[places] = torch.tensor([row.own[-1] for row in rows], **on)
        self._heat[places] = torch.tensor([row.heat for row in rows], **on)
        most = max(self._draws.shape[1], *(row.most for row in rows))
        if most > self._draws.shape[1]:
            self._draws = torch.nn.functional.pad(self._draws, (0, most - self._draws.shape[1]))
        for slot, row in zip(slots, rows, strict=True):
            draws = np.random.default_rng(row.seed).random(most, dtype=np.float32)
            self._draws[slot] = torch.from_numpy(draws)
            self._ends[slot] = len(shared) + len(row.own)

    def _step(self) -> None:
        """One word for every slot; those of free slots are thrown away."""
        busy = [slot for slot, row in enumerate(self._rows) if row is not None]
        places = torch.from_numpy(self._ends - 1).to(self._last.device)
        hidden = self._network.read(self._last[:, None], places, None, int(self._ends.max()))
        logits = self._network.logits(hidden[:, 0])
        held = [(matcher, slot) for slot in busy if (matcher := self._row(slot).matcher) is not None]
        if held:
            llguidance.numpy.fill_next_token_bitmask_par(self._executor, held, self._allowed)
        allowed = torch.from_numpy(self._allowed).to(logits.device)
        allowed = (allowed[:, :, None] >> self._bits & 1).flatten(1)[:, : logits.shape[1]].bool()
        turns = torch.tensor([0 if row is None else len(row.written) for row in self._rows], device=logits.device)
        draws = self._draws.gather(1, turns[:, None])[:, 0]
        self._last = sample(logits.masked_fill(~allowed, -torch.inf), draws, self._heat, CHAIN)
        self._ends[busy] += 1
        self._take(busy, self._last.cpu().numpy())
        self.counts.steps += 1

    def _take(self, busy: list[int], words: NDArray[np.int64]) -> None:
        """Add each slot's word to its reply, and answer those that are done."""
        for slot in busy:
            row, word = self._row(slot), int(words[slot])
            row.ended = word in self._words.ends
            if not row.ended:
                row.written.append(word)
                if row.matcher is not None:
                    row.matcher.consume_token(word)
                    row.ended = row.matcher.is_stopped()
            if row.ended or len(row.written) >= row.most:
                self._free(slot)
                self.counts.replies += 1
                self.counts.written += len(row.written)
                row.answer()

    def _free(self, slot: int) -> None:
        self._rows[slot] = None
        self._ends[slot] = 1
        self._allowed[slot] = -1
