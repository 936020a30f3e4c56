"""The plan: trees flattened once into instructions, to be run many times at NumPy's own speed."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from engine.expression.evaluate import operation
from engine.expression.node import Node, name
from engine.expression.shape import Shape, shapes_of

Function = Callable[..., Any]


class _Call(NamedTuple):
    """What is called for a node: with the operands' values, then the constant if there is one."""

    function: Function
    operands: tuple[Node, ...]
    constants: tuple[Any, ...] = ()
    buffered: Function | None = None
    """The same function where it takes an array for its result as its last argument."""


PLAIN: dict[str, tuple[Function, Function | None]] = {
    "add": (operator.add, np.add),
    "sub": (operator.sub, np.subtract),
    "mul": (operator.mul, np.multiply),
    "div": (operator.truediv, np.divide),
    "neg": (operator.neg, np.negative),
    "matmul": (np.dot, np.dot),
    "transpose": (operator.attrgetter("T"), None),
}
"""The quickest functions for matrices that fit: the shapes have been checked before."""

WITH_CONSTANT: dict[str, tuple[Function, Any, Function | None]] = {
    "relu": (np.maximum, 0, lambda x, zero, out: np.maximum(x, zero, out=out)),
    "mask": (lambda x, zero: np.greater(x, zero).astype(zero.dtype), 0, None),
    "sum": (np.add.reduce, None, None),
}
"""Ops of one operand whose quickest function takes a constant beside it: np.add.reduce(x, None)."""

VIEWS = frozenset({"transpose", "broadcast", "select_rows", "flatten", "unflatten", "flip"})
"""Ops whose result may share its operand's memory."""


def _call(node: Node) -> _Call:
    if node.op in WITH_CONSTANT:
        function, constant, buffered = WITH_CONSTANT[node.op]
        return _Call(function, node.operands, (constant,), buffered)
    if node.op == "power" and node.argument == 2:
        return _Call(np.square, node.operands, (), np.square)
    operands = node.operands
    if node.op in ("add", "sub", "mul", "div"):
        # NumPy repeats a row beside a matrix by itself, and much faster.
        left, right = operands
        if right.op == "broadcast" and right.operands[1] is left:
            operands = (left, right.operands[0])
        elif left.op == "broadcast" and left.operands[1] is right:
            operands = (left.operands[0], right)
    if node.op in PLAIN:
        function, buffered = PLAIN[node.op]
        return _Call(function, operands, (), buffered)
    return _Call(operation(node), operands)


class Plan:
    """Trees as a list of instructions, each subtree computed once a run.

    `inputs` are the names whose values a run is given, in that order; `outputs` the trees whose
    values it returns; `fixed` gives values that stay the same: what is made of them alone is
    computed here and now. With the inputs' `shapes`, what lies between is written into the same
    memory at every run; the outputs are only where `run` is told to. All values must have the
    precision `dtype`, and the shapes must fit (`engine.expression.shape`): a plan doesn't check
    them.
    """

    __slots__ = ("_blank", "_code", "_nowhere", "_outputs")

    def __init__(
        self,
        inputs: Sequence[str],
        outputs: Iterable[Node],
        dtype: str = "float64",
        fixed: Mapping[str, Any] | None = None,
        shapes: Mapping[str, Shape] | None = None,
    ) -> None:
        roots = tuple(outputs)
        compiler = _Compiler(inputs, roots, dtype, fixed or {}, shapes)
        with np.errstate(all="ignore"):
            for node in compiler.order:
                compiler.compile(node)
        self._blank, self._code = compiler.blank, compiler.code
        self._outputs = [compiler.slots[root] for root in roots]
        self._nowhere = [None] * len(roots)

    def run(self, values: Sequence[Any], into: Sequence[Any] | None = None) -> list[Any]:
        """The outputs' values for these inputs, each an array or a NumPy scalar.

        `into` has for each output an array of its shape that it may be written into, or None: where
        the plan knows the inputs' shapes, large outputs come sooner so. None of these arrays may be
        an input's.
        """
        slots = [*values, *(into or self._nowhere), *self._blank]
        for function, target, first, second, third in self._code:
            if second < 0:
                slots[target] = function(slots[first])
            elif third < 0:
                slots[target] = function(slots[first], slots[second])
            else:
                slots[target] = function(slots[first], slots[second], slots[third])
        return [slots[place] for place in self._outputs]


