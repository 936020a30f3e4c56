"""Cleaning a file's texts: control characters, direction overrides and invisible ones go."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

MAX_BITS = 1000
TOO_LARGE = Decimal("1e1000")
"""What stands for a number beyond all bounds, so that it is refused where it is read."""

_REMOVED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 but tab and line end, DEL, C1
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidirectional marks and overrides
    "\u200b-\u200d\u2060-\u2064\ufeff\u00ad]"  # zero width
)


def clean(text: str) -> str:
    """The text without the characters that could move, hide or disguise what is shown."""
    return _REMOVED.sub("", text)


def cleaned(value: Any) -> Any:
    """A decoded file with every text in it cleaned, keys too; a number too long to be shown is cut.

    A hexadecimal number can have more digits than Python is willing to write down.
    """
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        return TOO_LARGE
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(key): cleaned(inside) for key, inside in value.items()}
    if isinstance(value, list):
        return [cleaned(inside) for inside in value]
    return value
