"""Small pictures made of characters: a curve of columns, a calendar of weeks, bars of counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from textual.content import Content

EIGHTHS = " ▁▂▃▄▅▆▇█"
SHADES = "·░▒▓█"
"""No answer, and from few to many."""

DAYS = 7


def column_chart(shares: Sequence[float], width: int, height: int) -> list[Content]:
    """A column for each share from 0 to 1, the last ones where there is no room for all.

    Each line has its share of the axis in front: 100 % at the top, 0 % at the bottom.
    """
    shown = shares[-max(width - 7, 1) :]
    wide = max(1, min(3, (width - 7) // max(len(shown), 1)))
    lines = []
    for row in range(height, 0, -1):
        cells = ""
        for share in shown:
            eighths = round(min(max(share, 0.0), 1.0) * height * 8) - (row - 1) * 8
            cells += EIGHTHS[min(max(eighths, 0), 8)] * wide
        label = {height: "100 %", 1: "  0 %"}.get(row, "")
        axis = (f"{label:>5} ", "$muted")
        lines.append(Content.assemble(axis, ("▏", "$faint"), (cells, "$accent")))
    return lines


def calendar_chart(answers: Mapping[str, int], today: date, weeks: int) -> list[Content]:
    """The last weeks up to this one, a column each, Monday on top; darker where there was more."""
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=weeks - 1)
    most = max(answers.values(), default=0)
    lines = []
    for weekday in range(DAYS):
        cells = []
        for week in range(weeks):
            day = first + timedelta(weeks=week, days=weekday)
            number = answers.get(day.isoformat(), 0)
            if day > today:
                cells.append(Content("  "))
            elif not number:
                cells.append(Content.styled("· ", "$faint"))
            else:
                step = -(-number * (len(SHADES) - 1) // most)
                cells.append(Content.styled(SHADES[step] * 2, "$accent"))
        lines.append(Content("").join(cells))
    return lines


def count_bar(number: int, most: int, width: int) -> Content:
    """A bar as long as its share of the greatest count; at least a sign of it."""
    return Content.styled("▇" * max(1, round(width * number / max(most, 1))), "$accent")


def sparkline(numbers: Sequence[int], most: int) -> Content:
    """A column for each number, as high as its share of the greatest; a dot where there is none."""
    return Content("").join(
        [
            Content.styled(EIGHTHS[max(1, round(8 * number / max(most, 1)))], "$accent")
            if number
            else Content.styled("·", "$faint")
            for number in numbers
        ]
    )


def last_months(today: date, number: int) -> list[str]:
    """So many months up to this one, YYYY-MM, in order."""
    last = today.year * 12 + today.month - 1
    months = range(last - number + 1, last + 1)
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in months]