class _Compiler:
    """Gives every node a slot, and every node that isn't known beforehand an instruction."""

    def __init__(
        self,
        inputs: Sequence[str],
        roots: Sequence[Node],
        dtype: str,
        fixed: Mapping[str, Any],
        shapes: Mapping[str, Shape] | None,
    ) -> None:
        self.inputs, self.dtype = inputs, dtype
        self.calls: dict[Node, _Call] = {}
        self.order = list(self._needed(roots))
        self.slots: dict[Node, int] = {name(key): place for place, key in enumerate(inputs)}
        self.known: dict[Node, Any] = {name(key): value for key, value in fixed.items()}
        self.outputs = len(roots)
        self.shapes: dict[Node, Shape] = {}
        self.reusable: dict[Node, Shape] = {}
        self.targets: dict[Node, int] = {}
        """The slot of the memory that an output may be written into."""
        self.users: Counter[Node] = Counter()
        if shapes is not None:
            self.users.update(each for call in self.calls.values() for each in call.operands)
            named = {**{key: np.shape(value) for key, value in fixed.items()}, **shapes}
            for root in roots:
                self.shapes |= shapes_of(root, named)
            self.reusable = _reusable(roots, self.shapes)
            for place, root in enumerate(roots):
                if self.shapes[root]:
                    self.targets.setdefault(root, len(inputs) + place)
        self.buffers: set[Node] = set()
        self.blank: list[Any] = []
        """What the slots behind the inputs hold before a run."""
        self.code: list[tuple[Function, int, int, int, int]] = []
        """The function, the slot of its result, the slots of its arguments (-1 for none)."""

    def _needed(self, roots: Iterable[Node]) -> Iterator[Node]:
        """The nodes that the instructions use, each once, operands before what uses them."""
        done: set[Node] = set()
        stack = [(root, False) for root in reversed(tuple(roots))]
        while stack:
            node, ready = stack.pop()
            if node in done:
                continue
            if ready or not node.operands:
                done.add(node)
                yield node
                continue
            call = self.calls[node] = _call(node)
            stack.append((node, True))
            stack.extend((operand, False) for operand in reversed(call.operands))

    def compile(self, node: Node) -> None:
        """Give the node its slot; its operands have theirs."""
        if node.op == "number":
            # An array of shape () is the quickest constant for NumPy.
            self.known[node] = np.array(float(node.argument), dtype=self.dtype)  # type: ignore[arg-type]
        if node.op in ("name", "number"):
            if node not in self.slots:
                self.slots[node] = self._add(self.known[node])
            return
        call = self.calls[node]
        constants = [c if c is None else np.array(c, dtype=self.dtype) for c in call.constants]
        if all(operand in self.known for operand in call.operands):
            operands = (self.known[operand] for operand in call.operands)
            self.known[node] = call.function(*operands, *constants)
            self.slots[node] = self._add(self.known[node])
            return
        fixed = [self._add(constant) for constant in constants]
        function, result = call.function, None
        if call.buffered and node in self.targets:
            result = self.targets[node]
            self._move(self._spare(node, call), result)
        elif call.buffered and node in self.reusable:
            result = self._buffer(node, call)
        places = [*(self.slots[operand] for operand in call.operands), *fixed]
        if call.buffered and result is not None:
            function, places = call.buffered, [*places, result]
        self.slots[node] = self._add() if result is None else result
        assert len(places) <= 3, f"a plan's functions take 3 arguments at most, {node.op} has more"
        first, second, third = (*places, -1, -1)[:3]
        self.code.append((function, self.slots[node], first, second, third))

    def _add(self, value: Any = None) -> int:
        self.blank.append(value)
        return len(self.inputs) + self.outputs + len(self.blank) - 1

    def _buffer(self, node: Node, call: _Call) -> int:
        """The slot of the memory for the result: an operand's, if nothing else needs that."""
        self.buffers.add(node)
        spare = self._spare(node, call)
        if spare is not None:
            return self.slots[spare]
        return self._add(np.empty(self.reusable[node], dtype=self.dtype))

    def _spare(self, node: Node, call: _Call) -> Node | None:
        """The operand whose memory the result may be written into, cell by cell."""
        if node.op == "matmul":
            return None
        shape = self.shapes[node]
        return next(
            (
                operand
                for operand in call.operands
                if operand in self.buffers
                and self.users[operand] == 1
                and self.shapes[operand] == shape
            ),
            None,
        )

    def _move(self, node: Node | None, target: int) -> None:
        """Let a node, and all that was written into the same memory, be written elsewhere."""
        if node is None:
            return
        old = self.slots[node]
        self.blank[old - len(self.inputs) - self.outputs] = None
        self.slots = {each: target if slot == old else slot for each, slot in self.slots.items()}
        self.code = [
            (function, *(target if slot == old else slot for slot in slots))  # type: ignore[misc]
            for function, *slots in self.code
        ]


def _reusable(roots: Sequence[Node], shapes: Mapping[Node, Shape]) -> dict[Node, Shape]:
    """The matrices whose memory nobody holds after a run, with their shapes."""
    held = set(roots)
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        if node.op in VIEWS and node.operands[0] not in held:
            held.add(node.operands[0])
            waiting.append(node.operands[0])
    return {node: shape for node, shape in shapes.items() if shape and node not in held}
