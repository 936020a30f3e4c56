"""The table of worked cells: how one cell of a tree comes about, with the numbers put in.

`work` writes the sum of one cell out, as in ``1·(-1) + 2·0``, and says which cells of which named
quantities it used, so that a screen can light their row and column. Where that would be too long to
read, because sums stand in sums, the cell is made of the values of the tree's operands instead.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from engine.expression.evaluate import Array, evaluate
from engine.expression.node import Node, Pair, names, walk
from engine.expression.printing import ATOM, COMPOUND, MINUS, PRODUCT, SUM, TIGHT, number_text
from engine.expression.shape import shapes_of
from engine.expression.symbols import SUPERSCRIPTS
from engine.expression.windows import POOLINGS, Window, window_of

ShowNumber = Callable[[float], str]

MAX_NUMBERS = 400
"""A cell that is made of more numbers than this isn't written down to the last of them."""


NOISE = 1e-12
"""What is smaller is what rounding left of a 0."""


@dataclass(frozen=True, slots=True)
class Worked:
    """One cell, written out."""

    text: str
    level: int
    sources: tuple[tuple[str, int, int], ...] = ()
    """The cells that it was made of: the quantity's key, its row and its column, from 0."""
    compared: tuple[tuple[str, int, int], ...] = ()
    """The cells that one looked at without taking them: the rest of a window's, which lost."""

    def needing(self, level: int) -> str:
        """The text, in brackets where it binds less tightly than needed."""
        return self.text if self.level >= level else f"({self.text})"


class _Worker:
    """One worked cell: the values of the names, and how a number is shown."""

    def __init__(self, root: Node, values: Mapping[str, Array], show: ShowNumber) -> None:
        self.values, self.show = values, show
        self._known: dict[Node, Array] = {}
        self.compared: dict[tuple[str, int, int], None] = {}
        too_long = _numbers(root, values) > MAX_NUMBERS
        self.whole = frozenset(root.operands) if too_long else frozenset[Node]()
        """Operands that are shown as values, not as what they are made of."""

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
        if node.op == "name" or node in self.whole:
            value = self.value(node)
            if not value.shape:
                i = j = 0
            source = ((str(node.argument), i, j),) if node.op == "name" else ()
            return Worked(*self.number(value[i, j] if value.shape else float(value)), source)
        if node.op in CELLS:
            return CELLS[node.op](self, node, i, j)
        inside = [self.cell(operand, i, j) for operand in node.operands]
        text = FUNCTIONS[node.op].format(*(part.text for part in inside))
        return Worked(text, ATOM, tuple(s for part in inside for s in part.sources))


def _numbers(root: Node, values: Mapping[str, Array]) -> int:
    """How many numbers the longest cell of the tree would be written with."""
    shapes = shapes_of(root, {key: np.shape(values[key]) for key in names(root)})
    found: dict[Node, int] = {}
    for node in walk(root):
        own = sum(found[operand] for operand in node.operands)
        rows, columns = shapes[node.operands[0]] or (1, 1) if node.operands else (1, 1)
        if node.op == "broadcast":
            own = found[node.operands[0]]
        elif node.op in ("matmul", "sum_columns", "mean_columns", "softmax"):
            own *= columns + (node.op == "softmax")
        elif node.op in ("sum_rows", "mean_rows"):
            own *= rows
        elif node.op in ("sum", "mean"):
            own *= rows * columns
        elif node.op == "size":
            own = 1
        elif node.op in ("conv2d", "conv2d_to_input"):
            own *= math.prod(shapes[node.operands[1]])
        elif node.op == "conv2d_to_kernel":
            own *= rows * columns
        elif node.op in POOLINGS:
            own *= math.prod(window_of(node.op, node.argument, ()).size)
        found[node] = max(own, 1)
    return found[root]


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
    # A number with an exponent takes another one only in brackets: (2²)³.
    text = f"{inside.needing(ATOM)}{str(node.argument).translate(SUPERSCRIPTS)}"
    return Worked(text, COMPOUND, inside.sources)


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


