"""The decimal sign of the numbers that are shown: a point, or a comma where the learner likes."""

from __future__ import annotations

import re

_POINT = re.compile(r"(?<=\d)\.(?=\d)")
_chosen = {"comma": False}


def use_decimal_comma(comma: bool) -> None:
    """Show every number from here on with a comma, or with a point."""
    _chosen["comma"] = comma


def decimal_comma() -> bool:
    """Whether numbers are shown with a comma."""
    return _chosen["comma"]


def shown(text: str) -> str:
    """A text of numbers and words with the learner's decimal sign; not for code."""
    return _POINT.sub(",", text) if _chosen["comma"] else text
