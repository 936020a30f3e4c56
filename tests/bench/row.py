"""A row of the benchmark: what is measured, against what, with which bound; and what came of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from shutil import which
from statistics import median
from sys import executable
from typing import TypeAlias

Measure: TypeAlias = Callable[[], Sequence[float]]
"""Measures one round: a single value, or one of each of many keys; seconds, or MiB."""

SCALES = {"s": 1.0, "ms": 1e3, "µs": 1e6, "MiB": 1.0}


class MeasureError(Exception):
    """What was to be measured didn't happen; the message says what was waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure. A measure that needs something costly makes it at its first, uncounted, round."""

    name: str
    measure: Measure
    reference: Measure | None = None
    """Takes turns with `measure`, round by round; the figure is then the ratio of the two."""
    against: str = ""
    """What the reference is, in words."""
    bound: float | None = None
    """The most that the figure may be: the ratio, or the value in `unit` without a reference."""
    at: float = 0.5
    """The quantile of a round's values that counts: 0.95 where the slow ones are what is felt."""
    unit: str = "ms"
    rounds: int = 30
    by: str = ""
    """What grows in the rows of this name, in the plural: "layers"; `size` is how many."""
    size: int = 0
    needs: str = ""
    """A module or a program; without it the row is named as not measured."""

    @property
    def label(self) -> str:
        """The name with the size."""
        return f"{self.name}, {self.size:,} {self.by}" if self.by else self.name


@dataclass(slots=True)
class Result:
    """What a row's rounds gave, in the row's unit; nothing, where `missing` says why."""

    row: Row
    ours: list[list[float]] = field(default_factory=list)
    theirs: list[list[float]] = field(default_factory=list)
    missing: str = ""
    broken: str = ""
    """What didn't happen that was to be measured: the row doesn't hold."""

    @property
    def ratios(self) -> list[float]:
        """Ours to the reference's, round by round: what slows the machine down slows both."""
        at = self.row.at
        pairs = zip(self.ours, self.theirs, strict=False)
        return [quantile(ours, at) / quantile(theirs, at) for ours, theirs in pairs]

    @property
    def value(self) -> float | None:
        """The figure: the median ratio of the rounds, or the quantile of what they gave."""
        if self.ratios:
            return median(self.ratios)
        if self.ours:
            return quantile(chain(*self.ours), self.row.at)
        return None

    @property
    def holds(self) -> bool | None:
        """Whether the figure is within its bound; None where there is nothing to hold."""
        if self.broken:
            return False
        if self.row.bound is None or self.value is None:
            return None
        return self.value <= self.row.bound


@dataclass(frozen=True, slots=True)
class Growth:
    """One figure at several sizes."""

    name: str
    by: str
    unit: str
    points: list[tuple[int, float]]
    """Sizes and medians, the smallest size first."""

    @property
    def exponent(self) -> float:
        """The e of value ~ size^e between the smallest and the largest size."""
        (least, first), (most, last) = self.points[0], self.points[-1]
        return math.log(last / first) / math.log(most / least)


def run(row: Row, rounds: int | None = None) -> Result:
    """Measure a row: one round that isn't counted, then the two in turns."""
    result = Result(row)
    if row.needs and not is_installed(row.needs):
        result.missing = f"{row.needs} isn't installed"
        return result
    scale = SCALES[row.unit]
    try:
        for number in range((rounds or row.rounds) + 1):
            ours = [value * scale for value in row.measure()]
            theirs = [value * scale for value in row.reference()] if row.reference else []
            if number:
                result.ours.append(ours)
                result.theirs += [theirs] if theirs else []
    except MeasureError as error:
        result.broken = str(error)
    return result


def is_installed(name: str) -> bool:
    """Whether there is such a module, or such a program."""
    return find_spec(name) is not None or program(name) is not None


def program(name: str) -> str | None:
    """The path of a program, of this environment or of the system."""
    return which(name, path=str(Path(executable).parent)) or which(name)


def quantile(values: Iterable[float], fraction: float) -> float:
    """The nearest-rank quantile; the median of an even number is the lower of the two."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(fraction * len(ordered)) - 1)]


def growth(results: Sequence[Result]) -> list[Growth]:
    """How the figures grow whose rows have the same name and differ in size."""
    series: dict[tuple[str, str, str], list[tuple[int, float]]] = {}
    for result in results:
        row = result.row
        if row.by and result.ours:
            point = (row.size, quantile(chain(*result.ours), 0.5))
            series.setdefault((row.name, row.by, row.unit), []).append(point)
    return [Growth(*key, sorted(points)) for key, points in series.items() if len(points) > 1]
