"""Making broadcasts visible: where a number or a single row goes with a whole matrix.

A broadcast has a gradient of its own, the sum over what was repeated, so it is a node of the tree.
A number or row that is repeated only for the values' sake would get the wrong one.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.expression.node import Node, broadcast, make, walk
from engine.expression.shape import SHAPES, Shape, ShapeError

ELEMENTWISE = frozenset({"add", "sub", "mul", "div"})
CONSTANT_NAMES = frozenset({"n"})
"""Names that nobody asks the gradient of: the number of observations."""


def _equal(left: object, right: object) -> bool:
    return left == right


def resolve(root: Node, shapes: Mapping[str, Shape]) -> Node:
    """The tree with `broadcast` nodes where a scalar, or a matrix of one row, meets a matrix.

    `shapes` gives the shape of every name: ``()`` or ``(rows, columns)``. Constants (numbers, sizes
    and n) stay as they are. Raises `ShapeError` where operands don't fit.
    """
    done: dict[Node, Node] = {}
    found: dict[Node, Shape] = {}
    constant: set[Node] = set()
    for node in walk(root):
        operands = tuple(done[operand] for operand in node.operands)
        if node.op in ELEMENTWISE:
            operands = _levelled(node.op, operands, found, constant)
        elif node.op in ("leaky_relu", "leaky_mask") and found[operands[1]]:
            raise ShapeError(node.op, operands, tuple(found[operand] for operand in operands))
        new = node if operands == node.operands else make(node.op, operands, node.argument)
        done[node] = new
        if new.op == "name":
            found[new] = shapes[str(new.argument)]
        else:
            known = tuple(_shape(operand, found) for operand in operands)
            found[new] = SHAPES[new.op](new, known, _equal)
        if (
            new.op in ("number", "size")
            or (new.op == "name" and new.argument in CONSTANT_NAMES)
            or (operands and all(operand in constant for operand in operands))
        ):
            constant.add(new)
    return done[root]


def _shape(node: Node, found: dict[Node, Shape]) -> Shape:
    """The shape of a node; of a broadcast that was just made, that of what it is like."""
    if node not in found:
        found[node] = found[node.operands[1]]
    return found[node]


def _levelled(
    op: str, operands: tuple[Node, ...], found: Mapping[Node, Shape], constant: set[Node]
) -> tuple[Node, ...]:
    """The two operands of an elementwise op, brought to one shape."""
    left, right = operands
    a, b = found[left], found[right]
    if a == b:
        return operands
    if not a or not b:
        small, large = (left, right) if not a else (right, left)
        if small in constant:
            return operands
        spread = broadcast(small, large, "scalar")
    elif a[1] == b[1] and 1 in (a[0], b[0]):
        small, large = (left, right) if a[0] == 1 else (right, left)
        spread = broadcast(small, large, "row")
    else:
        raise ShapeError(op, operands, (a, b))
    return (spread, right) if small is left else (left, spread)
