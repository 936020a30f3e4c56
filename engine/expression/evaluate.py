"""The table of values: what each op computes, and the plan that runs a set of trees in one go."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.expression.node import Node, name, walk

Array = NDArray[Any]
Function = Callable[..., Any]


def _sigmoid(x: Array) -> Array:
    """1/(1+e⁻ˣ), without overflow on either side."""
    small = np.exp(-np.abs(x))
    return np.asarray(np.where(x >= 0, 1, small) / (1 + small))


def _softmax(x: Array) -> Array:
    """Of each row; shifted by the row's largest value, which changes nothing and can't overflow."""
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True))


def _mask(x: Array) -> Array:
    return np.greater(x, 0).astype(np.asarray(x).dtype)


def _broadcast(x: Array, like: Array) -> Array:
    return np.broadcast_to(x, np.shape(like))


def _place_rows(x: Array, like: Array, rows: list[int]) -> Array:
    found = np.zeros(np.shape(like), dtype=np.asarray(x).dtype)
    np.add.at(found, rows, x)
    return found


VALUES: dict[str, Function] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "matmul": np.matmul,
    "neg": np.negative,
    "transpose": np.transpose,
    "relu": lambda x: np.maximum(x, 0),
    "leaky_relu": lambda x, slope: np.where(x > 0, x, slope * x),
    "leaky_mask": lambda x, slope: np.where(x > 0, np.ones_like(x), slope),
    "mask": _mask,
    "sigmoid": _sigmoid,
    "tanh": np.tanh,
    "softmax": _softmax,
    "exp": np.exp,
    "ln": np.log,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "sign": np.sign,
    "sum": np.sum,
    "mean": np.mean,
    "sum_rows": lambda x: x.sum(axis=0, keepdims=True),
    "mean_rows": lambda x: x.mean(axis=0, keepdims=True),
    "sum_columns": lambda x: x.sum(axis=1, keepdims=True),
    "mean_columns": lambda x: x.mean(axis=1, keepdims=True),
    "broadcast": _broadcast,
}

SIZES: dict[str, Function] = {
    "all": np.size,
    "rows": lambda x: np.shape(x)[0],
    "columns": lambda x: np.shape(x)[1],
}

WITH_ARGUMENT: dict[str, Callable[[Any], Function]] = {
    "power": lambda exponent: lambda x: np.asarray(x) ** exponent,
    "size": lambda axis: SIZES[axis],
    "select_rows": lambda rows: lambda x: x[list(rows)],
    "place_rows": lambda rows: lambda x, like: _place_rows(x, like, list(rows)),
}
"""Ops whose function depends on the node's argument."""


def operation(node: Node) -> Function:
    """The function that computes the node from its operands' values."""
    if node.op in WITH_ARGUMENT:
        return WITH_ARGUMENT[node.op](node.argument)
    return VALUES[node.op]


_PLAIN: dict[str, Function] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "neg": operator.neg,
    "matmul": np.dot,
    "transpose": operator.attrgetter("T"),
}
"""The quickest function for matrices that fit: in a plan the shapes have been checked before."""

_WITH_CONSTANT: dict[str, tuple[Function, Any]] = {
    "relu": (np.maximum, 0),
    "mask": (lambda x, zero: np.greater(x, zero).astype(zero.dtype), 0),
    "sum": (np.add.reduce, None),
}
"""Ops of one operand whose quickest function takes a constant beside it: np.add.reduce(x, None)."""


def _instruction(node: Node) -> tuple[Function, tuple[Node, ...], tuple[Any, ...]]:
    """What a plan calls for a node: the function, its operands, a constant behind them or none."""
    if node.op in _WITH_CONSTANT:
        function, constant = _WITH_CONSTANT[node.op]
        return function, node.operands, (constant,)
    if node.op == "power" and node.argument == 2:
        return np.square, node.operands, ()
    operands = node.operands
    if node.op in ("add", "sub", "mul", "div"):
        # NumPy repeats a row beside a matrix by itself, and much faster.
        left, right = operands
        if right.op == "broadcast" and right.operands[1] is left:
            operands = (left, right.operands[0])
        elif left.op == "broadcast" and left.operands[1] is right:
            operands = (left.operands[0], right)
    return _PLAIN.get(node.op) or operation(node), operands, ()


