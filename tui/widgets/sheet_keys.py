"""The keys of a sheet of numbers."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from engine.language import mark_text
from tui.widgets.cell_keys import erasing_keys, walking_keys

SHEET_KEYS: list[BindingType] = [
    Binding(
        "enter",
        "take",
        mark_text("Take"),
        tooltip=mark_text("Put what is typed into the cell; everything follows"),
        id="sheet.take",
    ),
    Binding(
        "enter",
        "begin",
        mark_text("Change"),
        tooltip=mark_text("Change the number under the cursor"),
        id="sheet.begin",
    ),
    Binding(
        "f2",
        "begin",
        mark_text("Change"),
        tooltip=mark_text("Change the number under the cursor"),
        id="sheet.edit",
        show=False,
    ),
    Binding(
        "escape",
        "leave",
        mark_text("Leave as it was"),
        tooltip=mark_text("Type no longer; the cell keeps its number"),
        id="sheet.leave",
    ),
    Binding(
        "tab",
        "given(1)",
        mark_text("Next given"),
        tooltip=mark_text("Go to the next number that can be changed"),
        id="sheet.next",
        show=False,
    ),
    Binding(
        "shift+tab",
        "given(-1)",
        mark_text("Previous given"),
        tooltip=mark_text("Go to the previous number that can be changed"),
        id="sheet.previous",
        show=False,
    ),
    *walking_keys("sheet"),
    *erasing_keys("sheet", "erase"),
]
