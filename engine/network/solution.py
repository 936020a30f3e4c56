"""Solving: the value of every quantity, exact where it is, with the place named where it fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np

from engine.expression.evaluate import Array, evaluate
from engine.expression.exact import InexactError, decimals_of, evaluate_exactly
from engine.expression.node import Node, names, number, substitute, walk
from engine.expression.printing import (
    Notation,
    latex_notation,
    numpy_notation,
    pytorch_notation,
    unicode_notation,
    write,
)
from engine.expression.shape import Shape, ShapeError, shape_of
from engine.expression.symbols import symbol
from engine.language import tr
from engine.network.losses import N
from engine.network.model import Network
from engine.network.passes import Quantity, quantities


class SolveError(ValueError):
    """A quantity that can't be computed; `key` says which."""

    def __init__(self, key: str, message: str) -> None:
        self.key = key
        super().__init__(message)


@dataclass(frozen=True, eq=False)
class Step:
    """A quantity with its value."""

    quantity: Quantity
    value: Array
    """Floats, not rounded; shape () for a scalar."""
    exact_value: Array | None
    """`Fraction` cells, where the step and all it rests on are exact."""
    digits: int | None
    """The most decimals that this step or any below it has, where they are exact."""
    solution: Solution = field(repr=False)
    """The solution that this is a step of."""

    @property
    def formula(self) -> str:
        """The formula in the lesson's notation: ``X·W₁``."""
        return self.solution.formula(self.key)

    @property
    def key(self) -> str:
        return self.quantity.key

    @property
    def stage(self) -> str:
        return self.quantity.stage

    @property
    def node(self) -> Node:
        return self.quantity.node

    @property
    def shape(self) -> Shape:
        return self.value.shape

    @property
    def skill(self) -> str:
        return self.quantity.skill


