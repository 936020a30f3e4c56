"""The numbers of an explored problem as the blocks of a sheet, in pass order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from engine.language import tr
from tui.widgets.number_text import number_text
from tui.widgets.sheet_layout import Block
from tui.wording import PASSES

Numbers: TypeAlias = tuple[tuple[float, ...], ...]

if TYPE_CHECKING:
    from engine.expression.evaluate import Array
    from engine.practice.exploring import Explorer


def sheet_blocks(explorer: Explorer, before: Sequence[Block] = ()) -> list[Block]:
    """Every matrix under the name of its pass; those that are as ``before`` are the same objects.

    ``before`` are the blocks of this explorer with the same language and decimal sign.
    """
    known = {block.key: block for block in before}
    found = []
    last = ""
    for key, stage in explorer.order():
        numbers = tuple(map(tuple, np.atleast_2d(explorer.value(key)).tolist()))
        marks = _marks(explorer.changed.get(key))
        heading = tr(PASSES[stage]) if stage != last else ""
        last = stage
        old = known.get(key)
        if old is None or (marks, heading, numbers) != (old.marks, old.heading, old.numbers):
            given = explorer.given(key)
            label = explorer.solution.symbol(key) + (" := " if given else " = ")
            texts = _texts(numbers, old)
            old = Block(key, label, texts, marks, given, heading, numbers)
        found.append(old)
    return found


def _marks(changed: Array | None) -> tuple[tuple[int, ...], ...]:
    if changed is None:
        return ()
    return tuple(map(tuple, np.atleast_2d(changed).astype(int).tolist()))


def _texts(numbers: Numbers, before: Block | None) -> tuple[tuple[str, ...], ...]:
    """What stands for the numbers; of those that are as before it is as before."""
    if before is None or len(before.numbers) != len(numbers):
        return tuple(tuple(map(number_text, row)) for row in numbers)
    return tuple(
        tuple(
            text if number == known else number_text(number)
            for number, known, text in zip(row, known_row, text_row, strict=True)
        )
        for row, known_row, text_row in zip(numbers, before.numbers, before.texts, strict=True)
    )
