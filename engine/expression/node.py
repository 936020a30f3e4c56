"""The tree: a frozen, shared node `(op, operands, argument)`, and the words that build one.

A node says what is computed and nothing else. What can be asked of it (its value, shape, gradient,
printed form, rounding bound, typical mistakes) stands in tables beside this file, one row an op.
Equal nodes are the same object, so `is` compares trees and a tree with shared parts is a graph.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias
from weakref import WeakValueDictionary

Argument: TypeAlias = "str | int | Fraction | tuple[Argument, ...] | None"
Operand: TypeAlias = "Node | int | Fraction"

MAX_REPR, REPR_DEPTH = 2000, 8
"""How much of a node a programmer is shown: a graph with shared parts may be endless as text."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Node:
    """One operation on operands; make it with the functions below, which share equal nodes."""

    op: str
    operands: tuple[Node, ...] = ()
    argument: Argument = None
    _below: tuple[Node, ...] | None = field(default=None, init=False, repr=False)
    """What `walk` found below this node, once it was asked."""

    def __add__(self, other: Operand) -> Node:
        return make("add", (self, as_node(other)))

    def __radd__(self, other: Operand) -> Node:
        return make("add", (as_node(other), self))

    def __sub__(self, other: Operand) -> Node:
        return make("sub", (self, as_node(other)))

    def __rsub__(self, other: Operand) -> Node:
        return make("sub", (as_node(other), self))

    def __mul__(self, other: Operand) -> Node:
        """Elementwise product."""
        return make("mul", (self, as_node(other)))

    def __rmul__(self, other: Operand) -> Node:
        return make("mul", (as_node(other), self))

    def __truediv__(self, other: Operand) -> Node:
        """Elementwise quotient."""
        return make("div", (self, as_node(other)))

    def __rtruediv__(self, other: Operand) -> Node:
        return make("div", (as_node(other), self))

    def __matmul__(self, other: Node) -> Node:
        """Matrix product."""
        return make("matmul", (self, other))

    def __neg__(self) -> Node:
        return make("neg", (self,))

    def __pow__(self, exponent: int) -> Node:
        return make("power", (self,), exponent)

    @property
    def T(self) -> Node:  # noqa: N802 (the field writes it so)
        """The transpose; of a transpose, what was transposed."""
        return self.operands[0] if self.op == "transpose" else make("transpose", (self,))

    def __repr__(self) -> str:
        text = _shown(self, REPR_DEPTH)
        return text if len(text) <= MAX_REPR else f"{text[: MAX_REPR - 1]}…"


def _shown(node: Node, depth: int) -> str:
    if node.op in ("name", "number"):
        return str(node.argument)
    if not depth:
        return f"{node.op}(…)"
    inside = ", ".join(_shown(operand, depth - 1) for operand in node.operands)
    extra = "" if node.argument is None else f"; {node.argument}"
    return f"{node.op}({inside}{extra})"


_nodes: WeakValueDictionary[tuple[str, tuple[Node, ...], Argument], Node] = WeakValueDictionary()


def make(op: str, operands: tuple[Node, ...] = (), argument: Argument = None) -> Node:
    """The node `(op, operands, argument)`: the one that exists, or a new one."""
    key = (op, operands, argument)
    found = _nodes.get(key)
    if found is None:
        found = _nodes[key] = Node(op, operands, argument)
    return found


def name(key: str) -> Node:
    """A named quantity: a given value, or a result of an earlier step."""
    return make("name", (), key)


def number(value: int | Fraction) -> Node:
    """A constant."""
    return make("number", (), Fraction(value))


def as_node(value: Operand) -> Node:
    """The node itself, or the constant."""
    return value if isinstance(value, Node) else number(value)


def function(op: str) -> Callable[[Node], Node]:
    """The constructor of a unary op, such as ``relu``."""

    def build(x: Node) -> Node:
        return make(op, (x,))

    build.__name__ = op
    return build


