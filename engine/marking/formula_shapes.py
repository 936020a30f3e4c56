"""From a surface tree to true trees: the shapes decide what ``*``, Σ and side by side mean.

Every part of a formula is read in each way that its shapes allow; a reading that needs a laxer rule
costs more, and only the cheapest count in the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from engine.expression.node import Node, broadcast, make, name, walk
from engine.expression.parse import ParseError
from engine.expression.shape import SHAPES, Shape, ShapeError
from engine.language import tr
from engine.marking.formula_words import Vocabulary

MOST_READINGS = 6
LAX = 1
BINARY: dict[str, tuple[tuple[str, int], ...]] = {
    "star": (("matmul", 0), ("mul", 0)),
    "beside": (("matmul", 0), ("mul", LAX)),
    "dot": (("matmul", 0),),
    "matmul": (("matmul", 0),),
    "mul": (("mul", 0),),
    "div": (("div", 0),),
    "add": (("add", 0),),
    "sub": (("sub", 0),),
}
"""What an operator between two matrices may mean, and what each meaning costs."""
SCALING = frozenset({"star", "beside", "dot"})
"""Operators that multiply by a number where one side is one."""
REDUCING = frozenset({"sum_rows", "sum_columns", "mean_rows", "mean_columns"})
CELL_BY_CELL = frozenset(
    {"neg", "power", "relu", "sigmoid", "tanh", "exp", "ln", "sqrt", "abs", "sign", "mask"}
)


@dataclass(frozen=True, slots=True)
class Fit:
    """One way to read a part: a true tree, and its shape, None where it has none."""

    node: Node
    shape: Shape | None
    cost: int = 0
    spreads: bool = False
    """Whether it may go with every row or column of a larger matrix, as a bias does."""


class Budget:
    """Bounds the work that one text may cause."""

    def __init__(self, work: int) -> None:
        self.left = work

    def spend(self, work: int) -> None:
        """Raises `ParseError` when too much has been tried."""
        self.left -= work
        if self.left < 0:
            raise ParseError(tr("This can be read in too many ways: use fewer signs."), 0)


def fits(
    root: Node,
    vocabulary: Vocabulary,
    shapes: Mapping[str, Shape],
    upstream: str,
    budget: Budget,
) -> list[Fit]:
    """Every reading of a surface tree, cheapest first, when d is the gradient `upstream`.

    If no reading fits in shape, the likeliest ones that don't are given, with the shape None.
    """
    found: dict[Node, list[Fit]] = {}
    for node in walk(root):
        operands = [found[operand] for operand in node.operands]
        if node.op == "choice":
            options: Iterable[Fit] = [fit for operand in operands for fit in operand]
        elif node.op in ("name", "upstream"):
            key = upstream if node.op == "upstream" else str(node.argument)
            options = _named(key, vocabulary, shapes)
        elif node.op == "number":
            options = [Fit(node, ())]
        else:
            budget.spend(1)
            options = _combined(node, operands, vocabulary, budget)
        found[node] = _best(options)
    return found[root]


def _named(key: str, vocabulary: Vocabulary, shapes: Mapping[str, Shape]) -> Iterator[Fit]:
    """A quantity; where a step is made on some observations only, these may be meant."""
    shape = shapes.get(key)
    yield Fit(name(key), shape, 0, key in vocabulary.lexicon.spreading)
    batch = vocabulary.batches.get(key)
    if batch is not None and shape and isinstance(batch.argument, tuple):
        yield Fit(batch, (len(batch.argument), shape[1]), LAX)


def _combined(
    node: Node, operands: list[list[Fit]], vocabulary: Vocabulary, budget: Budget
) -> Iterator[Fit]:
    for parts in product(*operands):
        budget.spend(1)
        if node.op in BINARY:
            yield from _binary(node.op, *parts)
        elif node.op == "gather":
            yield from _gathered(str(node.argument), parts[0], vocabulary)
        else:
            yield _plain(node, parts)


def _best(options: Iterable[Fit]) -> list[Fit]:
    """The cheapest few, each tree once; those that don't fit only where none does."""
    everything = list(options)
    fitting = [fit for fit in everything if fit.shape is not None]
    found: dict[Node, Fit] = {}
    for fit in sorted(fitting or everything, key=lambda fit: fit.cost):
        found.setdefault(fit.node, fit)
    return list(found.values())[:MOST_READINGS]


def _binary(op: str, left: Fit, right: Fit) -> Iterator[Fit]:
    cost = left.cost + right.cost
    meanings = BINARY[op]
    if op in SCALING and () in (left.shape, right.shape):
        meanings = (("mul", 0),)
    for true_op, extra in meanings:
        operands, shape = _levelled(true_op, left, right)
        spreads = all(side.spreads or side.shape == () for side in (left, right))
        yield Fit(make(true_op, operands), shape, cost + extra, spreads and true_op != "matmul")


def _levelled(op: str, left: Fit, right: Fit) -> tuple[tuple[Node, Node], Shape | None]:
    """The operands, a repeated row or column made visible, and the result's shape."""
    a, b = left.shape, right.shape
    plain = (left.node, right.node)
    if a is None or b is None:
        return plain, None
    if op == "matmul":
        return plain, (a[0], b[1]) if a and b and a[1] == b[0] else None
    if a == b or not a or not b:
        return plain, a or b
    if left.spreads and (kind := _repeats(a, b)):
        return (broadcast(left.node, right.node, kind), right.node), b
    if right.spreads and (kind := _repeats(b, a)):
        return (left.node, broadcast(right.node, left.node, kind)), a
    return plain, None


def _repeats(small: Shape, large: Shape) -> str:
    if small[0] == 1 and small[1] == large[1]:
        return "row"
    return "column" if small[1] == 1 and small[0] == large[0] else ""


def _gathered(op: str, part: Fit, vocabulary: Vocabulary) -> Iterator[Fit]:
    """Σ is the sum of all cells, or over the rows or columns where the right formula has that."""
    yield Fit(make(op, (part.node,)), None if part.shape is None else (), part.cost)
    if part.shape:
        for reduced in (f"{op}_rows", f"{op}_columns"):
            node = make(reduced, (part.node,))
            shape = SHAPES[reduced](node, (part.shape,), _equal)
            extra = 0 if reduced in vocabulary.gathers else LAX
            yield Fit(node, shape, part.cost + extra, True)


def _plain(node: Node, parts: tuple[Fit, ...]) -> Fit:
    """Any op that means what it says."""
    cost = sum(part.cost for part in parts)
    if node.op == "transpose" and parts[0].shape == ():
        return parts[0]
    true = make(node.op, tuple(part.node for part in parts), node.argument)
    shapes = [part.shape for part in parts if part.shape is not None]
    shape: Shape | None = None
    if len(shapes) == len(parts):
        try:
            shape = SHAPES[node.op](true, tuple(shapes), _equal)
        except ShapeError:
            shape = None
    spreads = node.op in REDUCING or (node.op in CELL_BY_CELL and parts[0].spreads)
    return Fit(true, shape, cost, spreads)


def _equal(left: object, right: object) -> bool:
    return left == right
