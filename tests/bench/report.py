"""What was measured, as a table for a person, for a page, and as JSON for a program."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from itertools import chain
from statistics import median
from typing import Any

from tests.bench.row import Result, growth, quantile

WIDTH = 66
HEADING = f"{'':<{WIDTH}} {'median':>8} {'p95':>8}   {'reference':>9}   {'ratio':<22} bound"


def line(result: Result) -> str:
    """A row of the table, below `HEADING`."""
    row, start = result.row, f"{result.row.label:<{WIDTH}}"
    if result.missing:
        return f"{start} not measured: {result.missing}"
    if result.broken:
        return f"{start} FAILS: {result.broken}"
    ours, ratios = [*chain(*result.ours)], result.ratios
    cells = f"{start} {number(quantile(ours, 0.5))} {number(quantile(ours, 0.95))} {row.unit:<3}"
    if ratios:
        middle = quantile(chain(*result.theirs), 0.5)
        spread = f"[{quantile(ratios, 0.1):.2f} … {quantile(ratios, 0.9):.2f}]"
        cells += f" {number(middle)}   {median(ratios):>6.2f}x {spread:<15}"
    else:
        cells += " " * 36
    what = "p95 " if row.at == 0.95 else ""
    bound = "" if row.bound is None else f"{what}≤ {row.bound:g}{'x' if ratios else ' ' + row.unit}"
    verdict = {True: "holds", False: "FAILS", None: ""}[result.holds]
    return f"{cells} {bound:<12} {verdict:<6} {'against ' + row.against if ratios else ''}".rstrip()


def number(value: float) -> str:
    """Three digits, eight wide."""
    return f"{value:>8.0f}" if value >= 100 else f"{value:>8.3g}"


def growth_lines(results: Sequence[Result]) -> list[str]:
    """How each figure grows, a line each."""
    return [
        f"{grown.name}: {grown.unit} ~ {grown.by}^{grown.exponent:.2f}  "
        f"({', '.join(f'{size:,}: {value:.3g}' for size, value in grown.points)})"
        for grown in growth(results)
    ]


def machine() -> dict[str, Any]:
    """What the figures were measured on; a busy machine makes them worth little."""
    return {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "system": platform.system(),
        "processors": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }


def markdown(results: Sequence[Result]) -> str:
    """The figures that have a bound, as a table of Markdown: ratios with what was measured."""
    lines = ["| what | against | measured | bound |", "|---|---|---|---|"]
    for result in results:
        row = result.row
        if row.bound is None or result.missing:
            continue
        what = f"{row.label}, 95th percentile" if row.at == 0.95 else row.label
        if result.value is None:
            measured = f"fails: {result.broken}"
        elif result.ratios:
            ours = quantile(chain(*result.ours), row.at)
            measured = f"{result.value:.2f}x ({number(ours).strip()} {row.unit})"
        else:
            measured = f"{number(result.value).strip()} {row.unit}"
        measured = measured if result.holds else f"**{measured}**"
        bound = f"≤ {row.bound:g}{'x' if row.reference else ' ' + row.unit}"
        lines.append(f"| {what} | {row.against} | {measured} | {bound} |")
    return "\n".join(lines) + "\n"


def as_json(groups: dict[str, list[Result]]) -> dict[str, Any]:
    """Everything, by group."""
    return {
        "machine": machine(),
        "figures": [
            {"group": group, **_figure(result)}
            for group, results in groups.items()
            for result in results
        ],
        "growth": [
            {**asdict(grown), "exponent": grown.exponent}
            for results in groups.values()
            for grown in growth(results)
        ],
    }


def _figure(result: Result) -> dict[str, Any]:
    row, ratios = result.row, result.ratios
    return {
        "name": row.label,
        "unit": row.unit,
        "ours": _summary([*chain(*result.ours)]),
        "reference": _summary([*chain(*result.theirs)]),
        "against": row.against or None,
        "ratio": _summary(ratios),
        "figure": result.value,
        "quantile": row.at,
        "bound": row.bound,
        "holds": result.holds,
        "not_measured": result.missing or None,
        "broken": result.broken or None,
    }


def _summary(values: list[float]) -> dict[str, float] | None:
    """The median and the spread of values, in five digits."""
    if not values:
        return None
    parts = {f"p{percent}": quantile(values, percent / 100) for percent in (10, 50, 90, 95)}
    parts |= {"least": min(values), "most": max(values)}
    return {"n": len(values), **{name: float(f"{part:.5g}") for name, part in parts.items()}}
