"""A Qwen2 network read from a GGUF file, which keeps what many conversations have read, each in a slot of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gguf
import torch
from torch.nn.functional import embedding, linear, rms_norm, scaled_dot_product_attention, silu

STEP = 64
"""Attention looks at a multiple of so many places, which its kernels want."""


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
    """Weights, and keys and values of ``slots`` conversations of at most ``length`` tokens."""

    def __init__(self, file: gguf.GGUFReader, slots: int, length: int, device: str) -> None:
        self.device = torch.device(device)
        self._type = torch.bfloat16 if device.startswith("cuda") else torch.float32
        self._shape = shape = Shape.of(file)
        self._weights = {tensor.name: self._loaded(tensor) for tensor in file.tensors}
        size = (shape.layers, 2, slots, shape.kv_heads, length, shape.width)
        self._kept = torch.zeros(size, dtype=self._type, device=self.device)
        places = torch.arange(length, device=self.device)
        half = torch.arange(0, shape.width, 2, device=self.device) / shape.width
        angles = torch.outer(places.float(), shape.rope_base**-half)
        self._cos, self._sin = (f(angles).repeat(1, 2).to(self._type) for f in (torch.cos, torch.sin))

    def _loaded(self, tensor: gguf.ReaderTensor) -> torch.Tensor:
        values = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
        return torch.from_numpy(values.copy()).to(self.device, self._type)

    def saved(self, slot: int, length: int) -> torch.Tensor:
        """A copy of what the slot has read."""
        return self._kept[:, :, slot, :, :length].clone()

    def restore(self, slots: torch.Tensor, saved: torch.Tensor) -> None:
        """Make the slots have read what was saved."""
        self._kept[:, :, slots, :, : saved.shape[3]] = saved[:, :, None]

    def read(self, tokens: torch.Tensor, starts: torch.Tensor, slots: torch.Tensor | None, end: int) -> torch.Tensor:
        """Read (rows, n) tokens at the places from (rows,) ``starts`` on; (rows, n, size) hidden states.

        ``slots``: (rows,), None for all in order. ``end``: no row reads at this place or beyond.
        """
        shape, count = self._shape, tokens.shape[1]
        span = min(-(-end // STEP) * STEP, self._kept.shape[4])
        places = starts[:, None] + torch.arange(count, device=self.device)
        turn = self._cos[places][:, None], self._sin[places][:, None]
        seen = torch.arange(span, device=self.device) <= places[:, :, None]
        hidden_from = torch.zeros(seen.shape, dtype=self._type, device=self.device).masked_fill_(~seen, -torch.inf)
        groups = shape.heads // shape.kv_heads
        mask = hidden_from.repeat(1, groups, 1)[:, None].expand(-1, shape.kv_heads, -1, -1)
        rows = torch.arange(len(tokens), device=self.device) if slots is None else slots
        x = embedding(tokens, self._weights["token_embd.weight"])
        for layer in range(shape.layers):
            normed = self._norm(x, f"blk.{layer}.attn_norm")
            q, k, v = (self._heads(normed, f"blk.{layer}.attn_{name}") for name in "qkv")
            kept = self._kept[layer]
            kept[0][rows[:, None], :, places] = _turned(k, *turn).transpose(1, 2)
            kept[1][rows[:, None], :, places] = v.transpose(1, 2)
            keys, values = (one[:, :, :span] if slots is None else one[slots, :, :span] for one in kept)
            q = _turned(q, *turn).reshape(len(tokens), shape.kv_heads, groups * count, shape.width)
            mixed = scaled_dot_product_attention(q, keys, values, attn_mask=mask)
            mixed = mixed.reshape(len(tokens), shape.heads, count, shape.width).transpose(1, 2).flatten(2)
            x = x + linear(mixed, self._weights[f"blk.{layer}.attn_output.weight"])
            normed = self._norm(x, f"blk.{layer}.ffn_norm")
            gate, up = (linear(normed, self._weights[f"blk.{layer}.ffn_{name}.weight"]) for name in ("gate", "up"))
            x = x + linear(silu(gate) * up, self._weights[f"blk.{layer}.ffn_down.weight"])
        return x

    def logits(self, hidden: torch.Tensor) -> torch.Tensor:
        """(rows, words) of (rows, size) hidden states."""
        head = self._weights.get("output.weight", self._weights["token_embd.weight"])
        return linear(self._norm(hidden, "output_norm"), head).float()

    def _norm(self, x: torch.Tensor, name: str) -> torch.Tensor:
        return rms_norm(x, x.shape[-1:], self._weights[f"{name}.weight"], self._shape.epsilon)

    def _heads(self, x: torch.Tensor, name: str) -> torch.Tensor:
        """(rows, heads, n, width)."""
        made = linear(x, self._weights[f"{name}.weight"], self._weights[f"{name}.bias"])
        return made.unflatten(2, (-1, self._shape.width)).transpose(1, 2)


def _turned(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    """Rotary position embedding, halves as pairs (Su et al. 2021)."""
    low, high = x.chunk(2, dim=-1)
    return x * cos + torch.cat((-high, low), dim=-1) * sin


def sample(logits: torch.Tensor, draws: torch.Tensor, heat: torch.Tensor, settings: Sequence[float]) -> torch.Tensor:
    """(rows,) words of (rows, words) logits: llama.cpp's chain of top-k, top-p and min-p, then temperature.

    ``draws``: (rows,) numbers from 0 to 1; ``heat``: (rows,) temperatures; ``settings``: top-k, top-p, min-p.
    """
    top_k, top_p, min_p = settings
    best, words = logits.topk(int(top_k))
    share = best.softmax(-1)
    kept = (share.cumsum(-1) - share < top_p) & (share >= min_p * share[:, :1])
    chance = (best / heat[:, None].clamp(min=1e-3)).masked_fill(~kept, -torch.inf).softmax(-1)
    place = (chance.cumsum(-1) < draws[:, None]).sum(-1).clamp(max=int(top_k) - 1)
    place = torch.minimum(place, kept.sum(-1) - 1)
    return words.gather(1, place[:, None])[:, 0]