class Plan:
    """Trees flattened once into a list of instructions, each subtree computed once a run.

    `inputs` are the names whose values a run is given, in that order; `outputs` the trees whose
    values it returns; `fixed` names whose values stay the same, so that what is made of them alone
    is computed here and now. Numbers are taken at the precision `dtype`. The shapes must fit
    (`engine.expression.shape`): a plan doesn't check them.
    """

    __slots__ = ("_blank", "_code", "_outputs")

    def __init__(
        self,
        inputs: Sequence[str],
        outputs: Iterable[Node],
        dtype: str = "float64",
        fixed: Mapping[str, Any] | None = None,
    ) -> None:
        slots: dict[Node, int] = {name(key): place for place, key in enumerate(inputs)}
        self._blank: list[Any] = []
        self._code: list[tuple[Function, int, int, int]] = []
        roots = tuple(outputs)
        known: dict[Node, Any] = {name(key): value for key, value in (fixed or {}).items()}

        def add(value: Any = None) -> int:
            self._blank.append(value)
            return len(inputs) + len(self._blank) - 1

        def compile_node(node: Node) -> None:
            if node.op == "number":
                # An array of shape () is the quickest constant for NumPy.
                known[node] = np.array(float(_fraction(node)), dtype=dtype)
            if node.op in ("name", "number"):
                if node not in slots:
                    slots[node] = add(known[node])
                return
            function, operands, constants = _instruction(node)
            extra = [c if c is None else np.array(c, dtype=dtype) for c in constants]
            if all(operand in known for operand in operands):
                known[node] = function(*(known[operand] for operand in operands), *extra)
                slots[node] = add(known[node])
                return
            places = [slots[operand] for operand in operands] + [add(value) for value in extra]
            slots[node] = add()
            first, second = (*places, -1)[:2]
            self._code.append((function, slots[node], first, second))

        with np.errstate(all="ignore"):
            for node in _needed(roots):
                compile_node(node)
        self._outputs = [slots[root] for root in roots]

    def run(self, values: Sequence[Any]) -> list[Any]:
        """The outputs' values for these inputs, each an array or a NumPy scalar."""
        slots = [*values, *self._blank]
        for function, target, first, second in self._code:
            slots[target] = (
                function(slots[first]) if second < 0 else function(slots[first], slots[second])
            )
        return [slots[place] for place in self._outputs]


def _fraction(node: Node) -> Fraction:
    assert isinstance(node.argument, Fraction)
    return node.argument


def _needed(roots: Iterable[Node]) -> Iterator[Node]:
    """The nodes that the instructions use, each once, operands before what uses them."""
    done: set[Node] = set()
    stack = [(root, False) for root in reversed(tuple(roots))]
    while stack:
        node, ready = stack.pop()
        if node in done:
            continue
        if ready:
            done.add(node)
            yield node
            continue
        stack.append((node, True))
        operands = _instruction(node)[1] if node.operands else ()
        stack.extend((operand, False) for operand in reversed(operands))


def evaluate(root: Node, values: Mapping[str, Any]) -> Array:
    """The value of one tree; `values` gives the names' values. Shape () for a scalar.

    Where the mathematics has no value (ln 0, 1/0) the cell is inf or nan, without a warning: the
    caller knows the place and says so.
    """
    found: dict[Node, Any] = {}
    with np.errstate(all="ignore"):
        for node in walk(root):
            if node.op == "name":
                found[node] = values[str(node.argument)]
            elif node.op == "number":
                found[node] = np.float64(node.argument)  # type: ignore[arg-type]
            else:
                found[node] = operation(node)(*(found[operand] for operand in node.operands))
    return np.asarray(found[root], dtype=float)