relu = function("relu")
sigmoid = function("sigmoid")
tanh = function("tanh")
softmax = function("softmax")
exp = function("exp")
ln = function("ln")
sqrt = function("sqrt")
absolute = function("abs")
sign = function("sign")
mask = function("mask")
total = function("sum")
mean = function("mean")
sum_rows = function("sum_rows")
mean_rows = function("mean_rows")
sum_columns = function("sum_columns")
mean_columns = function("mean_columns")


def leaky_relu(x: Node, slope: Operand) -> Node:
    """x where it is positive, slope·x elsewhere; the slope is a scalar."""
    return make("leaky_relu", (x, as_node(slope)))


def leaky_mask(x: Node, slope: Operand) -> Node:
    """1 where x is positive, the slope elsewhere: the derivative of `leaky_relu`."""
    return make("leaky_mask", (x, as_node(slope)))


def size(x: Node, axis: str) -> Node:
    """How many cells, rows or columns x has, as a scalar: axis is "all", "rows" or "columns"."""
    return make("size", (x,), axis)


def select_rows(x: Node, rows: tuple[int, ...]) -> Node:
    """Some rows of x, counted from 0: the observations of one step, or a single one."""
    return make("select_rows", (x,), rows)


def place_rows(x: Node, like: Node, rows: tuple[int, ...]) -> Node:
    """Zeros in the shape of `like`, with the rows of x added at those places.

    What goes back through `select_rows`: a row that was selected twice gets the sum.
    """
    return make("place_rows", (x, like), rows)


Pair = tuple[int, int]
ONCE: Pair = (1, 1)


def conv2d(
    x: Node, kernel: Node, stride: Pair = ONCE, padding: Pair = (0, 0), dilation: Pair = ONCE
) -> Node:
    """The cross-correlation of one picture with a kernel; each pair is for rows and columns."""
    return make("conv2d", (x, kernel), (stride, padding, dilation))


def max_pool2d(x: Node, size: Pair, stride: Pair) -> Node:
    """The largest cell of each window; of equal ones the first in reading order gets a gradient."""
    return make("max_pool2d", (x,), (size, stride))


def avg_pool2d(x: Node, size: Pair, stride: Pair) -> Node:
    """The mean of each window."""
    return make("avg_pool2d", (x,), (size, stride))


flatten = function("flatten")
flip = function("flip")


def broadcast(x: Node, like: Node, kind: str) -> Node:
    """x repeated to the shape of `like`; kind says what x is: "scalar", "row" or "column".

    A visible node, because it has a gradient: the sum over what was repeated.
    """
    return make("broadcast", (x, like), kind)


def walk(root: Node) -> tuple[Node, ...]:
    """Every node below the root once, operands before what uses them, the root last."""
    below = root._below
    if below is None:
        # Trees are walked again and again. The root itself isn't kept, or it would never be freed.
        below = tuple(_found_below(root))
        object.__setattr__(root, "_below", below)
    return (*below, root)


def _found_below(root: Node) -> Iterator[Node]:
    seen: set[Node] = set()
    stack: list[tuple[Node, bool]] = [(root, False)]
    while stack:
        node, ready = stack.pop()
        if ready:
            if node is not root:
                yield node
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((operand, False) for operand in reversed(node.operands))


def names(root: Node) -> tuple[str, ...]:
    """The names that the tree mentions, each once, in reading order."""
    return tuple(str(node.argument) for node in walk(root) if node.op == "name")


def substitute(root: Node, replacements: Mapping[Node, Node]) -> Node:
    """The tree with each node of `replacements` replaced, outermost first."""
    done: dict[Node, Node] = dict(replacements)
    stack = [root]
    while stack:
        node = stack[-1]
        if node in done:
            stack.pop()
            continue
        waiting = [operand for operand in node.operands if operand not in done]
        if waiting:
            stack.extend(waiting)
            continue
        operands = tuple(done[operand] for operand in node.operands)
        done[node] = node if operands == node.operands else make(node.op, operands, node.argument)
        stack.pop()
    return done[root]


def rename(root: Node, new_names: Mapping[str, str]) -> Node:
    """The tree with names exchanged."""
    return substitute(root, {name(old): name(new) for old, new in new_names.items()})
