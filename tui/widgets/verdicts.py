"""How a verdict looks in every widget: one symbol and one colour each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

Verdict: TypeAlias = Literal["right", "wrong", "blank", ""]
"""What is known of one cell; the empty string says that nothing is."""

SYMBOLS: Mapping[str, str] = {"right": "✓", "wrong": "✗", "blank": "", "": ""}
"""The symbol that stands behind a cell; a blank cell is seen without one."""


def verdict_variables(dark: bool) -> dict[str, str]:
    """The style variables that the widgets here need, for a dark or a light theme.

    An app returns them from ``get_theme_variable_defaults``; a theme that has its own under the
    same names wins. Blue and orange, of the palette of Okabe and Ito (2008), differ for every
    common kind of colour blindness.
    """
    if dark:
        return {"verdict-right": "#6cb8f0", "verdict-wrong": "#f5a742"}
    return {"verdict-right": "#00558f", "verdict-wrong": "#9a4300"}
