"""A number as briefly as it can be read: decimals, or a power of ten where those say little."""

from __future__ import annotations

from tui.shown import decimal_comma
from tui.widgets.brackets import format_number

SMALL, LARGE = 1e-3, 1e7
"""Between these a number stands with its decimals; beyond them, with a power of ten."""


def number_text(value: float, digits: int = 4) -> str:
    """``0.25``, ``-1.5e-7``, ``2.4e+31``, with the learner's decimal sign."""
    if value == 0 or SMALL <= abs(value) < LARGE or abs(value) == float("inf") or value != value:
        return format_number(float(value), digits, comma=decimal_comma())
    mantissa, _, power = f"{value:.{max(digits - 1, 1)}e}".partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".")
    if decimal_comma():
        mantissa = mantissa.replace(".", ",")
    return f"{mantissa}e{int(power)}"
