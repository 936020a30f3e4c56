"""The table of shapes: what shape each op makes of its operands' shapes.

A shape is ``()`` for a scalar or ``(rows, columns)``. Sizes are integers when a problem is checked
and `engine.expression.dimensions.Size` when the sizes themselves are what is looked for, so the
rules compare sizes only through `same`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.expression.node import Node, walk
from engine.expression.windows import SETTINGS, window_of
from engine.language import tr

Shape = tuple[Any, ...]
Same = Callable[[Any, Any], bool]
Rule = Callable[[Node, tuple[Shape, ...], Same], Shape]


class ShapeError(ValueError):
    """An operation whose operands don't fit: which operation, the operands and their shapes."""

    def __init__(self, op: str, operands: tuple[Node, ...], shapes: tuple[Shape, ...]) -> None:
        self.op, self.operands, self.shapes = op, operands, shapes
        super().__init__(self.describe())

    def describe(self, show: Callable[[Node], str] = repr) -> str:
        """The sentence for a person; `show` prints an operand."""
        sides = [
            f"{show(n)} ({shape_text(s)})" for n, s in zip(self.operands, self.shapes, strict=True)
        ]
        if self.op == "matmul":
            if () in self.shapes:
                return tr(
                    "The matrix product doesn't go with a number: {left} and {right}.",
                    left=sides[0],
                    right=sides[1],
                )
            return tr(
                "{left} and {right} can't be multiplied: the columns of the first ({columns}) and "
                "the rows of the second ({rows}) must be equally many.",
                left=sides[0],
                right=sides[1],
                columns=self.shapes[0][1],
                rows=self.shapes[1][0],
            )
        if self.op in ("leaky_relu", "leaky_mask"):
            return tr("The slope must be a number, not {slope}.", slope=sides[1])
        if self.op in SETTINGS or self.op == "unflatten":
            return self._of_window(sides)
        if len(sides) == 1:
            return tr("{operand} doesn't fit here: a matrix is needed.", operand=sides[0])
        return tr(
            "{left} and {right} don't fit cell by cell: their shapes differ.",
            left=sides[0],
            right=sides[1],
        )

    def _of_window(self, sides: list[str]) -> str:
        if self.op == "conv2d" and () not in self.shapes:
            return tr(
                "The kernel {kernel} doesn't fit into {picture}.", kernel=sides[1], picture=sides[0]
            )
        if self.op in ("max_pool2d", "avg_pool2d") and () not in self.shapes:
            return tr("The window doesn't fit into {picture}.", picture=sides[0])
        return tr(
            "{operand} doesn't fit here: a matrix of another size is needed.", operand=sides[0]
        )


def shape_text(shape: Shape) -> str:
    """A shape as people write it: ``2x3``, or "a number" for a scalar."""
    return "x".join(map(str, shape)) if shape else tr("a number")


def _same_shape(node: Node, shapes: tuple[Shape, ...], same: Same) -> Shape:
    """Elementwise: equal shapes, or a scalar with anything."""
    left, right = shapes
    if not left or not right:
        return left or right
    if same(left[0], right[0]) and same(left[1], right[1]):
        return left
    raise ShapeError(node.op, node.operands, shapes)


def _product(node: Node, shapes: tuple[Shape, ...], same: Same) -> Shape:
    left, right = shapes
    if left and right and same(left[1], right[0]):
        return (left[0], right[1])
    raise ShapeError(node.op, node.operands, shapes)


def _unchanged(node: Node, shapes: tuple[Shape, ...], same: Same) -> Shape:
    return shapes[0]


def _needs_matrix(rule: Callable[[Shape], Shape]) -> Rule:
    def apply(node: Node, shapes: tuple[Shape, ...], same: Same) -> Shape:
        if not shapes[0]:
            raise ShapeError(node.op, node.operands, shapes)
        return rule(shapes[0])

    return apply


def _scalar(node: Node, shapes: tuple[Shape, ...], same: Same) -> Shape:
    return ()


def _broadcast(node: Node, shapes: tuple[Shape, ...], same: Same) -> Shape:
    x, like = shapes
    match node.argument:
        case "scalar":
            fits = x == ()
        case "row":
            fits = bool(x and like) and same(x[0], 1) and same(x[1], like[1])
        case _:
            fits = bool(x and like) and same(x[1], 1) and same(x[0], like[0])
    if not fits:
        raise ShapeError(node.op, node.operands, shapes)
    return like


def _leaky(node: Node, shapes: tuple[Shape, ...], same: Same) -> Shape:
    if shapes[1]:
        raise ShapeError(node.op, node.operands, shapes)
    return shapes[0]


def _size(node: Node, shapes: tuple[Shape, ...], same: Same) -> Shape:
    if node.argument != "all" and not shapes[0]:
        raise ShapeError(node.op, node.operands, shapes)
    return ()