def _select_rows(w: _Worker, node: Node, i: int, j: int) -> Worked:
    assert isinstance(node.argument, tuple)
    row = node.argument[i]
    assert isinstance(row, int)
    return w.cell(node.operands[0], row, j)


def _place_rows(w: _Worker, node: Node, i: int, j: int) -> Worked:
    assert isinstance(node.argument, tuple)
    parts = [w.cell(node.operands[0], k, j) for k, row in enumerate(node.argument) if row == i]
    if not parts:
        return Worked("0", ATOM)
    return parts[0] if len(parts) == 1 else _joined(parts, " + ", SUM, MINUS + 1)


def _size(w: _Worker, node: Node, i: int, j: int) -> Worked:
    return Worked(*w.number(float(w.value(node))))


def _softmax(w: _Worker, node: Node, i: int, j: int) -> Worked:
    x = node.operands[0]
    cells = [w.cell(x, i, k) for k in range(w.value(x).shape[1])]
    below = " + ".join(f"exp({cell.text})" for cell in cells)
    sources = tuple(s for cell in cells for s in cell.sources)
    return Worked(f"exp({cells[j].text})/({below})", PRODUCT, sources)


# --- windows --------------------------------------------------------------------------------------


def _window(w: _Worker, node: Node) -> Window:
    return window_of(node.op, node.argument, [w.value(operand).shape for operand in node.operands])


def _added(terms: list[Worked]) -> Worked:
    if not terms:
        return Worked("0", ATOM)
    return terms[0] if len(terms) == 1 else _joined(terms, " + ", SUM, MINUS + 1)


def _times(left: Worked, right: Worked) -> Worked:
    return _joined([left, right], "·", PRODUCT, TIGHT)


def _over_windows(window: Window, picture: Pair) -> Iterator[tuple[Pair, Pair, Pair]]:
    """Each place of the window, with each of its cells and the picture's cell under that."""
    for place in np.ndindex(*window.results(picture)):
        for own, under in window.cells((place[0], place[1]), picture):
            yield (place[0], place[1]), own, under


def _convolution(w: _Worker, node: Node, i: int, j: int) -> Worked:
    x, kernel = node.operands
    cells = _window(w, node).cells((i, j), w.value(x).shape)
    return _added([_times(w.cell(x, *under), w.cell(kernel, *own)) for own, under in cells])


def _convolution_to_input(w: _Worker, node: Node, i: int, j: int) -> Worked:
    g, kernel, x = node.operands
    found = _over_windows(_window(w, node), w.value(x).shape)
    places = [(place, own) for place, own, under in found if under == (i, j)]
    return _added([_times(w.cell(g, *place), w.cell(kernel, *own)) for place, own in places])


def _convolution_to_kernel(w: _Worker, node: Node, i: int, j: int) -> Worked:
    g, x, _ = node.operands
    found = _over_windows(_window(w, node), w.value(x).shape)
    places = [(place, under) for place, own, under in found if own == (i, j)]
    return _added([_times(w.cell(g, *place), w.cell(x, *under)) for place, under in places])


def _max_pool(w: _Worker, node: Node, i: int, j: int) -> Worked:
    """All the window's cells; the source is the winner alone."""
    (x,) = node.operands
    window = _window(w, node)
    cells = [w.cell(x, *under) for _, under in window.cells((i, j), w.value(x).shape)]
    winner = int(window.winners(w.value(x))[i, j])
    w.compared.update((source, None) for cell in cells for source in cell.sources)
    return Worked(f"max({', '.join(cell.text for cell in cells)})", ATOM, cells[winner].sources)


def _max_pool_to_input(w: _Worker, node: Node, i: int, j: int) -> Worked:
    """The gradients of the windows that this cell won; the cell itself is a source, too."""
    g, x = node.operands
    window, picture = _window(w, node), w.value(x).shape
    winners = window.winners(w.value(x))
    won = [
        place
        for place, own, under in _over_windows(window, picture)
        if under == (i, j) and winners[place] == own[0] * window.size[1] + own[1]
    ]
    added = _added([w.cell(g, *place) for place in won])
    if not won:
        return added
    under = [at for place in won for _, at in window.cells(place, picture)]
    w.compared.update((source, None) for at in under for source in w.cell(x, *at).sources)
    return replace(added, sources=added.sources + w.cell(x, i, j).sources)


