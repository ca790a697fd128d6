"""``-@ FILE``: options from a file; hills publish their settings so."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import click

MAX_DEPTH = 8
"""Most parameter files inside one another."""
MAX_CHARACTERS = 100_000


class PmarsCommand(click.Command):
    """A command that replaces ``-@ FILE`` by the words of the file."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Replace parameter files by their words, then parse as usual."""
        return super().parse_args(ctx, _expanded(args, 0))


def _expanded(words: list[str], depth: int) -> list[str]:
    result: list[str] = []
    rest = iter(words)
    for word in rest:
        if not word.startswith("-@"):
            result.append(word)
            continue
        name = word[2:] or next(rest, None)
        if name is None:
            raise click.UsageError("expected a file after -@, got none")
        if depth == MAX_DEPTH:
            raise click.UsageError(f"{name}: expected at most {MAX_DEPTH} parameter files inside one another")
        result += _expanded(_words(name), depth + 1)
    return result


def _words(name: str) -> list[str]:
    """The words of a parameter file up to ``$``; ``;`` begins a comment, and a quoted text is one word."""
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text("utf-8", "replace")
        lexer = shlex.shlex(text[:MAX_CHARACTERS], posix=True, punctuation_chars=False)
        lexer.whitespace_split, lexer.commenters, lexer.escape = True, ";", ""
        words = list(lexer)
    except OSError as error:
        raise click.UsageError(f"expected -@ to name a file, got {name}: {error.strerror}") from None
    except ValueError as error:
        raise click.UsageError(f"{name}: {str(error).lower()}") from None
    return words[: words.index("$")] if "$" in words else words
