"""What the arguments of several commands have in common."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable

from engine.language import tr


def whole_number(least: int, most: int | None = None) -> Callable[[str], int]:
    """The reader of a whole number in that range, for argparse."""

    def read(text: str) -> int:
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
            raise ArgumentTypeError(tr("{text!r} isn't a whole number", text=text[:40]))
        number = int(text)
        if number < least or (most is not None and number > most):
            limit = f"{least}…" if most is None else f"{least}…{most}"
            raise ArgumentTypeError(
                tr("{number} is outside of {limit}", number=number, limit=limit)
            )
        return number

    return read
