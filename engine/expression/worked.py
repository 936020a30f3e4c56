"""The table of worked cells: how one cell of a tree comes about, with the numbers put in.

`work` writes the sum of one cell out, as in ``1·(-1) + 2·0``, and says which cells of which named
quantities it used, so that a screen can light their row and column.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from engine.expression.evaluate import Array, evaluate
from engine.expression.node import Node
from engine.expression.printing import ATOM, MINUS, PRODUCT, SUM, TIGHT, number_text

ShowNumber = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Worked:
    """One cell, written out."""

    text: str
    level: int
    sources: tuple[tuple[str, int, int], ...] = ()
    """The cells that it was made of: the quantity's key, its row and its column, from 0."""

    def needing(self, level: int) -> str:
        """The text, in brackets where it binds less tightly than needed."""
        return self.text if self.level >= level else f"({self.text})"


class _Worker:
    """One worked cell: the values of the names, and how a number is shown."""

    def __init__(self, values: Mapping[str, Array], show: ShowNumber) -> None:
        self.values, self.show = values, show
        self._known: dict[Node, Array] = {}

    def value(self, node: Node) -> Array:
        found = self._known.get(node)
        if found is None:
            found = self._known[node] = evaluate(node, self.values)
        return found

    def number(self, value: float) -> tuple[str, int]:
        text = self.show(float(value))
        return text, MINUS if text.startswith("-") else ATOM

    def cell(self, node: Node, i: int, j: int) -> Worked:
        """The cell in row i, column j; of a scalar, its only one."""
        if node.op == "number":
            return Worked(*number_text(node.argument))  # type: ignore[arg-type]
        if node.op == "name":
            value = self.value(node)
            source = ((str(node.argument), i, j),) if value.shape else ((str(node.argument), 0, 0),)
            return Worked(*self.number(value[i, j] if value.shape else float(value)), source)
        if node.op in CELLS:
            return CELLS[node.op](self, node, i, j)
        template = FUNCTIONS[node.op]
        inside = self.cell(node.operands[0], i, j)
        return Worked(template.format(inside.text), ATOM, inside.sources)


def _joined(parts: list[Worked], sign: str, level: int, need: int) -> Worked:
    text = sign.join(part.needing(need) for part in parts)
    return Worked(text, level, tuple(s for part in parts for s in part.sources))


def _binary(sign: str, level: int, needs: tuple[int, int]) -> Callable[..., Worked]:
    def rule(w: _Worker, node: Node, i: int, j: int) -> Worked:
        left, right = (w.cell(operand, i, j) for operand in node.operands)
        text = left.needing(needs[0]) + sign + right.needing(needs[1])
        return Worked(text, level, left.sources + right.sources)

    return rule


def _matmul(w: _Worker, node: Node, i: int, j: int) -> Worked:
    a, b = node.operands
    inner = w.value(a).shape[1]
    terms = [_joined([w.cell(a, i, k), w.cell(b, k, j)], "·", PRODUCT, TIGHT) for k in range(inner)]
    return terms[0] if inner == 1 else _joined(terms, " + ", SUM, MINUS + 1)


def _transpose(w: _Worker, node: Node, i: int, j: int) -> Worked:
    return w.cell(node.operands[0], j, i)


def _negative(w: _Worker, node: Node, i: int, j: int) -> Worked:
    inside = w.cell(node.operands[0], i, j)
    return Worked(f"-{inside.needing(PRODUCT)}", MINUS, inside.sources)


def _power(w: _Worker, node: Node, i: int, j: int) -> Worked:
    inside = w.cell(node.operands[0], i, j)
    sup = str(node.argument).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return Worked(f"{inside.needing(ATOM)}{sup}", ATOM, inside.sources)


def _broadcast(w: _Worker, node: Node, i: int, j: int) -> Worked:
    x = node.operands[0]
    return w.cell(x, 0 if node.argument == "row" else i, 0 if node.argument == "column" else j)


def _gather(rows: bool, columns: bool, mean: bool) -> Callable[..., Worked]:
    def rule(w: _Worker, node: Node, i: int, j: int) -> Worked:
        x = node.operands[0]
        shape = w.value(x).shape or (1, 1)
        places = [
            (r, c)
            for r in (range(shape[0]) if rows else [i])
            for c in (range(shape[1]) if columns else [j])
        ]
        terms = [w.cell(x, r, c) for r, c in places]
        added = terms[0] if len(terms) == 1 else _joined(terms, " + ", SUM, MINUS + 1)
        if not mean:
            return added
        return Worked(f"{added.needing(TIGHT)}/{len(terms)}", PRODUCT, added.sources)

    return rule


def _size(w: _Worker, node: Node, i: int, j: int) -> Worked:
    return Worked(*w.number(float(w.value(node))))


def _softmax(w: _Worker, node: Node, i: int, j: int) -> Worked:
    x = node.operands[0]
    cells = [w.cell(x, i, k) for k in range(w.value(x).shape[1])]
    below = " + ".join(f"exp({cell.text})" for cell in cells)
    sources = tuple(s for cell in cells for s in cell.sources)
    return Worked(f"exp({cells[j].text})/({below})", PRODUCT, sources)


CELLS: dict[str, Callable[[_Worker, Node, int, int], Worked]] = {
    "add": _binary(" + ", SUM, (SUM, MINUS + 1)),
    "sub": _binary(" - ", SUM, (SUM, MINUS + 1)),
    "mul": _binary("·", PRODUCT, (TIGHT, TIGHT)),
    "div": _binary("/", PRODUCT, (TIGHT, TIGHT)),
    "matmul": _matmul,
    "transpose": _transpose,
    "neg": _negative,
    "power": _power,
    "broadcast": _broadcast,
    "softmax": _softmax,
    "size": _size,
    "sum": _gather(True, True, False),
    "mean": _gather(True, True, True),
    "sum_rows": _gather(True, False, False),
    "mean_rows": _gather(True, False, True),
    "sum_columns": _gather(False, True, False),
    "mean_columns": _gather(False, True, True),
}

FUNCTIONS = {
    "relu": "max(0, {0})",
    "leaky_relu": "leaky_relu({0})",
    "mask": "[{0} > 0]",
    "leaky_mask": "leaky_relu'({0})",
    "sigmoid": "σ({0})",
    "tanh": "tanh({0})",
    "exp": "exp({0})",
    "ln": "ln({0})",
    "sqrt": "√({0})",
    "abs": "|{0}|",
    "sign": "sign({0})",
}
"""Elementwise functions: the cell's argument put in."""


def work(node: Node, i: int, j: int, values: Mapping[str, Array], show: ShowNumber) -> Worked:
    """The cell (i, j), counted from 0, of the tree's value, written out with numbers.

    `values` gives the names' values; `show` writes a number at the precision asked.
    """
    return _Worker(values, show).cell(node, i, j)


def show_number(value: float, decimals: int = 4) -> str:
    """A number for a worked cell: no more decimals than it needs, never "-0"."""
    return np.format_float_positional(round(value, decimals) + 0.0, trim="-")
