"""The keys that move over cells and erase in them, the same wherever numbers are typed."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from engine.language import mark_text

WALKING = (
    ("up", "up", mark_text("Cell above"), mark_text("Go to the cell above")),
    ("down", "down", mark_text("Cell below"), mark_text("Go to the cell below")),
    ("left", "left", mark_text("Left"), mark_text("Go to the cell on the left")),
    ("right", "right", mark_text("Right"), mark_text("Go to the cell on the right")),
    ("home", "home", mark_text("Start"), mark_text("Go to the start of the row or of the text")),
    ("end", "end", mark_text("End"), mark_text("Go to the end of the row or of the text")),
    ("ctrl+home", "first", mark_text("First cell"), mark_text("Go to the first cell")),
    ("ctrl+end", "last", mark_text("Last cell"), mark_text("Go to the last cell")),
)
"""Each with where one gets to, its name, and what it does."""


def walking_keys(owner: str) -> list[BindingType]:
    """The keys that move, as ``walk`` with where to; their ids begin with the owner's name."""
    return [
        Binding(key, f"walk('{to}')", name, show=False, tooltip=text, id=f"{owner}.{to}")
        for key, to, name, text in WALKING
    ]


def erasing_keys(owner: str, action: str) -> list[BindingType]:
    """Backspace and Delete, as that action with what is done to the text."""
    return [
        Binding(
            "backspace",
            f"{action}('backspace')",
            mark_text("Erase"),
            show=False,
            tooltip=mark_text("Erase the last character"),
            id=f"{owner}.erase",
        ),
        Binding(
            "delete",
            f"{action}('delete')",
            mark_text("Delete"),
            show=False,
            tooltip=mark_text("Empty the cell, or delete the next character"),
            id=f"{owner}.delete",
        ),
    ]
