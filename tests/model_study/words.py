"""The words of a model, from its GGUF file: text to numbers and back, and the frame of a conversation."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import gguf
import jinja2
import tokenizers
from tokenizers import decoders, models, pre_tokenizers

_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
"""Where Qwen2 splits a text before it looks for words (llama.cpp calls it ``qwen2``)."""
_CONTROL = 3
"""The type of a word that stands for no text."""


class Words:
    """The vocabulary of one file."""

    def __init__(self, file: gguf.GGUFReader) -> None:
        found = {key: _contents(file, f"tokenizer.ggml.{key}") for key in ("tokens", "merges", "token_type", "pre")}
        if found["pre"] != "qwen2":
            raise ValueError(f"expected words of Qwen2, got {found['pre']}")
        merges = [tuple(pair.split(" ")) for pair in found["merges"]]
        own = tokenizers.Tokenizer(models.BPE({word: i for i, word in enumerate(found["tokens"])}, merges))
        split = pre_tokenizers.Split(tokenizers.Regex(_SPLIT), "isolated")
        bytes_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
        own.pre_tokenizer = pre_tokenizers.Sequence([split, bytes_level])
        own.decoder = decoders.ByteLevel()
        pairs = zip(found["tokens"], found["token_type"], strict=True)
        own.add_special_tokens([word for word, kind in pairs if kind == _CONTROL])
        self._own = own
        self.size = len(found["tokens"])
        self.end = int(_contents(file, "tokenizer.ggml.eos_token_id"))
        self.ends = (self.end, int(_contents(file, "tokenizer.ggml.padding_token_id")))
        self._begin = own.token_to_id("<|im_start|>")
        self._frame = jinja2.Environment(autoescape=False).from_string(_contents(file, "tokenizer.chat_template"))

    def read(self, messages: Sequence[Mapping[str, str]]) -> tuple[list[int], list[int]]:
        """The numbers of a conversation in its frame: those of the first message, and the rest."""
        text = self._frame.render(messages=list(messages), add_generation_prompt=True)
        numbers = self._own.encode(text, add_special_tokens=False).ids
        second = numbers.index(self._begin, 1)
        return numbers[:second], numbers[second:]

    def write(self, numbers: Sequence[int]) -> str:
        """The text of a reply."""
        return str(self._own.decode(list(numbers), skip_special_tokens=True))

    def json(self) -> str:
        """The vocabulary as ``tokenizers`` writes it."""
        return json.dumps(json.loads(self._own.to_str()))


def _contents(file: gguf.GGUFReader, key: str) -> Any:
    field = file.get_field(key)
    if field is None:
        raise ValueError(f"expected {key} in the file, found none")
    return field.contents()
