"""The digits asked: what a typed cell must be to be right, and when it is right but too coarse."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from engine.expression.evaluate import Array
from engine.expression.exact import decimals_of
from engine.language import ntr
from engine.marking.typed import Number
from engine.problems.problem import Precision

Fit = Literal["right", "coarse", "wrong"]

ZERO = 1e-12
"""Below this a computed value is taken for 0: what floating point leaves of a difference."""


@dataclass(frozen=True, slots=True)
class Target:
    """What one cell should be."""

    value: float
    exact: Fraction | None
    """The rational value where the step is exact: then the typed text must be just that."""
    half: float
    """h: half a unit of the last digit asked; what a rounded answer may be off by."""
    decimals: int
    """The decimals that an answer of full precision has here."""


def target(value: float, exact: Fraction | None, precision: Precision) -> Target:
    """The target for one cell at the precision asked."""
    if exact is not None:
        decimals = decimals_of(exact) or 0
        return Target(float(exact), exact, half_unit(float(exact), precision), decimals)
    return Target(value, None, half_unit(value, precision), asked_decimals(value, precision))


def asked_decimals(value: float, precision: Precision) -> int:
    """The decimals asked for a value: fixed, or by its significant digits (may be negative)."""
    if precision.significant is None:
        return 4 if precision.decimals is None else precision.decimals
    if abs(value) < ZERO:
        return precision.significant
    return precision.significant - 1 - math.floor(math.log10(abs(value)))


def digits_asked(precision: Precision) -> str:
    """The digits asked where a result isn't exact, in words."""
    if precision.significant is not None:
        number = precision.significant
        return ntr("{number} significant digit", "{number} significant digits", number)
    return ntr("{number} decimal", "{number} decimals", precision.exact_decimals)


def half_unit(value: float, precision: Precision) -> float:
    """h for a value: half a unit of the last digit asked."""
    return 0.5 * 10.0 ** -asked_decimals(value, precision)


def targets(
    value: Array, exact: Array | None, digits: int | None, precision: Precision
) -> tuple[tuple[Target, ...], ...]:
    """The targets of a matrix (or scalar, as 1x1); exact only within the digits asked."""
    is_exact = exact is not None and digits is not None and digits <= precision.exact_decimals
    floats = value.reshape(value.shape or (1, 1)).tolist()
    fractions = exact.reshape(exact.shape or (1, 1)) if exact is not None and is_exact else None
    return tuple(
        tuple(
            target(
                cell,
                Fraction(fractions[i, j]) if fractions is not None else None,
                precision,
            )
            for j, cell in enumerate(row)
        )
        for i, row in enumerate(floats)
    )


def fit(typed: Number, wanted: Target) -> Fit:
    """How a typed number fits: right, right so far but with too few digits, or wrong."""
    if wanted.exact is not None and typed.exact:
        if typed.value == wanted.exact:
            return "right"
    elif wanted.exact is not None:
        if abs(typed.number - wanted.value) <= 1e-9 * max(1.0, abs(wanted.value)):
            return "right"
    elif within(typed, wanted.value, wanted.half):
        return "right"
    return "coarse" if is_coarse(typed, wanted) else "wrong"


def within(typed: Number, value: float, distance: float) -> bool:
    """Whether a typed number is within a distance of a value, the end included."""
    return abs(typed.number - value) <= distance * (1 + 1e-9) + ZERO * max(1.0, abs(value))


def is_coarse(typed: Number, wanted: Target) -> bool:
    """Right so far: within one unit of the last digit typed, with a right significant digit.

    Rounding and cutting off both do, cutting off at the full number of digits too. 0 is never
    coarse for a value that isn't 0, nor an integer for a value below 10 that isn't one.
    """
    digits = typed.decimals
    if digits is None or not typed.value or digits > wanted.decimals or digits > 15:
        return False
    value = wanted.value
    number = typed.number
    if number * value < 0 or abs(value) < ZERO:
        return False
    if digits == 0 and abs(value) < 10 and abs(value - round(value)) > ZERO:
        return False
    scale = 10.0**digits
    cut = math.floor(abs(value) * scale + 1e-9) / scale
    if digits == wanted.decimals:
        return wanted.exact is None and abs(abs(number) - cut) <= 1e-9 * max(1.0, cut)
    if abs(number - value) > (1 + 1e-9) / scale:
        return False
    leading = _leading(abs(number))
    rounded = math.floor(abs(value) * scale + 0.5 + 1e-9) / scale
    return leading in (_leading(cut), _leading(rounded))


def _leading(value: float) -> tuple[int, int] | None:
    """The place and the first significant digit of a number; None for 0."""
    if value < ZERO:
        return None
    place = math.floor(math.log10(value) + 1e-12)
    return place, int(value / 10.0**place + 1e-9)
