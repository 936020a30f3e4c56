"""The levels of practice: how large the networks are and which numbers they are drawn from.

1 is one layer in small whole numbers, with a bias where that is asked; 2 has more cells, halves and
a bias now and then; 3 is the layer with
another in front or behind; 4 in the middle or at an end of a deeper network.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

Size = tuple[int, ...]


def numbers(*cells: float) -> tuple[Fraction, ...]:
    """These numbers, exactly; only whole numbers and dyadic fractions are what they look like."""
    return tuple(Fraction(cell) for cell in cells)


@dataclass(frozen=True, slots=True)
class Level:
    """What makes an item harder."""

    sizes: tuple[Size, ...]
    """Observations, then the columns of X, of H1, …: as many as a network of that level needs."""
    inputs: tuple[Fraction, ...]
    weights: tuple[Fraction, ...]
    gradients: tuple[Fraction, ...]
    """Without 0, so that no mask and no factor can be left out unseen."""
    bias: bool = False
    """Whether layers may have the parameters that they can do without."""
    largest: int = 20
    """No number before the answer, and none in it, is larger."""
    decimals: int = 2
    """No exact answer has more."""


SECOND = Level(
    sizes=((3, 2, 3), (2, 3, 2), (3, 3, 2)),
    inputs=numbers(-3, -2, -1, 0, 1, 2, 3),
    weights=numbers(-2, -1, -0.5, 0.5, 1, 2),
    gradients=numbers(-2, -1, -0.5, 0.5, 1, 2),
    bias=True,
    decimals=3,
)

LEVELS: dict[int, Level] = {
    1: Level(
        sizes=((2, 3, 2), (2, 2, 3)),
        inputs=numbers(-2, -1, 0, 1, 2, 3),
        weights=numbers(-2, -1, 0, 1, 2),
        gradients=numbers(-2, -1, 1, 2),
        largest=12,
    ),
    2: SECOND,
    3: replace(SECOND, sizes=((3, 2, 3, 2), (2, 3, 2, 3), (3, 2, 4, 2), (4, 3, 2, 3))),
    4: Level(
        sizes=((3, 2, 3, 2), (2, 3, 4, 2), (3, 2, 4, 2), (4, 2, 3, 2)),
        inputs=numbers(-2, -1, -0.5, 0, 0.5, 1, 2, 3),
        weights=numbers(-2, -1, -0.5, 0.5, 1, 2),
        gradients=numbers(-3, -2, -1, -0.5, 0.5, 1, 2, 3),
        bias=True,
        decimals=3,
    ),
}


GENTLE_INPUTS, GENTLE_WEIGHTS = numbers(-1, 0, 1, 2), numbers(-1, -0.5, 0.5, 1)
WHOLE_WEIGHTS, WHOLE_GRADIENTS = numbers(-2, -1, 1, 2), numbers(-3, -2, -1, 1, 2, 3)


def gentle(level: Level) -> Level:
    """The level with numbers that stay where a saturating layer is steep."""
    return replace(level, inputs=GENTLE_INPUTS, weights=GENTLE_WEIGHTS)


def whole(level: Level) -> Level:
    """The level in whole numbers: where something is divided, only these stay short."""
    inputs = LEVELS[1].inputs
    return replace(level, inputs=inputs, weights=WHOLE_WEIGHTS, gradients=WHOLE_GRADIENTS)
