"""The rewrites behind the misconceptions: one thing done wrong to a step's tree.

Each takes the place (the step and its solution) and a tree, and yields the trees that one would
have computed by that mistake. They say nothing to a learner: the messages stand in the table of
`engine.marking.misconceptions`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce

from engine.expression.derive import minus
from engine.expression.node import (
    Node,
    make,
    mask,
    name,
    names,
    number,
    select_rows,
    substitute,
    walk,
)
from engine.language import mark_text
from engine.network.layers import ACTIVATIONS
from engine.network.losses import N
from engine.network.model import Entry
from engine.network.passes import BACKWARD, LOSS_PASS, UPDATE
from engine.network.solution import Solution, Step


@dataclass(frozen=True, eq=False)
class Place:
    """What a rewrite may look at: the step and the solution that it stands in."""

    solution: Solution
    step: Step

    @property
    def upstream(self) -> Node | None:
        key = self.step.quantity.upstream
        return name(key) if key else None

    @property
    def entry(self) -> Entry | None:
        """The forward entry that the step is about."""
        for entry in self.solution.network.entries:
            if entry.to == self.step.quantity.result.partition("@")[0]:
                return entry
        return None

    @property
    def rows(self) -> int:
        """n, the number of observations; 1 where the problem has none."""
        counted = self.solution.numbers.get(N)
        return 1 if counted is None else int(counted)


@dataclass(frozen=True, slots=True)
class Change:
    """What a rewrite yields: the wrong tree, and the keys that the message names."""

    node: Node
    used: str = ""
    meant: str = ""
    message: str = ""
    """A message of its own, where the table's doesn't fit."""


Rewrite = Callable[[Place, Node], Iterator[Change]]

N_NODE = name(N)


def each(root: Node, op: str) -> Iterator[Node]:
    """The nodes of one op, outermost first: the mistake nearest to the result is the likeliest."""
    return (node for node in reversed(walk(root)) if node.op == op)


def put(root: Node, old: Node, new: Node) -> Change:
    return Change(substitute(root, {old: new}))


def _is_constant(node: Node) -> bool:
    return node.op == "number"


# --- the mask -------------------------------------------------------------------------------------

MASKS = ("mask", "leaky_mask")


def mask_missing(place: Place, root: Node) -> Iterator[Change]:
    for product in each(root, "mul"):
        left, right = product.operands
        if right.op in MASKS:
            yield put(root, product, left)
        if left.op in MASKS:
            yield put(root, product, right)


def mask_values(place: Place, root: Node) -> Iterator[Change]:
    entry = place.entry
    for masked in [*each(root, "mask"), *each(root, "leaky_mask")]:
        yield put(root, masked, masked.operands[0])
        if entry is not None and masked.operands[0] == name(entry.source):
            yield put(root, masked, name(entry.to))


def mask_of_output_gradient(place: Place, root: Node) -> Iterator[Change]:
    upstream = place.upstream
    for masked in each(root, "mask"):
        if upstream is not None and masked.operands[0] is not upstream:
            yield put(root, masked, mask(upstream))


# --- the forward pass -----------------------------------------------------------------------------


def activation_missing(place: Place, root: Node) -> Iterator[Change]:
    for op in ACTIVATIONS:
        for node in each(root, op):
            yield put(root, node, node.operands[0])
    if place.step.stage == UPDATE:
        return
    for entry in place.solution.network.entries:
        if entry.layer in ACTIVATIONS and place.step.key != entry.to and place.entry is not entry:
            changed = substitute(root, {name(entry.to): name(entry.source)})
            if changed is not root:
                yield Change(changed)


def bias_missing(place: Place, root: Node) -> Iterator[Change]:
    for added in each(root, "add") if place.step.stage != BACKWARD else ():
        if added.operands[1].op == "broadcast" and added.operands[1].argument != "column":
            yield put(root, added, added.operands[0])


# --- averages and coefficients --------------------------------------------------------------------


def _divides_by_n(node: Node) -> Node | None:
    """What is left of a quotient when its 1/n is forgotten; None if it has none."""
    above, below = node.operands
    if below is N_NODE:
        return above
    if below.op == "mul" and below.operands[1] is N_NODE:
        return above / below.operands[0]
    return None


def not_averaged(place: Place, root: Node) -> Iterator[Change]:
    for node in each(root, "div"):
        left = _divides_by_n(node)
        if left is not None:
            yield put(root, node, left)


AVERAGED_GRADIENT = mark_text(
    "There is one 1/n too many: this is the derivative of the mean. Here each observation's own "
    "loss is meant, and its gradient isn't divided by n."
)


def averaged(place: Place, root: Node) -> Iterator[Change]:
    if place.rows == 1:
        return
    skill = place.step.skill
    if skill.endswith(".gradient"):
        loss = place.solution.network.loss
        own = loss is not None and (loss.per_observation or loss.reduction == "sum")
        yield Change(root / N_NODE, message=AVERAGED_GRADIENT if own else "")
    elif place.step.stage == LOSS_PASS or skill.endswith("_gradient"):
        yield Change(root / N_NODE)
    elif place.step.stage == UPDATE:
        for key in names(root):
            if key.startswith("grad."):
                yield put(root, name(key), name(key) / N_NODE)
    elif any(node is root for node in place.step.quantity.others):
        yield Change(root / N_NODE)


def coefficient_missing(place: Place, root: Node) -> Iterator[Change]:
    for node in each(root, "mul"):
        left, right = node.operands
        if _is_constant(left):
            yield put(root, node, right)
    for node in each(root, "div"):
        above, below = node.operands
        if _is_constant(below):
            yield put(root, node, above)
        elif below.op == "mul" and _is_constant(below.operands[0]):
            yield put(root, node, above / below.operands[1])
    loss = place.solution.network.loss
    if loss is not None and loss.half and place.step.skill == f"{loss.kind}.gradient":
        yield Change(number(2) * root)


# --- the loss -------------------------------------------------------------------------------------


def difference_reversed(place: Place, root: Node) -> Iterator[Change]:
    if place.step.skill.endswith(".gradient"):
        for node in each(root, "sub"):
            left, right = node.operands
            if not _is_constant(left):
                yield put(root, node, right - left)
        yield Change(minus(root))


def square_missing(place: Place, root: Node) -> Iterator[Change]:
    for node in each(root, "power"):
        if node.argument == 2:
            yield put(root, node, node.operands[0])
            yield put(root, node, make("abs", node.operands))


def wrong_log_base(place: Place, root: Node) -> Iterator[Change]:
    logarithms = {node for node in walk(root) if node.op == "ln"}
    for base in (10, 2):
        if logarithms:
            divisor = make("ln", (number(base),))
            yield Change(substitute(root, {node: node / divisor for node in logarithms}))


# --- the backward pass ----------------------------------------------------------------------------


def updated_weights(place: Place, root: Node) -> Iterator[Change]:
    if place.step.stage != BACKWARD:
        return
    for key in names(root):
        if f"new.{key}" in place.solution:
            yield Change(substitute(root, {name(key): name(f"new.{key}")}), f"new.{key}", key)


def derivative_of_output(place: Place, root: Node) -> Iterator[Change]:
    entry = place.entry
    if place.step.stage != BACKWARD or entry is None or entry.layer not in ("sigmoid", "tanh"):
        return
    result, source = name(entry.to), name(entry.source)
    if place.step.node is root and entry.to in names(root):
        yield Change(substitute(root, {result: make(entry.layer, (result,))}))
        yield Change(substitute(root, {result: source}))


def factor_missing(place: Place, root: Node) -> Iterator[Change]:
    if place.step.stage == UPDATE:
        return
    for node in each(root, "mul"):
        for kept, dropped in (node.operands, node.operands[::-1]):
            scalar = _is_constant(dropped) or _is_constant(kept)
            if not scalar and dropped.op not in MASKS and dropped is not N_NODE:
                yield put(root, node, kept)


def sum_missing(place: Place, root: Node) -> Iterator[Change]:
    """Only one observation's, one path's or one term's part."""
    parts = [*_summands(root)] if place.step.stage == BACKWARD else []
    if len(parts) > 1:
        for part in parts:
            yield Change(part)
    if len(parts) > 2:
        for left_out in parts:
            yield Change(_sum_of([part for part in parts if part is not left_out]))
    numbers = place.solution.numbers
    if place.step.skill.endswith(("weight_gradient", "bias_gradient")) and root.op in (
        "matmul",
        "sum_rows",
    ):
        upstream = place.upstream
        rows = numbers[place.step.quantity.upstream].shape[0] if upstream is not None else 1
        for row in range(rows if 1 < rows <= 8 else 0):
            taken = {name(key): select_rows(name(key), (row,)) for key in names(root)}
            yield Change(substitute(root, taken))
    if place.step.stage == LOSS_PASS or place.step.skill.endswith(".gradient"):
        for node in each(root, "add"):
            yield put(root, node, node.operands[0])
            yield put(root, node, node.operands[1])
    for node in each(root, "sum"):
        yield from _single_terms(place, root, node)