def _max_pool_pick(w: _Worker, node: Node, i: int, j: int) -> Worked:
    g, x = node.operands
    window = _window(w, node)
    cells = [under for _, under in window.cells((i, j), w.value(x).shape)]
    return w.cell(g, *cells[int(window.winners(w.value(x))[i, j])])


def _avg_pool(w: _Worker, node: Node, i: int, j: int) -> Worked:
    (x,) = node.operands
    cells = [under for _, under in _window(w, node).cells((i, j), w.value(x).shape)]
    added = _added([w.cell(x, *under) for under in cells])
    return Worked(f"{added.needing(TIGHT)}/{len(cells)}", PRODUCT, added.sources)


def _avg_pool_to_input(w: _Worker, node: Node, i: int, j: int) -> Worked:
    g, x = node.operands
    window = _window(w, node)
    found = _over_windows(window, w.value(x).shape)
    terms = [w.cell(g, *place) for place, _, under in found if under == (i, j)]
    count = window.size[0] * window.size[1]
    shares = [Worked(f"{part.needing(TIGHT)}/{count}", PRODUCT, part.sources) for part in terms]
    return _added(shares)


def _flatten(w: _Worker, node: Node, i: int, j: int) -> Worked:
    return w.cell(node.operands[0], *divmod(j, w.value(node.operands[0]).shape[1]))


def _unflatten(w: _Worker, node: Node, i: int, j: int) -> Worked:
    x, like = node.operands
    return w.cell(x, 0, i * w.value(like).shape[1] + j)


def _flip(w: _Worker, node: Node, i: int, j: int) -> Worked:
    rows, columns = w.value(node.operands[0]).shape
    return w.cell(node.operands[0], rows - 1 - i, columns - 1 - j)


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
    "select_rows": _select_rows,
    "place_rows": _place_rows,
    "softmax": _softmax,
    "size": _size,
    "conv2d": _convolution,
    "conv2d_to_input": _convolution_to_input,
    "conv2d_to_kernel": _convolution_to_kernel,
    "max_pool2d": _max_pool,
    "max_pool2d_to_input": _max_pool_to_input,
    "max_pool2d_pick": _max_pool_pick,
    "avg_pool2d": _avg_pool,
    "avg_pool2d_to_input": _avg_pool_to_input,
    "flatten": _flatten,
    "unflatten": _unflatten,
    "flip": _flip,
    "sum": _gather(True, True, False),
    "mean": _gather(True, True, True),
    "sum_rows": _gather(True, False, False),
    "mean_rows": _gather(True, False, True),
    "sum_columns": _gather(False, True, False),
    "mean_columns": _gather(False, True, True),
}

FUNCTIONS = {
    "relu": "max(0, {0})",
    "leaky_relu": "leaky_relu({0}, {1})",
    "mask": "[{0} > 0]",
    "leaky_mask": "leaky_relu'({0}, {1})",
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
    worker = _Worker(node, values, show)
    cell = worker.cell(node, i, j)
    lost = tuple(source for source in worker.compared if source not in cell.sources)
    return replace(cell, compared=lost) if lost else cell


@lru_cache(maxsize=4096)
def show_value(value: float) -> str:
    """As `show_number`, but a small number that would become 0 keeps two digits: ``3.7e-6``."""
    text = show_number(value)
    if text != "0" or not NOISE < abs(value) < math.inf:
        return text
    digits, _, power = f"{value:.1e}".partition("e")
    return f"{show_number(float(digits))}e{int(power)}"


def show_number(value: float, decimals: int = 4) -> str:
    """A number for a worked cell: no more decimals than it needs, never "-0"."""
    return np.format_float_positional(round(value, decimals) + 0.0, trim="-")