class Solution(Mapping[str, Step]):
    """Every step of every pass by key, in pass order."""

    def __init__(self, network: Network, *, exactly: bool = True) -> None:
        """Without ``exactly`` there are floats only, much sooner: for what nobody has to type."""
        self.network = network
        self._exactly = exactly
        self.numbers: dict[str, Array] = {k: v.array for k, v in network.values.items()}
        self.exact: dict[str, Array] = {k: v.exact for k, v in network.values.items()}
        self._shapes: dict[str, Shape] = network.shapes
        self._digits: dict[str, int] = dict.fromkeys(network.values, 0)
        self._steps: dict[str, Step] = {}
        for quantity in quantities(network):
            self._solve(quantity)

    def _solve(self, quantity: Quantity) -> None:
        key, node = quantity.key, quantity.node
        self._count()
        try:
            self._shapes[key] = shape_of(node, self._shapes)
        except ShapeError as error:
            raise SolveError(key, f"{self.symbol(key)}: {error.describe(self.write)}") from error
        exact, digits = self._exact_value(quantity) if self._exactly else (None, None)
        if exact is not None and digits is not None:
            self.exact[key], self._digits[key] = exact, digits
            value = exact.astype(float)
        else:
            value = evaluate(node, self.numbers) + 0.0  # -0.0 becomes 0.0
            self._must_be_finite(quantity, value)
        self.numbers[key] = value
        self._steps[key] = Step(quantity, value, exact, digits, self)

    def _exact_value(self, quantity: Quantity) -> tuple[Array | None, int | None]:
        """The exact value and the most decimals of it and of what is below it; None without one."""
        try:
            exact = evaluate_exactly(quantity.node, self.exact)
        except InexactError:
            return None, None
        except ZeroDivisionError as error:
            self._must_be_finite(quantity, evaluate(quantity.node, self.numbers))
            raise self._no_value(quantity) from error
        digits = self._digits_of(quantity.node, exact)
        return (None, None) if digits is None else (exact, digits)

    def _count(self) -> None:
        """n: the rows of the prediction, as soon as there is one."""
        loss = self.network.loss
        if N in self.numbers or loss is None or loss.prediction not in self.numbers:
            return
        prediction = self.numbers[loss.prediction]
        rows = prediction.shape[0] if prediction.shape else 1
        self.numbers[N] = np.array(float(rows))
        self._shapes[N] = ()
        self.exact[N] = np.array(Fraction(rows), dtype=object)
        self._digits[N] = 0

    def _digits_of(self, node: Node, exact: Array) -> int | None:
        cells = [decimals_of(cell) for cell in exact.flat]
        if None in cells:
            return None
        below = [self._digits[key] for key in names(node)]
        return max(*(cell or 0 for cell in cells), *below, 0)

    def _must_be_finite(self, quantity: Quantity, value: Array) -> None:
        if np.isfinite(value).all():
            return
        if not value.shape:
            raise self._no_value(quantity)
        row, column = np.argwhere(~np.isfinite(value))[0] + 1
        raise SolveError(
            quantity.key,
            tr(
                "{symbol} = {formula} has no finite value in row {row}, column {column}: "
                "a logarithm of 0 or less, a root of less than 0, a division by 0 or an overflow.",
                symbol=self.symbol(quantity.key),
                formula=self.write(quantity.node),
                row=row,
                column=column,
            ),
        )

    def _no_value(self, quantity: Quantity) -> SolveError:
        return SolveError(
            quantity.key,
            tr(
                "{symbol} = {formula} has no finite value: "
                "a logarithm of 0 or less, a root of less than 0, a division by 0 or an overflow.",
                symbol=self.symbol(quantity.key),
                formula=self.write(quantity.node),
            ),
        )

    # --- as a mapping -----------------------------------------------------------------------------

    def __getitem__(self, key: str) -> Step:
        return self._steps[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._steps)

    def __len__(self) -> int:
        return len(self._steps)

    # --- in writing ---------------------------------------------------------------------------

    @cached_property
    def scalars(self) -> frozenset[str]:
        """The names whose value is a number."""
        return frozenset(key for key, value in self.numbers.items() if not value.shape) | {N, "L"}

    def symbol(self, key: str) -> str:
        """A key as the lesson writes it; a local derivative names both its ends."""
        if key.startswith("local."):
            source, at, step = key.removeprefix("local.").partition("@")
            for entry in self.network.entries:
                if entry.source == source:
                    suffix = at + step
                    return f"∂{symbol(entry.to + suffix)}/∂{symbol(source)}"
        return symbol(key)

    @cached_property
    def notation(self) -> Notation:
        """The lesson's Unicode notation, with this network's scalars."""
        return unicode_notation(self.scalars, self.symbol)

    def write(self, node: Node) -> str:
        """A tree in the lesson's notation, which may be asked for while solving still goes on."""
        scalars = {key for key, value in self.numbers.items() if not value.shape}
        return write(node, unicode_notation(scalars, self.symbol))

    def formula(self, key: str) -> str:
        """A step's formula: ``X·W₁``."""
        return write(self[key].node, self.notation)

    def write_with(self, key: str, texts: Mapping[str, str]) -> str:
        """A step's formula with a text, such as its numbers, in the place of each name."""
        node = self[key].node
        counts = {
            each: number(Fraction(float(evaluate(each, self.numbers))))
            for each in walk(node)
            if each.op == "size"
        }
        notation = unicode_notation(self.scalars, lambda name: texts.get(name) or self.symbol(name))
        return write(substitute(node, counts), notation)

    def latex(self, key: str) -> str:
        """A step's formula in LaTeX."""
        return write(self[key].node, latex_notation(self.scalars))

    def numpy(self, key: str) -> str:
        """A step's formula as NumPy."""
        return write(self[key].node, numpy_notation(self.scalars))

    def pytorch(self, key: str) -> str:
        """A step's formula as PyTorch."""
        return write(self[key].node, pytorch_notation(self.scalars))


def solve_network(network: Network) -> Solution:
    """Compute every quantity; raises `SolveError` with the quantity and the cause."""
    return Solution(network)