def _summands(root: Node) -> Iterator[Node]:
    """The terms of a sum from the left: what each path and each time step adds to a gradient."""
    if root.op == "add":
        yield from _summands(root.operands[0])
        yield root.operands[1]
    else:
        yield root


def _sum_of(parts: list[Node]) -> Node:
    return reduce(operator.add, parts)


def _single_terms(place: Place, root: Node, node: Node) -> Iterator[Change]:
    rows = place.rows
    for row in range(rows if 1 < rows <= 8 else 0):
        taken = {
            name(key): select_rows(name(key), (row,))
            for key in names(node)
            if place.solution.numbers[key].ndim and place.solution.numbers[key].shape[0] == rows
        }
        yield put(root, node, substitute(node, taken))


# --- matrix products ------------------------------------------------------------------------------


def transpose_missing(place: Place, root: Node) -> Iterator[Change]:
    for node in each(root, "transpose"):
        yield put(root, node, node.operands[0])


def transpose_extra(place: Place, root: Node) -> Iterator[Change]:
    for node in each(root, "matmul"):
        left, right = node.operands
        if left.op != "transpose":
            yield put(root, node, left.T @ right)
        if right.op != "transpose":
            yield put(root, node, left @ right.T)
    if place.step.stage == UPDATE:
        for key in names(root):
            if place.solution.numbers[key].ndim:
                yield put(root, name(key), name(key).T)


