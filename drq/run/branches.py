"""Populations that grow apart and meet again: what a round begins with, and which champions it knows.

The rounds of a run are cut into branches of equal length. A branch begins anew, until two are equally large; the next
one joins them, and begins with the elites of both. So 0 and 1 begin anew and 2 joins them, 3 and 4 begin anew and 5
joins them, and 6 joins 2 and 5. The tree grows as long as the run does. All of this follows from the number of a round.
"""

from __future__ import annotations


def joined(branch: int) -> tuple[int, ...]:
    """The two branches that ``branch`` joins; none where it begins anew. Branches count from 0."""
    trees: list[tuple[int, int]] = []
    both: tuple[int, ...] = ()
    for last in range(branch + 1):
        size, both = 1, ()
        if len(trees) > 1 and trees[-2][0] == trees[-1][0]:
            both = (trees[-2][1], trees[-1][1])
            size += 2 * trees[-1][0]
            del trees[-2:]
        trees.append((size, last))
    return both


def before(round: int, length: int | None) -> tuple[int, ...]:
    """The rounds whose elites a round begins with, in branches of ``length`` rounds; None for a single one."""
    if length is None or round % length:
        return (round - 1,) if round else ()
    return tuple(length * branch + length - 1 for branch in joined(round // length))


def beginning(round: int, length: int | None) -> int:
    """The first round of a round's branch."""
    return 0 if length is None else round - round % length


def knows(round: int, champion: int, length: int | None) -> bool:
    """Whether a round knows the champion of an earlier one: one of its own branch, or the last of another."""
    return champion >= beginning(round, length) or is_end(champion, length)


def is_end(round: int, length: int | None) -> bool:
    """Whether a branch ends with this round."""
    return length is not None and round % length == length - 1
