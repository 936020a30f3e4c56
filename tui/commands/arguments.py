"""What the arguments of several commands have in common."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
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
