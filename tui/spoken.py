"""Marks and matrices in words and single lines, for the line mode, `mark`, and screen readers."""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import tr
from engine.marking.mark import FREE, Mark
from engine.marking.precision import asked_decimals
from engine.problems.problem import Problem
from tui.widgets.brackets import format_number
from tui.wording import VERDICTS

LISTED = 6
"""The most cells that are named one by one."""


def mark_lines(mark: Mark) -> Iterator[str]:
    """The verdict in symbol and words, what there is to say, and which cells aren't right."""
    words = VERDICTS[mark.verdict]
    word = tr(words.word)
    said = mark.message
    if mark.misconception and mark.misconception.message not in said:
        said = f"{said} {mark.misconception.message}".strip()
    if said.casefold().startswith(word.partition(",")[0].casefold()) or mark.verdict in FREE:
        yield f"{words.symbol} {said or word}"
    else:
        yield f"{words.symbol} {word}. {said}".rstrip()
    wrong = [
        (i, j)
        for i, row in enumerate(mark.cells, 1)
        for j, cell in enumerate(row, 1)
        if cell == "wrong"
    ]
    several = sum(len(row) for row in mark.cells) > 1
    if several and wrong and (len(wrong) > 1 or mark.verdict != "wrong"):
        cells = [tr("row {row} column {column}", row=i, column=j) for i, j in wrong[:LISTED]]
        if len(wrong) > LISTED:
            cells.append(tr("and {more} more", more=len(wrong) - LISTED))
        yield tr("Not right: {cells}.", cells=", ".join(cells))


def reading_text(mark: Mark) -> str:
    """How the answer was read, as it could be typed again."""
    if isinstance(mark.reading, str):
        return mark.reading
    return "; ".join(" ".join(cell or "_" for cell in row) for row in mark.reading)


def value_text(problem: Problem, key: str) -> str:
    """A known value on one line: ``1 2; -1 2``; whole where it is exact, else a digit to spare."""
    solution = problem.solution
    value = solution.numbers[key]
    rows = value.tolist() if value.shape else [[value.item()]]
    exact = solution.exact.get(key) if _is_exact(problem, key) else None
    texts = []
    for i, row in enumerate(rows):
        cells = []
        for j, cell in enumerate(row):
            if exact is not None:
                cells.append(format_number(exact[i, j] if exact.shape else exact.item(), 30))
            else:
                decimals = asked_decimals(cell, problem.precision_for(key))
                cells.append(format_number(cell, max(decimals + 1, 4)))
        texts.append(" ".join(cells))
    return "; ".join(texts)


def _is_exact(problem: Problem, key: str) -> bool:
    step = problem.solution.get(key)
    return step is None or step.exact_value is not None
