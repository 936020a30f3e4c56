"""The table of gradients: what each op sends back to its operands. A gradient is a tree again."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from engine.expression.node import (
    Node,
    broadcast,
    flatten,
    flip,
    leaky_mask,
    make,
    mask,
    name,
    number,
    place_rows,
    relu,
    select_rows,
    sign,
    size,
    sum_columns,
    sum_rows,
    total,
    walk,
)

ONE = number(1)

# --- building without trivial factors: a derived tree reads as a person would write it ----------


def times(left: Node, right: Node) -> Node:
    """The elementwise product, without a factor 1."""
    if left is ONE:
        return right
    return left if right is ONE else left * right


def minus(x: Node) -> Node:
    """The negative; of a negative, what was negated."""
    return x.operands[0] if x.op == "neg" else -x


# --- elementwise functions: the gradient is the upstream one times a local derivative ------------

LOCAL: dict[str, Callable[[Node, Node], Node]] = {
    "relu": lambda y, x: mask(x),
    "leaky_relu": lambda y, x: leaky_mask(x, y.operands[1]),
    "sigmoid": lambda y, x: y * (1 - y),
    "tanh": lambda y, x: 1 - y**2,
    "exp": lambda y, x: y,
    "ln": lambda y, x: 1 / x,
    "sqrt": lambda y, x: 1 / (2 * y),
    "abs": lambda y, x: sign(x),
    "power": lambda y, x: _power_rule(x, y.argument),
}
"""The derivative of y = op(x) by its first operand x, cell by cell."""


def _power_rule(x: Node, exponent: object) -> Node:
    """(xᵏ)' = k·xᵏ⁻¹"""
    assert isinstance(exponent, int)
    if exponent == 0:
        return number(0)
    base = ONE if exponent == 1 else x if exponent == 2 else x ** (exponent - 1)
    return times(number(exponent), base)


# --- the others --------------------------------------------------------------------------------

Contributions = tuple[Node | None, ...]


def _matmul(y: Node, g: Node) -> Contributions:
    a, b = y.operands
    return (g @ b.T, a.T @ g)


def _mul(y: Node, g: Node) -> Contributions:
    a, b = y.operands
    return (times(g, b), times(g, a))


def _div(y: Node, g: Node) -> Contributions:
    a, b = y.operands
    return (g / b, minus(times(g, a) / b**2))


def _softmax(y: Node, g: Node) -> Contributions:
    """pᵢ·(gᵢ - Σⱼ gⱼ·pⱼ), row by row."""
    return (y * (g - broadcast(sum_columns(times(g, y)), y, "column")),)


def _leaky_relu(y: Node, g: Node) -> Contributions:
    """The slope, a number, gets the sum over where x is negative: min(0, x) = x - max(0, x)."""
    x, slope = y.operands
    return (times(g, leaky_mask(x, slope)), total(times(g, x - relu(x))))


def _leaky_mask(y: Node, g: Node) -> Contributions:
    x, _ = y.operands
    return (None, total(times(g, 1 - mask(x))))


def _select_rows(y: Node, g: Node) -> Contributions:
    return (place_rows(g, y.operands[0], _rows(y)),)


def _place_rows(y: Node, g: Node) -> Contributions:
    return (select_rows(g, _rows(y)), None)


def _rows(y: Node) -> tuple[int, ...]:
    assert isinstance(y.argument, tuple)
    return tuple(int(row) for row in y.argument if isinstance(row, int))


def _convolution(y: Node, g: Node) -> Contributions:
    x, w = y.operands
    return (
        make("conv2d_to_input", (g, w, x), y.argument),
        make("conv2d_to_kernel", (g, x, w), y.argument),
    )


def _convolution_to_input(y: Node, h: Node) -> Contributions:
    g, w, _ = y.operands
    return (
        make("conv2d", (h, w), y.argument),
        make("conv2d_to_kernel", (g, h, w), y.argument),
        None,
    )


def _convolution_to_kernel(y: Node, h: Node) -> Contributions:
    g, x, _ = y.operands
    return (
        make("conv2d", (x, h), y.argument),
        make("conv2d_to_input", (g, h, x), y.argument),
        None,
    )


def _windows_back(op: str) -> Callable[[Node, Node], Contributions]:
    """A pooling's gradient goes back by `op`, which looks at the input too."""
    return lambda y, g: (make(op, (g, y.operands[0]), y.argument),)


