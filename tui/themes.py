"""The app's two looks, dark and light: quiet grounds, one accent, blue right, orange wrong."""

from __future__ import annotations

from textual.theme import Theme

from tui.widgets.verdicts import verdict_variables


def ink_variables(dark: bool) -> dict[str, str]:
    """Two quieter inks: ``muted`` for what is read second, ``faint`` for lines and blanks."""
    if dark:
        return {"muted": "#98a1b0", "faint": "#5a6272"}
    return {"muted": "#5c6370", "faint": "#a3a49f"}


DARK = Theme(
    name="backhand-dark",
    primary="#8fa8c8",
    secondary="#5d6d85",
    accent="#e8d27a",
    warning="#f5a742",
    error="#f5a742",
    success="#6cb8f0",
    foreground="#d9dce3",
    background="#14171d",
    surface="#1a1e26",
    panel="#212733",
    dark=True,
    variables={
        **verdict_variables(dark=True),
        **ink_variables(dark=True),
        "block-cursor-background": "#e8d27a",
        "block-cursor-foreground": "#14171d",
        "block-cursor-text-style": "bold",
        "input-cursor-background": "#e8d27a",
        "input-cursor-foreground": "#14171d",
    },
)

LIGHT = Theme(
    name="backhand-light",
    primary="#3b5673",
    secondary="#8090a3",
    accent="#7a5300",
    warning="#9a4300",
    error="#9a4300",
    success="#00558f",
    foreground="#22262e",
    background="#faf9f5",
    surface="#f3f1ea",
    panel="#e9e6dc",
    dark=False,
    variables={
        **verdict_variables(dark=False),
        **ink_variables(dark=False),
        "block-cursor-background": "#7a5300",
        "block-cursor-foreground": "#faf9f5",
        "block-cursor-text-style": "bold",
        "input-cursor-background": "#7a5300",
        "input-cursor-foreground": "#faf9f5",
    },
)

THEMES = (DARK, LIGHT)
