"""A network for practice as it grows: layer by layer, in numbers that are pleasant by hand.

What is decided about the network (its sizes, which parts a layer has) and its numbers are drawn
from two different dice: other numbers for the same network are had without deciding anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import Any, TypeVar

import numpy as np

from engine.expression.evaluate import Array, evaluate
from engine.expression.node import Node, walk
from engine.network.layers import LAYERS, entries
from engine.network.model import Entry, Loss, Network, Update, Value, matrix_value
from engine.practice.draw import Draw
from engine.practice.levels import Level, Size, numbers
from engine.practice.sieves import (
    Rows,
    is_mixed,
    resembles_mask,
    tells_itself_apart,
    tells_rows_apart,
)

REDRAWS = 40
"""How often the numbers of some layers are drawn before the whole network is given up."""

KINKED = frozenset({"relu", "leaky_relu", "abs"})
SATURATING = {"sigmoid": 3, "tanh": 2, "softmax": 3}
"""How large an argument may be, smaller by one before a loss: beyond it few digits are left."""

PARAMETER_NAMES = {"weight": "W", "bias": "b"}
NUMBERS = {
    "slope": (Fraction(1, 10), Fraction(1, 5), Fraction(1, 2)),
    "keep": (Fraction(1, 2), Fraction(4, 5)),
}
"""What a layer's numbers are drawn from."""
MASK = numbers(0, 1)
FURTHER = numbers(-3, 4)
"""What is given right before a layer may be a little larger: it isn't multiplied yet."""


class UnhandyError(Exception):
    """The numbers drawn lead to large ones, to a kink, or to where a layer is flat."""