def _place_rows(node: Node, shapes: tuple[Shape, ...], same: Same) -> Shape:
    x, like = shapes
    rows = node.argument
    assert isinstance(rows, tuple)
    within = bool(like) and (not isinstance(like[0], int) or _has(like[0], rows))
    if x and within and same(x[0], len(rows)) and same(x[1], like[1]):
        return like
    raise ShapeError(node.op, node.operands, shapes)


def _results(node: Node, shapes: tuple[Shape, ...], picture: Shape) -> Shape:
    """The places of the window over a picture: at least one."""
    if () in shapes:
        raise ShapeError(node.op, node.operands, shapes)
    rows, columns = window_of(node.op, node.argument, shapes).results((picture[0], picture[1]))
    if rows < 1 or columns < 1:
        raise ShapeError(node.op, node.operands, shapes)
    return (rows, columns)


def _window(node: Node, shapes: tuple[Shape, ...], same: Same) -> Shape:
    return _results(node, shapes, shapes[0])


def _window_back(of: int, result: int) -> Rule:
    """`of` is the place of the picture among the operands, `result` of what the result is like."""

    def apply(node: Node, shapes: tuple[Shape, ...], same: Same) -> Shape:
        if _results(node, shapes, shapes[of]) != shapes[0]:
            raise ShapeError(node.op, node.operands, shapes)
        return shapes[result]

    return apply


def _window_pick(node: Node, shapes: tuple[Shape, ...], same: Same) -> Shape:
    found = _results(node, shapes, shapes[1])
    if shapes[0] != shapes[1]:
        raise ShapeError(node.op, node.operands, shapes)
    return found


def _unflatten(node: Node, shapes: tuple[Shape, ...], same: Same) -> Shape:
    x, like = shapes
    if x and like and same(x[0], 1) and same(x[1], like[0] * like[1]):
        return like
    raise ShapeError(node.op, node.operands, shapes)


def _select_rows(node: Node, shapes: tuple[Shape, ...], same: Same) -> Shape:
    rows = node.argument
    assert isinstance(rows, tuple)
    if not shapes[0] or (isinstance(shapes[0][0], int) and not _has(shapes[0][0], rows)):
        raise ShapeError(node.op, node.operands, shapes)
    return (len(rows), shapes[0][1])


def _has(height: int, rows: tuple[Any, ...]) -> bool:
    return all(row < height for row in rows)


SHAPES: dict[str, Rule] = {
    "number": _scalar,
    "add": _same_shape,
    "sub": _same_shape,
    "mul": _same_shape,
    "div": _same_shape,
    "matmul": _product,
    "transpose": _needs_matrix(lambda shape: (shape[1], shape[0])),
    "sum_rows": _needs_matrix(lambda shape: (1, shape[1])),
    "mean_rows": _needs_matrix(lambda shape: (1, shape[1])),
    "sum_columns": _needs_matrix(lambda shape: (shape[0], 1)),
    "mean_columns": _needs_matrix(lambda shape: (shape[0], 1)),
    "softmax": _needs_matrix(lambda shape: shape),
    "sum": _scalar,
    "mean": _scalar,
    "size": _size,
    "broadcast": _broadcast,
    "select_rows": _select_rows,
    "place_rows": _place_rows,
    "conv2d": _window,
    "conv2d_to_input": _window_back(2, 2),
    "conv2d_to_kernel": _window_back(1, 2),
    "max_pool2d": _window,
    "max_pool2d_to_input": _window_back(1, 1),
    "max_pool2d_pick": _window_pick,
    "avg_pool2d": _window,
    "avg_pool2d_to_input": _window_back(1, 1),
    "flatten": _needs_matrix(lambda shape: (1, shape[0] * shape[1])),
    "unflatten": _unflatten,
    "flip": _needs_matrix(lambda shape: shape),
    **dict.fromkeys(
        ("neg", "power", "relu", "sigmoid", "tanh", "exp", "ln", "sqrt", "abs", "sign", "mask"),
        _unchanged,
    ),
    **dict.fromkeys(("leaky_relu", "leaky_mask"), _leaky),
}


def _equal(left: Any, right: Any) -> bool:
    return bool(left == right)


def shapes_of(root: Node, named: Mapping[str, Shape], same: Same = _equal) -> dict[Node, Shape]:
    """The shape of every node of the tree; raises `ShapeError` where operands don't fit.

    `named` gives the shapes of the names; a name that it doesn't have raises `KeyError`.
    """
    found: dict[Node, Shape] = {}
    for node in walk(root):
        if node.op == "name":
            found[node] = named[str(node.argument)]
        else:
            shapes = tuple(found[operand] for operand in node.operands)
            found[node] = SHAPES[node.op](node, shapes, same)
    return found


def shape_of(root: Node, named: Mapping[str, Shape]) -> Shape:
    """The shape that the tree has when its names have those shapes."""
    return shapes_of(root, named)[root]