def _beside_input(op: str) -> Callable[[Node, Node], Contributions]:
    """The same for an op that has the pooling's input as its second operand."""
    return lambda y, g: (make(op, (g, y.operands[1]), y.argument), None)


def _broadcast(y: Node, g: Node) -> Contributions:
    gather = {"scalar": total, "row": sum_rows, "column": sum_columns}[str(y.argument)]
    return (gather(g), None)


def _turned(node: Node) -> Node:
    """The transpose, of a product written as one: Bᵀ·Aᵀ for (A·B)ᵀ."""
    if node.op != "matmul":
        return node.T
    left, right = node.operands
    return _turned(right) @ _turned(left)


def _spread(kind: str, axis: str | None) -> Callable[[Node, Node], Contributions]:
    """Sums and means send the same gradient to every cell that they gathered."""

    def rule(y: Node, g: Node) -> Contributions:
        (x,) = y.operands
        return (broadcast(g if axis is None else g / size(x, axis), x, kind),)

    return rule


GRADIENTS: dict[str, Callable[[Node, Node], Contributions]] = {
    "add": lambda y, g: (g, g),
    "sub": lambda y, g: (g, minus(g)),
    "neg": lambda y, g: (minus(g),),
    "mul": _mul,
    "div": _div,
    "matmul": _matmul,
    "transpose": lambda y, g: (_turned(g),),
    "softmax": _softmax,
    "leaky_relu": _leaky_relu,
    "leaky_mask": _leaky_mask,
    "select_rows": _select_rows,
    "place_rows": _place_rows,
    "broadcast": _broadcast,
    "conv2d": _convolution,
    "conv2d_to_input": _convolution_to_input,
    "conv2d_to_kernel": _convolution_to_kernel,
    "max_pool2d": _windows_back("max_pool2d_to_input"),
    "max_pool2d_to_input": _beside_input("max_pool2d_pick"),
    "max_pool2d_pick": _beside_input("max_pool2d_to_input"),
    "avg_pool2d": _windows_back("avg_pool2d_to_input"),
    "avg_pool2d_to_input": lambda y, g: (make("avg_pool2d", (g,), y.argument), None),
    "flatten": lambda y, g: (make("unflatten", (g, y.operands[0])),),
    "unflatten": lambda y, g: (flatten(g), None),
    "flip": lambda y, g: (flip(g),),
    "sum": _spread("scalar", None),
    "mean": _spread("scalar", "all"),
    "sum_rows": _spread("row", None),
    "mean_rows": _spread("row", "rows"),
    "sum_columns": _spread("column", None),
    "mean_columns": _spread("column", "columns"),
}
"""For y = op(operands) and the upstream gradient g: the part that each operand gets, or None."""

WITHOUT_GRADIENT = frozenset({"mask", "sign", "size"})
"""Piecewise constant: nothing flows back."""


def local_derivative(y: Node) -> Node | None:
    """What an elementwise op multiplies the upstream gradient by; None if y isn't elementwise."""
    rule = LOCAL.get(y.op)
    return rule(y, y.operands[0]) if rule else None


def contributions(y: Node, g: Node) -> Contributions:
    """What y sends back to each of its operands when g arrives."""
    if y.op in WITHOUT_GRADIENT:
        return (None,) * len(y.operands)
    if y.op in GRADIENTS:
        return GRADIENTS[y.op](y, g)
    return (times(g, LOCAL[y.op](y, y.operands[0])),)


def gradients(root: Node, upstream: Node, wanted: Iterable[str]) -> dict[str, Node]:
    """The gradient of each wanted name, when `upstream` arrives at the root.

    A name that occurs several times gets the sum; a name that nothing flows back to is left out.
    """
    keys = list(dict.fromkeys(wanted))
    targets = {name(key) for key in keys}
    order = list(walk(root))
    useful: set[Node] = set(targets)
    for node in order:
        if any(operand in useful for operand in node.operands):
            useful.add(node)
    arrived: dict[Node, Node] = {root: upstream}
    for node in reversed(order):
        g = arrived.get(node)
        if g is None or not node.operands:
            continue
        parts = contributions(node, g)
        for operand, part in zip(node.operands, parts, strict=True):
            if part is not None and operand in useful:
                before = arrived.get(operand)
                arrived[operand] = part if before is None else before + part
    return {key: arrived[name(key)] for key in keys if name(key) in arrived}
