"""A Qwen2 network read from a GGUF file, which keeps what many conversations have read, each in a slot of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gguf
import torch
from torch.nn.functional import embedding, linear, rms_norm, silu

TYPE = torch.bfloat16
"""Processors with AMX multiply it fast."""


@dataclass(frozen=True)
class Shape:
    """The sizes that the file names."""

    layers: int
    heads: int
    kv_heads: int
    width: int
    rope_base: float
    epsilon: float

    @classmethod
    def of(cls, file: gguf.GGUFReader) -> Shape:
        """Those of a Qwen2 file."""

        def value(key: str) -> Any:
            field = file.get_field(f"qwen2.{key}")
            if field is None:
                raise ValueError(f"expected a Qwen2 model, got a file without qwen2.{key}")
            return field.contents()

        heads = value("attention.head_count")
        return cls(
            layers=value("block_count"),
            heads=heads,
            kv_heads=value("attention.head_count_kv"),
            width=value("embedding_length") // heads,
            rope_base=value("rope.freq_base"),
            epsilon=value("attention.layer_norm_rms_epsilon"),
        )


class Network:
    """Weights, and keys and values of up to ``slots`` conversations that begin alike and go on for ``room`` tokens."""

    def __init__(self, file: gguf.GGUFReader, slots: int, room: int) -> None:
        self._shape = shape = Shape.of(file)
        self._weights = {tensor.name: _loaded(tensor) for tensor in file.tensors}
        self._begun = torch.empty(shape.layers, 2, shape.kv_heads, 0, shape.width, dtype=TYPE)
        self._kept = torch.zeros(shape.layers, 2, slots, shape.kv_heads, room, shape.width, dtype=TYPE)

    def begin(self, tokens: Sequence[int]) -> None:
        """Read what all conversations begin with."""
        room = self._kept.shape[4]
        self._begun = self._begun[:, :, :, :0]
        for first in range(0, len(tokens), room):
            part = torch.tensor([tokens[first : first + room]])
            self.read(part, torch.zeros(1, dtype=torch.long), 0)
            self._begun = torch.cat((self._begun, self._kept[:, :, 0, :, : part.shape[1]]), dim=3)

    def copy(self, source: int, slot: int) -> None:
        """Make a slot have read what another has."""
        self._kept[:, :, slot] = self._kept[:, :, source]

    def read(self, tokens: torch.Tensor, starts: torch.Tensor, first: int) -> torch.Tensor:
        """Read (rows, n) tokens in the slots from ``first`` on; (rows, n, size) hidden states.

        ``starts``: (rows,) places of the first tokens, counted from where all begin to differ.
        """
        shape, (rows, count) = self._shape, tokens.shape
        places = starts[:, None] + torch.arange(count)
        span = int(places.max()) + 1
        turn = self._turn(places + self._begun.shape[3])
        groups = shape.heads // shape.kv_heads
        seen = (torch.arange(span) <= places[:, :, None]).repeat(1, groups, 1)[:, None]
        mask = torch.zeros(seen.shape, dtype=TYPE).masked_fill_(~seen, -torch.inf)
        at = torch.arange(rows)[:, None], slice(None), places
        x = embedding(tokens, self._weights["token_embd.weight"])
        for layer in range(shape.layers):
            normed = self._norm(x, f"blk.{layer}.attn_norm")
            q, k, v = (self._heads(normed, f"blk.{layer}.attn_{name}") for name in "qkv")
            keys, values = self._kept[layer, :, first : first + rows]
            keys[at], values[at] = _turned(k, *turn).transpose(1, 2), v.transpose(1, 2)
            q = _turned(q, *turn).reshape(rows, shape.kv_heads, groups * count, shape.width)
            mixed = _attended(q, self._begun[layer], (keys[:, :, :span], values[:, :, :span]), mask)
            mixed = mixed.reshape(rows, shape.heads, count, shape.width).transpose(1, 2).flatten(2)
            x = x + linear(mixed, self._weights[f"blk.{layer}.attn_output.weight"])
            normed = self._norm(x, f"blk.{layer}.ffn_norm")
            gate, up = (linear(normed, self._weights[f"blk.{layer}.ffn_{name}.weight"]) for name in ("gate", "up"))
            x = x + linear(silu(gate) * up, self._weights[f"blk.{layer}.ffn_down.weight"])
        return x

    def logits(self, hidden: torch.Tensor, words: torch.Tensor) -> torch.Tensor:
        """(rows, n) of (rows, size) hidden states, for ``words``, (n,)."""
        head = self._weights.get("output.weight", self._weights["token_embd.weight"])
        return linear(self._norm(hidden, "output_norm"), head[words]).float()

    def _turn(self, places: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        half = torch.arange(0, self._shape.width, 2) / self._shape.width
        angles = places[:, None, :, None] * self._shape.rope_base**-half
        return torch.cos(angles).repeat(1, 1, 1, 2).to(TYPE), torch.sin(angles).repeat(1, 1, 1, 2).to(TYPE)

    def _norm(self, x: torch.Tensor, name: str) -> torch.Tensor:
        return rms_norm(x, x.shape[-1:], self._weights[f"{name}.weight"], self._shape.epsilon)

    def _heads(self, x: torch.Tensor, name: str) -> torch.Tensor:
        """(rows, heads, n, width)."""
        made = linear(x, self._weights[f"{name}.weight"], self._weights[f"{name}.bias"])
        return made.unflatten(2, (-1, self._shape.width)).transpose(1, 2)


def _loaded(tensor: gguf.ReaderTensor) -> torch.Tensor:
    return torch.from_numpy(gguf.quants.dequantize(tensor.data, tensor.tensor_type).copy()).to(TYPE)


def _attended(
    q: torch.Tensor, begun: torch.Tensor, own: tuple[torch.Tensor, torch.Tensor], mask: torch.Tensor
) -> torch.Tensor:
    """What (rows, heads, n, width) queries find in (2, heads, m, width) of the beginning and in each row's own.

    All rows look at the beginning as one, which reads it once, and the two are then weighed as one softmax would.
    """
    attend = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu
    found, total = attend(q, *own, attn_mask=mask.expand(-1, q.shape[1], -1, -1))
    if not begun.shape[2]:
        return found
    rows, _, n, _ = q.shape
    first, first_total = attend(q.transpose(0, 1).flatten(1, 2)[None], *begun[:, None])
    first = first[0].unflatten(1, (rows, n)).transpose(0, 1)
    share = torch.sigmoid(first_total[0].unflatten(1, (rows, n)).transpose(0, 1) - total)[..., None].to(TYPE)
    return share * first + (1 - share) * found


def _turned(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    """Rotary position embedding, halves as pairs (Su et al. 2021)."""
    low, high = x.chunk(2, dim=-1)
    return x * cos + torch.cat((-high, low), dim=-1) * sin


def sample(logits: torch.Tensor, draws: torch.Tensor, heat: torch.Tensor, settings: Sequence[float]) -> torch.Tensor:
    """(rows,) words of (rows, words) logits: llama.cpp's chain of top-k, top-p and min-p, then temperature.

    ``draws``: (rows,) numbers from 0 to 1; ``heat``: (rows,) temperatures; ``settings``: top-k, top-p, min-p.
    """
    top_k, top_p, min_p = settings
    best, words = logits.topk(min(int(top_k), logits.shape[1]))
    share = best.softmax(-1)
    kept = (share.cumsum(-1) - share < top_p) & (share >= min_p * share[:, :1])
    chance = (best / heat[:, None].clamp(min=1e-3)).masked_fill(~kept, -torch.inf).softmax(-1)
    place = (chance.cumsum(-1) < draws[:, None]).sum(-1)
    return words.gather(1, torch.minimum(place, kept.sum(-1) - 1)[:, None])[:, 0]
