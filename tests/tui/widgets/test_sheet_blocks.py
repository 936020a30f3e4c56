"""The blocks of an explored problem: only what changed is written anew."""

from __future__ import annotations

import pytest

from engine.practice.exploring import Explorer
from engine.problems.reading import load
from tui.widgets import sheet_blocks as module
from tui.widgets.sheet_blocks import sheet_blocks


def test_only_numbers_that_changed_are_written_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    explorer = Explorer(load("masha"))
    before = sheet_blocks(explorer)
    written: list[float] = []

    def number_text(value: float) -> str:
        written.append(value)
        return f"<{value}>"

    monkeypatch.setattr(module, "number_text", number_text)
    assert sheet_blocks(explorer, before) == before
    explorer.edit("W1", 0, 0, "5")
    after = {block.key: block for block in sheet_blocks(explorer, before)}
    changed = sum(
        number != known
        for block in before
        for row, known_row in zip(after[block.key].numbers, block.numbers, strict=True)
        for number, known in zip(row, known_row, strict=True)
    )
    assert 0 < len(written) == changed
    assert after["W1"].texts == (("<5.0>", "-1"), ("0.5", "0"))
