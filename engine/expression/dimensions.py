"""Symbolic sizes: which rows and columns of a network must agree, and other sizes that would do.

A formula that fits a 2x2 exercise may still be wrong in shape. So the sizes themselves are unknowns
here, united wherever an operation needs two of them to be equal; what stays free can be drawn anew,
all different, and only a formula that is right in shape still fits then.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from engine.expression.node import Node, walk
from engine.expression.shape import SHAPES, Shape, ShapeError

SMALLEST, LARGEST = 2, 7


class Size:
    """An unknown number of rows or columns; sizes that were united are one."""

    __slots__ = ("_parent", "_value")

    def __init__(self) -> None:
        self._parent: Size | None = None
        self._value: int | None = None

    def root(self) -> Size:
        """The size that stands for all those united with this one."""
        root = self
        while root._parent is not None:
            root = root._parent
        if root is not self:
            self._parent = root  # shortens the way
        return root

    @property
    def value(self) -> int | None:
        """What it must be; None while it is free."""
        return self.root()._value

    def join(self, other: Dimension) -> bool:
        """Make it equal to another size or a number; False where that can't be."""
        mine = self.root()
        if isinstance(other, int):
            if mine._value is None:
                mine._value = other
            return mine._value == other
        theirs = other.root()
        if mine is theirs:
            return True
        if mine._value is None:
            mine._parent = theirs
            return True
        if theirs._value in (None, mine._value):
            theirs._parent = mine
            return True
        return False


Dimension: TypeAlias = Size | int


def unify(left: Dimension, right: Dimension) -> bool:
    """Make two sizes equal; False where they are two different numbers."""
    if isinstance(left, Size):
        return left.join(right)
    if isinstance(right, Size):
        return right.join(left)
    return left == right


@dataclass(frozen=True)
class Dimensions:
    """The sizes of every quantity, as far as they are determined."""

    shapes: Mapping[str, Shape]
    avoid: frozenset[int]
    """Sizes that a free one doesn't get: those of the exercise itself."""

    def draw(self, seed: int) -> dict[str, tuple[int, ...]]:
        """Shapes that would do as well: every free size small, and different from all others.

        The same seed always gives the same shapes.
        """
        free: dict[Size, int] = {}
        fixed: set[int] = set()
        for shape in self.shapes.values():
            for dimension in shape:
                value = dimension.value if isinstance(dimension, Size) else dimension
                if value is None:
                    free[dimension.root()] = 0
                else:
                    fixed.add(value)
        taken = self.avoid | fixed
        pool = [size for size in range(SMALLEST, LARGEST + 1) if size not in taken]
        following = LARGEST + 1
        while len(pool) < len(free):
            if following not in taken:
                pool.append(following)
            following += 1
        drawn = random.Random(seed).sample(pool, len(free))
        free.update(zip(free, drawn, strict=True))

        def concrete(dimension: Dimension) -> int:
            if isinstance(dimension, int):
                return dimension
            value = dimension.value
            return free[dimension.root()] if value is None else value

        return {key: tuple(map(concrete, shape)) for key, shape in self.shapes.items()}


def infer(
    given: Mapping[str, Shape],
    trees: Mapping[str, Node],
    *,
    alike: Iterable[tuple[str, str]] = (),
    fixed: Iterable[tuple[str, int, int]] = (),
) -> Dimensions:
    """What the sizes of the given values must satisfy for every tree to fit.

    `given` has the exercise's own shapes, in whole numbers; `trees` the named results in the order
    in which they are computed; `alike` pairs of quantities of the same shape; `fixed` sizes that
    are known, as (name, 0 for rows or 1 for columns, size). Where an op reckons with sizes
    (a convolution), its operands keep the exercise's own sizes; where it counts rows
    (`select_rows`), as many of these.
    Raises `ShapeError` where the exercise itself doesn't fit.
    """
    shapes: dict[str, Shape] = {key: tuple(Size() for _ in shape) for key, shape in given.items()}
    own: dict[str, Shape] = dict(given)
    for key, tree in trees.items():
        shapes[key] = _infer_tree(tree, shapes, own)
        own[key] = _own_shape(tree, own)
    for left, right in alike:
        if len(shapes[left]) == len(shapes[right]):
            _same_shape(shapes[left], shapes[right])
    for key, axis, size in fixed:
        unify(shapes[key][axis], size)
    return Dimensions(shapes, frozenset(size for shape in own.values() for size in shape))


def _same_shape(left: Sequence[Dimension], right: Sequence[Dimension]) -> None:
    for one, other in zip(left, right, strict=True):
        unify(one, other)


COUNTED = {"select_rows": 0, "place_rows": 1}
"""Ops that count rows, with the operand whose rows they count."""


def _infer_tree(root: Node, named: Mapping[str, Shape], own: Mapping[str, Shape]) -> Shape:
    found: dict[Node, Shape] = {}
    plain: dict[Node, Shape] = {}
    for node in walk(root):
        if node.op == "name":
            found[node] = named[str(node.argument)]
            continue
        operands = tuple(found[operand] for operand in node.operands)
        if node.op in COUNTED:
            counted = COUNTED[node.op]
            unify(operands[counted][0], _own_shape(node.operands[counted], own, plain)[0])
        shape = _symbolic(node, operands)
        if shape is None:
            for operand, symbolic in zip(node.operands, operands, strict=True):
                _same_shape(symbolic, _own_shape(operand, own, plain))
            shape = _own_shape(node, own, plain)
        found[node] = shape
    return found[root]


def _symbolic(node: Node, operands: tuple[Shape, ...]) -> Shape | None:
    """The shape, or None where the op's rule needs to know the sizes."""
    try:
        return SHAPES[node.op](node, operands, unify)
    except ShapeError:
        raise
    except (TypeError, AttributeError):
        return None


def _own_shape(
    root: Node, own: Mapping[str, Shape], found: dict[Node, Shape] | None = None
) -> Shape:
    found = {} if found is None else found
    for node in walk(root):
        if node.op == "name":
            found[node] = own[str(node.argument)]
        elif node not in found:
            operands = tuple(found[operand] for operand in node.operands)
            found[node] = SHAPES[node.op](node, operands, lambda left, right: bool(left == right))
    return found[root]
