"""Timing: medians and spreads of many short runs, two things always interleaved."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure, with the bound it is held against."""

    name: str
    value: float
    unit: str
    spread: tuple[float, float]
    """The 10th and the 90th percentile."""
    bound: float | None = None
    against: str = ""

    @property
    def holds(self) -> bool | None:
        """Whether the figure is within its bound; None where it has none."""
        return None if self.bound is None else self.value <= self.bound

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "holds": self.holds}

    def row(self) -> str:
        """One line of the table."""
        low, high = self.spread
        bound = "" if self.bound is None else f"≤ {self.bound:g}"
        verdict = {True: "holds", False: "FAILS", None: ""}[self.holds]
        return (
            f"{self.name:<62} {self.value:>10.4g} {self.unit:<4} "
            f"[{low:.3g} … {high:.3g}]  {bound:<8} {verdict} {self.against}".rstrip()
        )


def seconds(run: Callable[[], object], rounds: int = 30, budget: float = 0.02) -> list[float]:
    """Seconds of one run, once for each round; a short run is repeated to fill the budget."""
    run()
    start = perf_counter()
    run()
    once = max(perf_counter() - start, 1e-7)
    repeats = max(1, int(budget / once))
    return [_timed(run, repeats) for _ in range(rounds)]


def _timed(run: Callable[[], object], repeats: int) -> float:
    start = perf_counter()
    for _ in range(repeats):
        run()
    return (perf_counter() - start) / repeats


def absolute(
    name: str,
    run: Callable[[], object],
    unit: str = "µs",
    bound: float | None = None,
    rounds: int = 30,
) -> Figure:
    """The median time of a run, in the unit."""
    scale = {"s": 1.0, "ms": 1e3, "µs": 1e6}[unit]
    times = sorted(value * scale for value in seconds(run, rounds))
    return Figure(name, statistics.median(times), unit, _spread(times), bound)


def ratio(
    name: str,
    ours: Callable[[], object],
    theirs: Callable[[], object],
    against: str,
    bound: float | None = None,
    rounds: int = 40,
) -> Figure:
    """The median of ours/theirs, pair by pair, the two taking turns."""
    ours()
    theirs()
    start = perf_counter()
    theirs()
    repeats = max(1, int(0.01 / max(perf_counter() - start, 1e-7)))
    pairs = sorted(_timed(ours, repeats) / _timed(theirs, repeats) for _ in range(rounds))
    return Figure(name, statistics.median(pairs), "x", _spread(pairs), bound, f"against {against}")


def _spread(ordered: list[float]) -> tuple[float, float]:
    return ordered[len(ordered) // 10], ordered[-1 - len(ordered) // 10]