@dataclass(slots=True)
class Building:
    """A network as it grows; raises `UnhandyError` as soon as it went wrong."""

    wiring: Draw
    draw: Draw
    level: Level
    size: Size
    """Observations, then the columns after each linear layer."""
    margin: int = 0
    """How far below the largest argument of a saturating layer to stay."""
    values: dict[str, Value] = field(default_factory=dict)
    numbers: dict[str, Array] = field(default_factory=dict)
    """The values and results so far."""
    entries: list[Entry] = field(default_factory=list)
    columns: int = 0
    """Of the result that the next layer takes."""
    depth: int = 0
    """The place in `size` of those columns."""
    _given: list[tuple[str, tuple[int, int], Sequence[Fraction]]] = field(default_factory=list)
    """What the layers since the last `settle` are given: names, shapes, what is drawn from."""
    _new: list[Entry] = field(default_factory=list)
    """The results of these layers."""

    # --- what is given ----------------------------------------------------------------------------

    def put(self, key: str, rows: Rows) -> str:
        """A given matrix of these rows."""
        value = self.values[key] = matrix_value(key, rows)
        self.numbers[key] = value.array
        return key

    def give(
        self,
        key: str,
        shape: tuple[int, int],
        choices: Sequence[Fraction],
        suits: Callable[[Array], bool] | None = None,
        tries: int = REDRAWS,
    ) -> str:
        """A given matrix, drawn until it suits."""
        for _ in range(tries):
            self.put(key, self._rows(shape, choices))
            if suits is None or suits(self.numbers[key]):
                return key
        raise UnhandyError

    def _rows(self, shape: tuple[int, int], choices: Sequence[Fraction]) -> Rows:
        while True:
            rows = self.draw.matrix(shape, choices)
            if tells_itself_apart(rows):
                return rows

    # --- layers -----------------------------------------------------------------------------------

    def start(self, key: str, choices: Sequence[Fraction], depth: int = 1) -> str:
        """What goes in in front."""
        self.depth, self.columns = depth, self.size[depth]
        self._given.append((key, (self.size[0], self.columns), choices))
        return key

    def add(self, kind: str, source: str, to: str, number: int, *needed: str) -> str:
        """A layer behind `source`; `needed` are optional parameters that it must have.

        Its numbers are drawn by the next `settle`.
        """
        layer, roles = LAYERS[kind], {}
        optional = [r for r in layer.optional if r in needed or self._has_optional()]
        if "weight" in layer.required:
            self.depth += 1
        into, out = self.columns, self.size[min(self.depth, len(self.size) - 1)]
        for role in (*layer.required, *optional):
            shape = (into, out) if role == "weight" else (1, out)
            roles[role] = f"{PARAMETER_NAMES.get(role, role)}{number}"
            self._given.append((roles[role], shape, self.level.weights))
        self.columns = out
        others: dict[str, Any] = {key: self._number(key) for key in layer.numbers}
        for role in layer.given:
            others[role] = role[0].upper()
            self._given.append((others[role], (self.size[0], out), MASK))
        self._new += entries(kind, source, to, roles, others)
        return to

    def _has_optional(self) -> bool:
        return self.level.bias and self.wiring.below(2) == 1

    def _number(self, key: str) -> Fraction:
        """A layer's number; never 1/n, which is an average's."""
        return self.wiring.pick([n for n in NUMBERS[key] if n != Fraction(1, self.size[0])])

    def settle(self) -> None:
        """Draw the numbers of the layers added since the last time, until they are handy."""
        drawn = {key: self._rows(shape, choices) for key, shape, choices in self._given}
        for _ in range(REDRAWS):
            for key, rows in drawn.items():
                self.put(key, rows)
            bad = next(filter(np.any, map(self._bad_columns, self._new)), None)
            if bad is None:
                self._finish()
                return
            for key, shape, choices in self._given:
                drawn[key] = self._mended(drawn[key], shape, choices, bad)
        raise UnhandyError

    def _finish(self) -> None:
        self.entries += self._new
        self._given, self._new = [], []

    def choose(self, misfits: Callable[[Array], Array]) -> None:
        """As `settle`, for a linear layer of few inputs and what stands behind it.

        Its columns are chosen among all that fit, which finds rare ones at once. `misfits` says
        which columns of the last result don't do, however handy they are.
        """
        own = self._new[0].roles.values()
        heights = {key: shape[0] for key, shape, _ in self._given if key in own}
        others = [each for each in self._given if each[0] not in own]
        every, cells = all_columns(self.level.weights, sum(heights.values()))
        for _ in range(REDRAWS if others else 1):
            for key, shape, choices in others:
                self.put(key, self._rows(shape, choices))
            self.numbers |= _stacked(heights, cells)
            fitting = self.draw.shuffled(np.flatnonzero(~self._misfits(misfits)).tolist())
            results = {entry.to: self.numbers[entry.to] for entry in self._new}
            for first in range(0, len(fitting) - self.columns + 1, self.columns):
                chosen = fitting[first : first + self.columns]
                self.numbers |= _stacked(heights, cells[:, chosen])
                self.numbers |= {key: value[:, chosen] for key, value in results.items()}
                rows = _stacked(heights, [*zip(*(every[at] for at in chosen), strict=True)])
                if self._fits(misfits) and all(map(tells_itself_apart, rows.values())):
                    for key in heights:
                        self.put(key, rows[key])
                    self._finish()
                    return
        raise UnhandyError

    def _fits(self, misfits: Callable[[Array], Array]) -> bool:
        """Whether columns that fit do so together."""
        if any(map(self._is_lopsided, self._new)):
            return False
        return not misfits(self.numbers[self._new[-1].to]).any()

    def _misfits(self, misfits: Callable[[Array], Array]) -> Array:
        """Compute the new results; which columns are bad in one of them, or don't do."""
        bad = [self._bad_columns(entry) for entry in self._new]
        return np.asarray(np.any([*bad, misfits(self.numbers[self._new[-1].to])], axis=0))

    def _bad_columns(self, entry: Entry) -> Array:
        """Compute a result; which of its columns are large, on a kink, or where a layer is flat."""
        value = self.numbers[entry.to] = evaluate(entry.node, self.numbers)
        bad = np.abs(value) > self.level.largest
        for part in walk(entry.node):
            if part.op in KINKED:
                bad |= self._computed(part.operands[0]) == 0
            if part.op in SATURATING:
                before = self._computed(part.operands[0])
                bad |= np.abs(before) > SATURATING[part.op] - self.margin
        if self._is_lopsided(entry):
            bad |= True
        return np.asarray(bad.any(axis=0))

    def _is_lopsided(self, entry: Entry) -> bool:
        """Whether a layer lets nearly all or nearly nothing through, however its columns are."""
        for part in walk(entry.node):
            if part.op in KINKED:
                before = self._computed(part.operands[0])
                if before.all() and not is_mixed(before):
                    return True
        passes = self._passes(entry)
        # What comes back would be one observation's alone.
        return passes is not None and int(passes.any(axis=1).sum()) < 2

    def _computed(self, node: Node) -> Array:
        known = self.numbers.get(str(node.argument)) if node.op == "name" else None
        return evaluate(node, self.numbers) if known is None else known

    def _mended(
        self, rows: Rows, shape: tuple[int, int], choices: Sequence[Fraction], bad: Array
    ) -> Rows:
        """The rows with other numbers in bad columns: what comes out of a layer goes by columns."""
        if shape[1] != len(bad):
            return self._rows(shape, choices) if bad.all() else rows
        again = self.draw.matrix(shape, choices)
        mended = [
            [new if is_bad else old for old, new, is_bad in zip(*both, bad, strict=True)]
            for both in zip(rows, again, strict=True)
        ]
        return mended if tells_itself_apart(mended) else self._rows(shape, choices)

    def chain(self, kinds: Iterable[str], *needed: str) -> str:
        """Layers one behind the other: Hᵢ is a linear layer's result, Oᵢ what is made of it."""
        kinds = list(kinds)
        number = 1
        if LAYERS[kinds[0]].required:
            source = self.start("X", self.level.inputs)
        else:
            choices = [cell for cell in self.level.inputs + self.level.weights + FURTHER if cell]
            source = self.start("H1", list(dict.fromkeys(choices)))
        for kind in kinds:
            if LAYERS[kind].required:
                if self._new:
                    self.settle()
                source = self.add(kind, source, f"H{number}", number, *needed)
            else:
                source = self.add(kind, source, f"O{number}", number, *needed)
                number += 1
        self.settle()
        return source

    # --- the end ----------------------------------------------------------------------------------

    def arriving(self, key: str) -> Loss:
        """A gradient that is given, under that name, at the end."""

        def suits(gradient: Array) -> bool:
            for entry in reversed(self.entries[-2:]):
                passes = self._passes(entry)
                if passes is not None and resembles_mask(gradient, passes):
                    return False
                gradient = gradient if passes is None else gradient * passes
                if not tells_rows_apart(gradient):
                    return False
                weight = entry.roles.get("weight")
                if weight is not None:
                    gradient = gradient @ self.numbers[weight].T
            return True

        shape = (self.size[0], self.columns)
        self.give(key, shape, self.level.gradients, suits)
        return Loss("given", self.entries[-1].to, upstream=key)

    def _passes(self, entry: Entry) -> Array | None:
        """Where a layer lets a gradient through; None where it has no mask."""
        before = entry.settings.get("mask", entry.source if entry.layer in KINKED else None)
        return None if before is None else self.numbers[before] > 0

    def network(self, loss: Loss | None, update: Update | None = None) -> Network:
        """What has been built, with the gradient asked for what goes in."""
        wrt = () if loss is None or "X" in self.values else (next(iter(self.values)),)
        return Network(self.values, tuple(self.entries), loss, update, wrt)


@lru_cache
def all_columns(
    choices: Sequence[Fraction], height: int
) -> tuple[list[tuple[Fraction, ...]], Array]:
    """Every column of that height whose cells are choices, and the same as a matrix of floats."""
    found = [*product(choices, repeat=height)]
    return found, np.array(found, dtype=float).T


Stack = TypeVar("Stack", Array, Sequence[Any])


def _stacked(heights: Mapping[str, int], rows: Stack) -> dict[str, Stack]:
    """Matrices that stand one above the other, by name, cut from all their rows."""
    found, top = {}, 0
    for key, height in heights.items():
        found[key] = rows[top : top + height]
        top += height
    return found
