"""The values that one is at in exploring, as a lesson of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from math import floor, log10
from typing import Any

import numpy as np

from engine.network.model import Network, Value
from engine.problems.problem import Problem

DECIMALS = 4
"""The most decimals of a given number, and the significant digits of one that is smaller."""


def own_lesson(original: Problem, network: Network) -> Problem:
    """The problem with other values: every step is asked, in pass order.

    What was written for the original's numbers (its introduction, its parts, what its source
    prints) isn't there. Numbers are rounded to digits that can be shown and typed. Its id is one
    of its own. Raises `SolveError` where the rounded values don't get through the passes.
    """
    values = {
        key: _rounded(value, original.network.values) for key, value in network.values.items()
    }
    update = network.update
    if original.network.update is None:  # then no step belongs to the problem
        update = None
        values = {key: value for key, value in values.items() if key in original.network.values}
    problem = replace(
        original,
        id=f"{original.id}-own-values",
        network=replace(network, values=values, update=update),
        intro_text=None,
        source="",
        place="",
        parts=(),
        published={},
        known=frozenset(),
        continues="",
    )
    problem.solution  # noqa: B018 - solved now, so that whoever asked hears what is wrong
    return problem


def _rounded(value: Value, originals: Mapping[str, Value]) -> Value:
    """The value with every cell rounded that isn't as the problem gives it."""
    before = originals.get(value.name)
    if before is not None and np.array_equal(before.exact, value.exact):
        return value
    exact = np.empty(value.shape, dtype=object)
    for place in np.ndindex(value.shape):
        cell: Any = value.exact[place]
        same = before is not None and before.exact[place] == cell
        exact[place] = cell if same else round_number(cell)
    return Value(value.name, exact, exact.astype(float))


def round_number(number: Fraction) -> Fraction:
    """The number as it is shown: at most four decimals, or four digits if it is below 0.001."""
    size = abs(number)
    if not size or size >= Fraction(1, 1000):
        return round(number, DECIMALS)
    return round(number, DECIMALS - 1 - floor(log10(size)))
