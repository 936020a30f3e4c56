"""What the arguments of several commands have in common."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable

from engine.language import tr

LONGEST = 18
"""The digits that a number may have."""


def whole_number(least: int, most: int = 10**LONGEST - 1) -> Callable[[str], int]:
    """The reader of a whole number in that range, for argparse."""

    def read(text: str) -> int:
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdigit()):
            raise ArgumentTypeError(tr("{text!r} isn't a whole number", text=text[:40]))
        digits = digits.lstrip("0")[: LONGEST + 1] or "0"  # one digit more is outside anyway
        number = -int(digits) if text.startswith("-") else int(digits)
        if not least <= number <= most:
            shown, limit = text[:40], f"{least}…{most}"
            raise ArgumentTypeError(tr("{number} is outside of {limit}", number=shown, limit=limit))
        return number

    return read


def add_problem(parser: ArgumentParser) -> None:
    """``PROBLEM``"""
    parser.add_argument(
        "problem",
        metavar="PROBLEM",
        help=tr("a built-in problem, a problem file or an .onnx model"),
    )


def add_model_arguments(parser: ArgumentParser) -> None:
    """``[--input FILE] [--target FILE] [--seed N]``"""
    group = parser.add_argument_group(tr("for an .onnx model"))
    group.add_argument(
        "--input",
        metavar="FILE",
        help=tr("what goes in: a .npy, .csv or text file (default: drawn)"),
    )
    group.add_argument(
        "--target",
        metavar="FILE",
        help=tr("what should come out; with an input and neither this nor a seed: forward only"),
    )
    group.add_argument(
        "--seed",
        metavar="N",
        type=whole_number(0),
        help=tr("what isn't given is drawn; the same number draws the same (default: 0)"),
    )
