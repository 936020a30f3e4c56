"""How long a quiz item takes to be made, the slowest of ten thousand over all skills and levels."""

from __future__ import annotations

from itertools import islice, product
from time import perf_counter

from engine.practice.levels import LEVELS
from engine.practice.mixing import make
from engine.practice.skills import SKILLS
from tests.bench.row import Row

ITEMS, TRIES = 10_000, 3


def make_items() -> list[float]:
    """Seconds of each item, the best of three times that lie far apart.

    What the machine and Python's own tidying up do in between seldom falls on all three.
    """
    seeds = range(-(-ITEMS // (len(SKILLS) * len(LEVELS))))
    items = [*islice(product(seeds, SKILLS, LEVELS), ITEMS)]
    best = [float("inf")] * ITEMS
    for _ in range(TRIES):
        for place, (seed, skill, level) in enumerate(items):
            start = perf_counter()
            make(skill, level, seed)
            best[place] = min(best[place], perf_counter() - start)
    return best


ROWS = [
    Row(
        name=f"making a checked quiz item, the slowest of {ITEMS:,}",
        measure=make_items,
        bound=5,
        at=1.0,
        rounds=1,
    ),
]
