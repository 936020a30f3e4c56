"""The app's looks: quiet grounds, one accent, blue right, orange wrong."""

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

CONTRAST = Theme(
    name="backhand-contrast",
    primary="#ffffff",
    secondary="#d0d0d0",
    accent="#ffff00",
    warning="#ffb000",
    error="#ffb000",
    success="#7fd4ff",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    dark=True,
    variables={
        "verdict-right": "#7fd4ff",
        "verdict-wrong": "#ffb000",
        "muted": "#dcdcdc",
        "faint": "#a8a8a8",
        "block-cursor-background": "#ffff00",
        "block-cursor-foreground": "#000000",
        "block-cursor-text-style": "bold",
        "input-cursor-background": "#ffff00",
        "input-cursor-foreground": "#000000",
    },
)
"""At least 7:1 for everything that is read (WCAG 2.2, level AAA)."""

COLOUR_BLIND = Theme(
    name="backhand-colour-blind",
    primary="#9db4d0",
    secondary="#6a7d97",
    accent="#f0e442",
    warning="#e69f00",
    error="#e69f00",
    success="#56b4e9",
    foreground="#e6e6e6",
    background="#101418",
    surface="#171c22",
    panel="#1f262e",
    dark=True,
    variables={
        "verdict-right": "#56b4e9",
        "verdict-wrong": "#e69f00",
        "muted": "#a9b2bd",
        "faint": "#6b7480",
        "block-cursor-background": "#f0e442",
        "block-cursor-foreground": "#101418",
        "block-cursor-text-style": "bold",
        "input-cursor-background": "#f0e442",
        "input-cursor-foreground": "#101418",
    },
)
"""Sky blue, orange and yellow of Okabe and Ito (2008), which no colour blindness confuses."""

THEMES = (DARK, LIGHT, CONTRAST, COLOUR_BLIND)
