"""The keys of a sheet of numbers."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from engine.language import mark_text

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
    Binding("up", "walk('up')", mark_text("Cell above"), show=False, id="sheet.up"),
    Binding("down", "walk('down')", mark_text("Cell below"), show=False, id="sheet.down"),
    Binding("left", "walk('left')", mark_text("Left"), show=False, id="sheet.left"),
    Binding("right", "walk('right')", mark_text("Right"), show=False, id="sheet.right"),
    Binding("home", "walk('home')", mark_text("Start"), show=False, id="sheet.home"),
    Binding("end", "walk('end')", mark_text("End"), show=False, id="sheet.end"),
    Binding("ctrl+home", "walk('first')", mark_text("First cell"), show=False, id="sheet.first"),
    Binding("ctrl+end", "walk('last')", mark_text("Last cell"), show=False, id="sheet.last"),
    Binding("backspace", "erase('backspace')", mark_text("Erase"), show=False, id="sheet.erase"),
    Binding("delete", "erase('delete')", mark_text("Delete"), show=False, id="sheet.delete"),
]