def factors_swapped(place: Place, root: Node) -> Iterator[Change]:
    for node in each(root, "matmul"):
        left, right = node.operands
        yield put(root, node, right @ left)


def elementwise_product(place: Place, root: Node) -> Iterator[Change]:
    for node in each(root, "matmul"):
        left, right = node.operands
        yield put(root, node, left * right)
        if left.op == "transpose":
            yield put(root, node, left.T * right)
        if right.op == "transpose":
            yield put(root, node, left * right.T)


def matrix_product(place: Place, root: Node) -> Iterator[Change]:
    for node in each(root, "mul"):
        left, right = node.operands
        if not _is_constant(left) and not _is_constant(right):
            yield put(root, node, left @ right)


# --- any other ------------------------------------------------------------------------------------


def wrong_quantity(place: Place, root: Node) -> Iterator[Change]:
    """Another quantity of the same pass in one place, or instead of the whole."""
    numbers = place.solution.numbers
    step = place.step
    suffix = step.key.partition("@")[2]
    candidates = [
        key
        for key in numbers
        if key != step.key
        and key != N
        and (key in place.solution.network.values or key.partition("@")[2] == suffix)
    ]
    for key in names(root):
        for other in candidates:
            if other != key and numbers[other].ndim and numbers[other].shape == numbers[key].shape:
                yield Change(substitute(root, {name(key): name(other)}), other, key)
    for other in candidates:
        if numbers[other].shape == step.shape:
            yield Change(name(other), other, step.key)


def sign(place: Place, root: Node) -> Iterator[Change]:
    yield Change(minus(root))
    for node in each(root, "neg"):
        yield put(root, node, node.operands[0])
    for op in ("add", "sub"):
        for node in each(root, op):
            left, right = node.operands
            yield put(root, node, left - right if op == "add" else left + right)
